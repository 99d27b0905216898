import { nextVisitAt } from '../../domain/payments/doubts.js';
import type { Durations } from '../../domain/payments/durations.js';
import type { JsonObject } from '../../domain/json.js';
import type { KnownPayment } from '../../domain/payments/state.js';
import { shownAttempt, summaryOf } from '../../domain/payments/summary.js';
import type { Instant } from '../../domain/time/instant.js';
import type { PaymentFold, SealedPart } from './payment-fold.js';

/**
 * A document of the collection `payments` (R3.1, R3.2; api.md 3). Personal fields stand sealed as in the log (design D10):
 * `customer_details` and more are inside `sealed`. `state` and `transactions` are what the next event is folded onto.
 */
export interface PaymentDocument {
  readonly id: string;
  readonly order_id: string;
  readonly transaction_id: string | null;
  readonly user_id: string;
  readonly payment_type: string;
  readonly status: string;
  readonly fraud_status: string | null;
  readonly paid: boolean;
  readonly in_doubt: boolean;
  readonly gross_amount: number;
  readonly currency: 'IDR';
  readonly captured_amount: number;
  readonly refunded_amount: number;
  readonly refundable_amount: number;
  readonly payment_details: JsonObject;
  readonly customer_details: SealedPart | null;
  readonly item_details: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly expires_at: Instant | null;
  readonly paid_at: Instant | null;
  readonly settled_at: Instant | null;
  /** When somebody has to look after it; null: nothing is in doubt. */
  readonly look_at: Instant | null;
  /** Order id, transaction ids and payment numbers, each whole. */
  readonly search: readonly string[];
  /** Beside `customer_details`: ciphertext is most of a document, so none stands in it twice. */
  readonly sealed: readonly SealedPart[];
  readonly details: JsonObject;
  readonly transactions: PaymentFold['transactions'];
  readonly state: KnownPayment;
}

const numbersIn = (details: JsonObject): readonly string[] => {
  const vaNumbers = Array.isArray(details['va_numbers']) ? (details['va_numbers'] as readonly JsonObject[]) : [];
  return [details['bill_key'], details['payment_code'], ...vaNumbers.map((entry) => entry['va_number'])].filter(
    (number) => typeof number === 'string',
  );
};

const searchable = ({ state, transactions }: PaymentFold): readonly string[] => [
  ...new Set([
    state.orderId,
    ...Object.keys(transactions),
    ...Object.values(transactions).flatMap(({ details }) => numbersIn(details)),
  ]),
];

/** What was given when the payment was made stands first, if anything was. */
const sealedApart = ([first, ...others]: readonly SealedPart[]): [SealedPart | null, readonly SealedPart[]] => {
  if (first === undefined) return [null, []];
  return first.of === null ? [first, others] : [null, [first, ...others]];
};

export const sealedIn = ({ customer_details, sealed }: PaymentDocument): readonly SealedPart[] =>
  customer_details === null ? sealed : [customer_details, ...sealed];

export const documentOf = (fold: PaymentFold, durations: Durations): PaymentDocument => {
  const { state } = fold;
  const attempt = shownAttempt(state);
  const shown = attempt && fold.transactions[attempt.transactionId];
  const summary = summaryOf(state);
  const [customerDetails, otherSealed] = sealedApart(fold.sealed);
  return {
    id: fold.id,
    order_id: state.orderId,
    transaction_id: attempt?.transactionId ?? null,
    user_id: state.userId,
    payment_type: state.paymentType,
    status: summary.status,
    fraud_status: shown?.fraudStatus ?? null,
    paid: summary.paid,
    in_doubt: summary.inDoubt,
    gross_amount: state.amount,
    currency: 'IDR',
    captured_amount: summary.captured,
    refunded_amount: summary.refunded,
    refundable_amount: summary.refundable,
    payment_details: { ...fold.details, ...shown?.details },
    customer_details: customerDetails,
    item_details: fold.itemDetails,
    metadata: fold.metadata,
    created_at: fold.createdAt,
    updated_at: fold.updatedAt,
    expires_at: attempt?.expiresAt ?? state.expiresAt,
    paid_at: attempt?.paidAt ?? null,
    settled_at: attempt?.settledAt ?? null,
    look_at: nextVisitAt(state, fold.updatedAt, durations),
    search: searchable(fold),
    sealed: otherSealed,
    details: fold.details,
    transactions: fold.transactions,
    state,
  };
};

export const foldOf = (document: PaymentDocument): PaymentFold => ({
  id: document.id,
  state: document.state,
  details: document.details,
  transactions: document.transactions,
  sealed: sealedIn(document),
  itemDetails: document.item_details,
  metadata: document.metadata,
  createdAt: document.created_at,
  updatedAt: document.updated_at,
});
