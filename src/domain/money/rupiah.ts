declare const rupiahBrand: unique symbol;

/** Whole rupiah, zero or more, exact. Made only by `rupiah`, so a float or a negative amount never becomes money. */
export type Rupiah = number & { readonly [rupiahBrand]: true };

export class NotRupiah extends Error {
  override readonly name = 'NotRupiah';
  constructor(readonly value: unknown) {
    super(`Expected whole rupiah from 0 to ${Number.MAX_SAFE_INTEGER}, got ${String(value)}`);
  }
}

/** @throws NotRupiah for anything but a whole number that a double holds exactly. */
export const rupiah = (value: number): Rupiah => {
  if (!Number.isSafeInteger(value) || value < 0) throw new NotRupiah(value);
  return value as Rupiah;
};

export const zeroRupiah = rupiah(0);

export const plus = (a: Rupiah, b: Rupiah): Rupiah => rupiah(a + b);

/** What is left of `a` after `b`; never less than nothing. */
export const less = (a: Rupiah, b: Rupiah): Rupiah => rupiah(Math.max(0, a - b));

export const sumOf = (amounts: readonly Rupiah[]): Rupiah => amounts.reduce(plus, zeroRupiah);

export const largest = (a: Rupiah, b: Rupiah): Rupiah => (a >= b ? a : b);
