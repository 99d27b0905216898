/**
 * Where Midtrans' own pages disagree, or where its real behaviour makes tests slow or depend on the hour: off unless
 * asked for.
 */
export interface Switches {
  /** GET status writes `PENDING` for DANA and ShopeePay, and DANA's refund answer has no `transaction_id` (midtrans-facts 3.7). */
  readonly walletQuirks: boolean;
  /** One page allows partial refunds of ShopeePay, another does not (midtrans-facts 3.2). */
  readonly shopeePayPartialRefunds: boolean;
  /** ShopeePay refuses refunds between 23:55 and 06:00 WIB (midtrans-facts 3.2). */
  readonly refundHours: boolean;
  /** Repeats of notifications come up to that much of their delay earlier, at random (midtrans-facts 7.2). */
  readonly randomShifts: boolean;
  /**
   * Kredivo refuses items without `category` and `url`, and a customer without `shipping_address`: they are listed without
   * a word on whether they are required (midtrans-facts 3.9).
   */
  readonly kredivoDetails: boolean;
  /** Notifications of settlement take up to 20 s, of expiry up to 90 s (midtrans-facts 7.2). */
  readonly slaDelays: boolean;
}

export const allOff: Switches = {
  walletQuirks: false,
  shopeePayPartialRefunds: false,
  refundHours: false,
  randomShifts: false,
  kredivoDetails: false,
  slaDelays: false,
};
