/** Which numbers an issuer gives out: how they begin and how many digits they have. */
interface Issuer {
  /** First digits, both ends included; both ends have as many digits as are compared. */
  readonly prefixes: readonly (readonly [from: number, to: number])[];
  readonly lengths: readonly number[];
}

const prefix = (first: number): readonly [number, number] => [first, first];

const issuers: readonly Issuer[] = [
  /* Visa */ { prefixes: [prefix(4)], lengths: [13, 16, 19] },
  /* Mastercard */ { prefixes: [[51, 55], [2221, 2720]], lengths: [16] },
  // Amex has 15; two of Midtrans' own test cards are printed with 16 (midtrans-facts 8), and somebody will type them.
  /* Amex */ { prefixes: [prefix(34), prefix(37)], lengths: [15, 16] },
  /* JCB */ { prefixes: [[3528, 3589]], lengths: [16, 17, 18, 19] },
  /* JCB, old */ { prefixes: [prefix(1800), prefix(2131)], lengths: [15] },
  /* UnionPay */ { prefixes: [prefix(62), prefix(81)], lengths: [16, 17, 18, 19] },
  /* Diners */ { prefixes: [[300, 305], prefix(309), prefix(36), [38, 39]], lengths: [14, 16, 17, 18, 19] },
  /* Discover */ { prefixes: [prefix(6011), [644, 649], prefix(65)], lengths: [16, 17, 18, 19] },
  /* Maestro */ { prefixes: [5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763].map(prefix), lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  /* Mir */ { prefixes: [[2200, 2204]], lengths: [16, 17, 18, 19] },
]; // prettier-ignore

const fitsIssuer = (digits: string): boolean =>
  issuers.some(
    ({ prefixes, lengths }) =>
      lengths.includes(digits.length) &&
      prefixes.some(([from, to]) => {
        const first = Number(digits.slice(0, String(from).length));
        return first >= from && first <= to;
      }),
  );

/** Doubled digits with their digits added up: 0, 2, 4, 6, 8, 1, 3, 5, 7, 9. */
const doubled = (digit: number): number => (digit < 5 ? digit * 2 : digit * 2 - 9);

const isLuhnValid = (digits: string): boolean => {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum += place % 2 === 0 ? digit : doubled(digit);
  }
  return sum % 10 === 0;
};

/** Digits alone: right check digit, and a length that fits the issuer's prefix. */
export const isCardNumber = (digits: string): boolean => fitsIssuer(digits) && isLuhnValid(digits);

const uuid = '[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}';
/** UUIDs and Midtrans' token ids, old and new: first 6 or 8 digits, last 4, a UUID (midtrans-facts 3.4). */
const idShape = new RegExp(`(?<![0-9a-z])(?:\\d{6,8}-\\d{4}-)?${uuid}(?![0-9a-z])`, 'gi');

const onlyDigits = /^[\d-]+$/;
/** A UUID may happen to be all digits, but then it has the dashes in a UUID's places and is no card's length. */
const withoutIds = (text: string): string =>
  text.replace(idShape, (id) => (onlyDigits.test(id) && !id.includes('-') ? id : '#'.repeat(id.length)));

/** As people type and programs print them: `4811 - 1111`, `4811/1111`, tabs; three at most, or dates and amounts would grow together. */
const separators = '[\\s.,/_\\-\\u2010-\\u2015]{1,3}';
/** Digits, and digits in groups with separators between each two. */
const digitGroups = new RegExp(`\\d+(?:${separators}\\d+)*`, 'g');
const digitsMin = 12;
const digitsMax = 19;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Cards are printed in groups of four and more; dates and telephone numbers have smaller ones, and must not grow together to a card. */
const groupDigitsMin = 3;

/** Every run of whole neighbouring groups is tried, since a card number may stand beside other digits: `2 4811 1111 1111 1114`. */
const cardIn = (
  groups: readonly { readonly digits: string; readonly at: number }[],
  start: number,
): Span | undefined => {
  let digits = '';
  for (let index = start; index < groups.length && digits.length <= digitsMax; index += 1) {
    const group = groups[index];
    digits += group?.digits ?? '';
    if (digits.length >= digitsMin && digits.length <= digitsMax && isCardNumber(digits))
      return { from: groups[start]?.at ?? 0, to: (group?.at ?? 0) + (group?.digits.length ?? 0) };
    // Only the last group may be what is left over.
    if ((group?.digits.length ?? 0) < groupDigitsMin) return undefined;
  }
  return undefined;
};

/** Digits of full width, as some keyboards write them, as the usual ones; every character keeps its place. */
const usualDigits = (text: string): string =>
  text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));

/** Places of raw card numbers in a text. Digits inside a UUID or a token id are none. */
const cardNumbersIn = (written: string): readonly Span[] => {
  if (!mayHoldOne.test(written)) return [];
  const spans: Span[] = [];
  for (const match of withoutIds(usualDigits(written)).matchAll(digitGroups)) {
    const groups = [...match[0].matchAll(/\d+/g)].map((group) => ({ digits: group[0], at: match.index + group.index }));
    for (let start = 0; start < groups.length; start += 1) {
      const found = cardIn(groups, start);
      if (found) spans.push(found);
    }
  }
  return spans;
};

/** Cheap, and false for most texts. */
const mayHoldOne = new RegExp(`(?:[\\d\uff10-\uff19](?:${separators})?){${digitsMin}}`);

export const hasCardNumber = (text: string): boolean => cardNumbersIn(text).length > 0;

/** The text without what may be a card number, for logs: the last line of defence, not the first. */
export const withoutCardNumbers = (text: string): string =>
  cardNumbersIn(text).reduceRight(
    (masked, { from, to }) => `${masked.slice(0, from)}[card number]${masked.slice(to)}`,
    text,
  );
