import type { Rupiah } from '../money/rupiah.js';
import type { PaymentType, Provider } from '../methods/providers.js';
import type { Instant } from '../time/instant.js';
import type { FraudStatus, TransactionStatus } from './gateway-status.js';
import type { OrderId, RefundKey, TransactionId, WishId } from './identity.js';
import type { JsonObject } from '../json.js';
import type { Personal } from '../personal.js';
import type { ActionName } from './stages.js';

// These names and fields are the storage format and the feed's vocabulary (design D13). A new meaning gets a new name.

/** One member for each type, also when several are named at once: so that each narrows by itself. */
type Event<Type extends string> = Type extends string ? { readonly type: Type; readonly at: Instant } : never;

export type Expiry = { readonly duration: number; readonly unit: 'minute' | 'hour' | 'day' };

/** The order as it was asked for. */
export interface PaymentOrder {
  readonly orderId: OrderId;
  readonly userId: string;
  readonly paymentType: PaymentType;
  readonly provider: Provider;
  readonly amount: Rupiah;
  /** `payment_details` as asked, without tokens (R8.1) and without what is personal. */
  readonly details: JsonObject;
  /** `{customer_details?, payment_details?}`: the personal part. */
  readonly personal: Personal;
  readonly itemDetails: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  readonly expiry: Expiry | null;
  /** Keyed hash of the request: the same request again is the same payment (api.md 3). */
  readonly fingerprint: string;
}

/** A wish on record: the call that follows brings its outcome until `answerBy`; later others may look and act (design D3). */
interface Wish {
  readonly wishId: WishId;
  readonly answerBy: Instant;
}

/** Why Midtrans, or we, said no. `statusCode`: Midtrans' own; null when it was not Midtrans who spoke. */
interface Refusal {
  readonly statusCode: number | null;
  readonly message: string;
}

export type NotSentCause = 'unreachable' | 'rate_limited' | 'circuit_open' | 'account';

/** What a transaction showed when its status moved. A null `transactionId` means the Snap page itself. */
export interface TransactionFacts {
  readonly transactionId: TransactionId | null;
  readonly paymentType: string;
  readonly provider: Provider | null;
  readonly fraudStatus: FraudStatus | null;
  /** Midtrans' clock. */
  readonly transactionTime: Instant | null;
  readonly expiresAt: Instant | null;
  /** Goes into `payment_details`: numbers, codes, actions. */
  readonly details: JsonObject;
  readonly personal: Personal;
}

export type FailureCause = 'gateway' | 'gateway_order_id_taken' | 'rejected' | 'not_sent_in_time';

export type ContradictionKind =
  /** A transaction under our order id that is not ours. */
  | 'foreign_transaction'
  /** An amount that is neither the order's nor the captured one. */
  | 'amount_mismatch'
  /** GET status confirms a status that ours has long passed, or another end than ours. */
  | 'status_fell'
  | 'unknown_status'
  | 'refund_total_fell'
  | 'refund_amount_differs'
  /** Refunded in part, of an amount that nobody told: nothing more is refundable until somebody does. */
  | 'refund_without_amount'
  /** Refunded whole, as its status says, and less as its amounts say: nothing more is refundable. */
  | 'refund_not_whole'
  /** A chargeback that names no amount: nothing more is refundable, a person is asked (midtrans-facts 3.4). */
  | 'chargeback_without_amount'
  /** A charge that we had given up was made after all. */
  | 'charge_turned_up'
  /** Two transactions of one order were paid. */
  | 'paid_twice'
  /** In doubt longer than Midtrans keeps refund keys. */
  | 'refund_unresolved';

type ActionEvent =
  | (Event<`${ActionName}Requested`> &
      Wish & {
        /** null: the page that the customer picks a method on. */
        readonly transactionId: TransactionId | null;
        readonly reason: string | null;
        /** Of a capture. */
        readonly amount: Rupiah | null;
      })
  | (Event<`${ActionName}Attempted`> & Wish)
  | (Event<`${ActionName}NotSent`> & Refusal & { readonly wishId: WishId; readonly because: NotSentCause })
  | (Event<`${ActionName}Refused`> &
      Refusal & { readonly wishId: WishId; readonly because: 'request' | 'state' | 'overtaken' });

type RefundEvent =
  | (Event<'RefundRequested'> &
      Wish & {
        readonly refundKey: RefundKey;
        readonly transactionId: TransactionId;
        readonly amount: Rupiah;
        readonly reason: string;
      })
  | (Event<'RefundAttempted'> & Wish & { readonly refundKey: RefundKey })
  | (Event<'RefundNotSent'> & Refusal & { readonly refundKey: RefundKey; readonly because: NotSentCause })
  | (Event<'RefundRefused'> & Refusal & { readonly refundKey: RefundKey })
  | (Event<'RefundAccepted'> & {
      readonly refundKey: RefundKey;
      readonly transactionId: TransactionId;
      readonly amount: Rupiah;
      readonly reason: string | null;
    })
  | (Event<'RefundConfirmed'> & { readonly refundKey: RefundKey; readonly confirmedAt: Instant })
  /** Midtrans told a cumulative amount that the refunds we know do not add up to (none of them listed, say), or which it holds. */
  | (Event<'RefundTotalReported'> & { readonly transactionId: TransactionId; readonly total: Rupiah });

export type StatusEvent =
  | (Event<'PaymentPending' | 'PaymentAuthorized' | 'PaymentDenied' | 'PaymentReversed'> & TransactionFacts)
  | (Event<'PaymentCancelled' | 'PaymentExpired'> & TransactionFacts)
  | (Event<'PaymentFailed'> & TransactionFacts & Refusal & { readonly because: FailureCause })
  | (Event<'PaymentCaptured' | 'PaymentChallenged'> & TransactionFacts & { readonly amount: Rupiah })
  | (Event<'PaymentSettled'> & TransactionFacts & { readonly amount: Rupiah; readonly settledAt: Instant });

export type PaymentEvent =
  | (Event<'PaymentInitiated'> & PaymentOrder & Wish & { readonly expiresAt: Instant })
  | (Event<'ChargeAttempted'> & Wish)
  | (Event<'ChargeNotSent'> & Refusal & { readonly because: NotSentCause })
  | Event<'ChargeNotMade'>
  /** The charge's answer, after its status had been observed from elsewhere: adds what the customer needs (design D4). */
  | (Event<'ChargeAnswered'> & TransactionFacts)
  /** A call ended without telling whether it was carried out. */
  | (Event<'GatewayUnanswered'> & { readonly wishId: WishId; readonly message: string })
  /** Somebody looked at Midtrans: by itself, and it brought no news; or because a person asked, whatever it brought (R3.4). */
  | (Event<'GatewayAsked'> & {
      readonly transactionId: TransactionId | null;
      /** null: Midtrans knows no such transaction. `unanswered`: it could not be asked, or did not tell. */
      readonly found: TransactionStatus | 'unknown' | 'unanswered' | null;
      /** Missing so long after the last send that it counts against the charge (design D3). */
      readonly absenceCounts: boolean;
      /** Of the person who asked; null: none was given, or nobody asked. */
      readonly reason: string | null;
    })
  | (Event<'GatewayContradiction'> & {
      readonly kind: ContradictionKind;
      readonly transactionId: TransactionId | null;
      readonly detail: string;
    })
  | StatusEvent
  | (Event<'ChargebackReceived'> & {
      readonly transactionId: TransactionId;
      readonly full: boolean;
      /** Cumulative; null: not told. */
      readonly total: Rupiah | null;
    })
  | ActionEvent
  | RefundEvent;

export type PaymentEventType = PaymentEvent['type'];
export type PaymentEventOf<Type extends PaymentEventType> = Extract<PaymentEvent, { readonly type: Type }>;
