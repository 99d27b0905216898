import type { JsonObject } from '../json.js';
import type { Rupiah } from '../money/rupiah.js';
import type { Instant } from '../time/instant.js';
import type { Provider } from '../methods/providers.js';
import type { FraudStatus, TransactionStatus } from './gateway-status.js';
import type { OrderId, RefundKey, TransactionId, WishId } from './identity.js';

/** Says who made a transaction that was not us. No wish id has a space in it. */
export const somebodyElses = 'somebody else';

/** One entry of `refunds[]` (midtrans-facts 5.6). `confirmedAt`: the bank has confirmed it, not only Midtrans accepted it. */
export interface ObservedRefund {
  readonly refundKey: RefundKey;
  readonly amount: Rupiah;
  readonly reason: string | null;
  readonly confirmedAt: Instant | null;
}

/**
 * What Midtrans said about one transaction, in our words: from the answer to a call, from GET status, or from a notification.
 * Times are Midtrans' own clock turned from WIB into UTC; they are shown, and order nothing against ours (design D4).
 */
export interface GatewayObservation {
  readonly orderId: OrderId;
  readonly transactionId: TransactionId;
  /** Midtrans' `payment_type`, which under Snap may differ from what was asked (midtrans-facts 3.1). */
  readonly paymentType: string;
  /** Whose rules apply; null for a method that this service does not offer (Snap-only VAs), or where bank or store are not told. */
  readonly provider: Provider | null;
  /** `unknown`: a word that we have never seen; `statusWord` holds it. Not a guess. */
  readonly status: TransactionStatus | 'unknown';
  readonly statusWord: string;
  /** null: not evaluated, which counts as accept (midtrans-facts 4.1). */
  readonly fraudStatus: FraudStatus | null;
  readonly grossAmount: Rupiah;
  /** `custom_field3`: the wish that made the charge (design D3), or what cannot be one of ours; null: it says nothing. */
  readonly wishId: WishId | typeof somebodyElses | null;
  readonly transactionTime: Instant | null;
  readonly settlementTime: Instant | null;
  readonly expiryTime: Instant | null;
  readonly refunds: readonly ObservedRefund[];
  /** Cumulative `refund_amount` under a refund status; null when not told. */
  readonly refundedTotal: Rupiah | null;
  /** Cumulative `refund_amount` under a chargeback status (not verified, midtrans-facts 3.4); null when not told. */
  readonly chargedBackTotal: Rupiah | null;
  /** What the customer or clerk sees of it: numbers, codes, actions; api.md 3, flat fields of `payment_details`. */
  readonly details: JsonObject;
  /** The same, of personal or secret kind (payer's phone, saved card token): sealed before it is stored (design D10). */
  readonly personalDetails: JsonObject;
}
