/** What a test card is for (midtrans-facts 8). */
export type CardBehaviour =
  | 'full_accept'
  | 'full_deny'
  | 'attempted_accept'
  | 'attempted_challenge'
  | 'attempted_deny_fraud'
  | 'attempted_deny_bank'
  | 'frictionless_accept'
  | 'frictionless_deny'
  | 'challenge_accept'
  | 'challenge_deny'
  | 'challenge_slow_accept'
  | 'three_ds_impossible'
  | 'three_ds_1_only'
  | 'offline_only'
  | 'insufficient_funds'
  | 'insufficient_funds_above_30000'
  | 'unknown';

const numbers: Readonly<Record<Exclude<CardBehaviour, 'unknown'>, string>> = {
  full_accept: '4811111111111114 5211111111111117 3528203324564357 370192169722458 6212487892425802',
  full_deny: '4911111111111113 5111111111111118 3528512944932269 374296354400881 6212484129687072',
  attempted_accept: '4411111111111118 5410111111111116 3528868047864225 373747726661940 6212489506621198',
  attempted_challenge: '4511111111111117 5510111111111115 3528673112809398 370665684049309',
  attempted_deny_fraud: '4611111111111116 5411111111111115 3528185267171623 378096218340018 6212482535178193972',
  attempted_deny_bank: '4711111111111115 5511111111111114 3528909779837631 370356097975856 6212484228635865',
  frictionless_accept: '4556557955726624 4024007189449340 5333259155643223 341502098634895',
  frictionless_deny: '4485436455354151 5328720384582224 345695399207589',
  challenge_accept: '4916994064252017 5306889942833340 348638267931507',
  challenge_deny: '4604633194219929 5424184049821670 372021106351394',
  challenge_slow_accept: '4024007176265022 5487971631330522 345197771649926',
  three_ds_impossible: '4716125059847899 5250548692069390 3794521996036850',
  three_ds_1_only: '4723249479082225 5555666677771111 3528927894502153 3419184532253540',
  offline_only: '4705859510984866 5597518926561951',
  insufficient_funds: '4472429869996670',
  insufficient_funds_above_30000: '4806000000000081',
};

type BankBehaviour = 'full_accept' | 'attempted_accept' | 'full_deny';

/** Cards of one issuer each, for installments, BIN filters and promotions. */
const issuerNumbers: Readonly<Record<string, Readonly<Record<BankBehaviour, string>>>> = {
  mandiri: {
    full_accept: '4617006959746656 5573381072196900',
    attempted_accept: '4617001741942101 5573381999825417',
    full_deny: '4617008560831760 5573384043224447',
  },
  mandiri_debit: {
    full_accept: '4097661111111113',
    attempted_accept: '4097661111111139',
    full_deny: '4097667672178631',
  },
  cimb: {
    full_accept: '4599207887122414 5481169818832479',
    attempted_accept: '4599203997052898 5481167121032563',
    full_deny: '4599206009733090 5481169191782739',
  },
  bni: {
    full_accept: '4105058689481467 5264221038874659',
    attempted_accept: '4105052541512148 5264224971761016',
    full_deny: '4105054148541363 5264223530131711',
  },
  bca: {
    full_accept: '4773776057051650 5229903136853172',
    attempted_accept: '4773773810981190 5229907364303610',
    full_deny: '4773775202011809 5229903405423830',
  },
  bri: {
    full_accept: '4365026335737199 5520029870899100',
    attempted_accept: '4365027867232690 5520025486468439',
    full_deny: '4365028662512583 5520021909203008',
  },
  mega: {
    full_accept: '4201910000000009 5221030000000009',
    attempted_accept: '4201910000000017 5221030000000017',
    full_deny: '4201910000000025 5221030000000025',
  },
  maybank: {
    full_accept: '4055772026036004 5520086752102334',
    attempted_accept: '4055771335144012 5520086774908452',
    full_deny: '4055779628460474 5520088314653770',
  },
};

/** What the simulator keeps of a card: never its number. */
export interface CardFace {
  /** First 8 and last 4 digits, joined by a dash. */
  readonly masked: string;
  readonly behaviour: CardBehaviour;
  readonly brand: 'visa' | 'mastercard' | 'jcb' | 'amex' | 'cup' | 'unknown';
  readonly issuer: string | null;
  readonly debit: boolean;
}

interface Known {
  readonly behaviour: CardBehaviour;
  readonly issuer: string | null;
}

const knownCards: ReadonlyMap<string, Known> = new Map([
  ...Object.entries(numbers).flatMap(([behaviour, list]) => cards(list, behaviour as CardBehaviour, null)),
  ...Object.entries(issuerNumbers).flatMap(([issuer, lists]) =>
    Object.entries(lists).flatMap(([behaviour, list]) => cards(list, behaviour as BankBehaviour, issuer)),
  ),
]);

function cards(list: string, behaviour: CardBehaviour, issuer: string | null): [string, Known][] {
  return list.split(' ').map((number) => [number, { behaviour, issuer }]);
}

export const maskedNumber = (number: string): string => `${number.slice(0, 8)}-${number.slice(-4)}`;

/** Reads a card's face off its number. A number that is no test card is `unknown` and will be denied. */
export const faceOf = (number: string): CardFace => {
  const card = knownCards.get(number);
  return {
    masked: maskedNumber(number),
    behaviour: card?.behaviour ?? 'unknown',
    brand: brandOf(number),
    issuer: card?.issuer?.replace('_debit', '') ?? null,
    debit: card?.issuer?.endsWith('_debit') ?? false,
  };
};

export const brandOf = (number: string): CardFace['brand'] => {
  if (number.startsWith('4')) return 'visa';
  if (/^5[1-5]|^2[2-7]/.test(number)) return 'mastercard';
  if (number.startsWith('35')) return 'jcb';
  if (/^3[47]/.test(number)) return 'amex';
  return number.startsWith('62') ? 'cup' : 'unknown';
};

/** Offered on the simulator's own pages. */
export const cardsOnOffer: readonly { readonly number: string; readonly label: string }[] = [
  { number: '4811111111111114', label: 'Visa: 3DS, accepted' },
  { number: '5211111111111117', label: 'Mastercard: 3DS, accepted' },
  { number: '4556557955726624', label: 'Visa: 3DS without a question, accepted' },
  { number: '4511111111111117', label: 'Visa: challenged by the fraud engine' },
  { number: '4911111111111113', label: 'Visa: 3DS, denied by the bank' },
  { number: '4611111111111116', label: 'Visa: denied by the fraud engine' },
  { number: '4024007176265022', label: 'Visa: accepted 60 s after the challenge' },
];

/** Issuer and kind of the test cards that begin with `bin`. */
export const issuerOfBin = (bin: string): { issuer: string | null; debit: boolean } | undefined => {
  const number = [...knownCards.keys()].find((candidate) => candidate.startsWith(bin));
  return number === undefined ? undefined : faceOf(number);
};
