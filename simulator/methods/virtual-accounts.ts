import type { Method } from './method-rules.js';
import type { Channel } from './opening.js';

/** Lengths of the part a merchant may ask for, in digits (midtrans-facts 3.3). */
interface Lengths {
  readonly min: number;
  readonly max: number;
}

interface NumberRule {
  /** The merchant's company code; made up. */
  readonly prefix: string;
  /** Undefined where a bank is not for Core. */
  readonly core?: Lengths;
  readonly snap: Lengths;
}

const upTo = (max: number): Lengths => ({ min: 1, max });
const exactly = (digits: number): Lengths => ({ min: digits, max: digits });

/** Custom numbers of transfers: Core and Snap differ. */
const numberRules: Partial<Record<Method, NumberRule>> = {
  bca_va: { prefix: '39081', core: { min: 6, max: 18 }, snap: { min: 6, max: 11 } },
  // 8 or 12 in Core, by the length of the company code.
  bni_va: { prefix: '9881', core: { min: 8, max: 12 }, snap: upTo(8) },
  bri_va: { prefix: '26215', core: exactly(18), snap: upTo(13) },
  cimb_va: { prefix: '1179', core: exactly(12), snap: upTo(12) },
  permata_va: { prefix: '8778', core: { min: 10, max: 12 }, snap: exactly(10) },
  danamon_va: { prefix: '8922', snap: upTo(12) },
  bsi_va: { prefix: '9347', snap: upTo(12) },
  seabank_va: { prefix: '7202', snap: upTo(19) },
  // Not in the table.
  saqu_va: { prefix: '6312', snap: upTo(12) },
};

const drawnDigits = 11;

/** Digits for the number asked for: too long is cut at the end, too short filled with zeros in front. */
export const fitted = (asked: string, { min, max }: Lengths): string => asked.slice(0, max).padStart(min, '0');

/**
 * The account number for a new transfer. One that is taken is silently replaced by another
 * (midtrans-facts 3.3, custom VA numbers).
 */
export const accountNumber = (
  { channel, method }: { readonly channel: Channel; readonly method: Method },
  asked: string | undefined,
  isTaken: (number: string) => boolean,
  digits: (count: number) => string,
): string => {
  const { prefix, core, snap } = numberRules[method] ?? { prefix: '', snap: upTo(12) };
  const lengths = channel === 'core' && core ? core : snap;
  const wished = asked === undefined ? undefined : prefix + fitted(asked, lengths);
  if (wished !== undefined && !isTaken(wished)) return wished;
  for (;;) {
    const drawn = prefix + digits(drawnDigits);
    if (!isTaken(drawn)) return drawn;
  }
};
