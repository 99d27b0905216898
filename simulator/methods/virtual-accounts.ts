import type { Method } from './method-rules.js';

interface NumberRule {
  /** The merchant's company code; made up. */
  readonly prefix: string;
  /** Lengths a merchant may ask for, in digits (midtrans-facts 3.3). */
  readonly min: number;
  readonly max: number;
}

/** Custom numbers of bank_transfer, in Core. */
const numberRules: Partial<Record<Method, NumberRule>> = {
  bca_va: { prefix: '39081', min: 6, max: 18 },
  bni_va: { prefix: '9881', min: 8, max: 12 },
  bri_va: { prefix: '26215', min: 13, max: 18 },
  cimb_va: { prefix: '1179', min: 12, max: 12 },
  permata_va: { prefix: '8778', min: 10, max: 12 },
  danamon_va: { prefix: '8922', min: 1, max: 12 },
  bsi_va: { prefix: '9347', min: 1, max: 12 },
  seabank_va: { prefix: '7202', min: 1, max: 19 },
  saqu_va: { prefix: '6312', min: 1, max: 12 },
};

const drawnDigits = 11;

/** Digits for the number asked for: too long is cut at the end, too short filled with zeros in front. */
export const fitted = (asked: string, { min, max }: Pick<NumberRule, 'min' | 'max'>): string =>
  asked.slice(0, max).padStart(min, '0');

/**
 * The account number for a new transfer. One that is taken is silently replaced by another
 * (midtrans-facts 3.3, custom VA numbers).
 */
export const accountNumber = (
  method: Method,
  asked: string | undefined,
  isTaken: (number: string) => boolean,
  digits: (count: number) => string,
): string => {
  const rule = numberRules[method] ?? { prefix: '', min: 1, max: 12 };
  const wished = asked === undefined ? undefined : rule.prefix + fitted(asked, rule);
  if (wished !== undefined && !isTaken(wished)) return wished;
  for (;;) {
    const drawn = rule.prefix + digits(drawnDigits);
    if (!isTaken(drawn)) return drawn;
  }
};
