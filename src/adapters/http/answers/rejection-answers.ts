import type { PaymentRejection } from '../../../domain/payments/rejections.js';
import type { JsonObject } from '../../../domain/json.js';
import { refusal, type HttpRefusal } from './http-refusal.js';

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What our own rules say no with (api.md 6). A rejection without a line here does not compile. */
export const rejectionAnswers = {
  'unknown-payment': { status: 404, code: 'not_found', message: 'There is no such payment' },
  'order-id-taken': { status: 409, code: 'order_id_taken', message: 'This order id belongs to another payment' },
  'charge-in-doubt': { status: 409, code: 'invalid_transaction_status', message: 'Midtrans has not told yet whether this payment was made; ask again later' },
  'action-in-progress': { status: 409, code: 'invalid_transaction_status', message: 'Another action on this payment has no outcome yet' },
  'action-not-allowed': { status: 409, code: 'invalid_transaction_status', message: 'The payment is not in a status that allows this' },
  'capture-exceeds-authorization': { status: 422, code: 'amount_out_of_range', message: 'No more can be captured than was authorized' },
  'method-without-refund': { status: 422, code: 'not_refundable', message: 'This payment method knows no refund' },
  'method-without-partial-refund': { status: 422, code: 'not_refundable', message: 'This payment method refunds the whole amount only' },
  'refund-window-closed': { status: 422, code: 'not_refundable', message: 'It is too late to refund this payment' },
  'not-refundable-now': { status: 409, code: 'invalid_transaction_status', message: 'The payment is not in a status that can be refunded' },
  'refund-exceeds-balance': { status: 422, code: 'refund_exceeds_balance', message: 'No more can be refunded than is left' },
  'refund-key-reused': { status: 422, code: 'refund_key_reused', message: 'This refund key was used for another amount' },
  'attempt-not-due': { status: 409, code: 'concurrent_change', message: 'The payment changed meanwhile; try again' },
} satisfies Record<PaymentRejection['code'], Answer>; // prettier-ignore

/** What a caller may want to know of it. */
const dataOf = (rejection: PaymentRejection): JsonObject | undefined => {
  switch (rejection.code) {
    case 'action-not-allowed':
    case 'not-refundable-now':
      return { status: rejection.status };
    case 'capture-exceeds-authorization':
      return { authorized_amount: rejection.authorized };
    case 'method-without-partial-refund':
      return { refundable_amount: rejection.whole };
    case 'refund-window-closed':
      return { refund_within_days: rejection.days };
    case 'refund-exceeds-balance':
      return { refundable_amount: rejection.refundable };
    case 'refund-key-reused':
      return { amount: rejection.amount };
    default:
      return undefined;
  }
};

export const rejectionRefusal = (rejection: PaymentRejection): HttpRefusal => {
  const { status, code, message } = rejectionAnswers[rejection.code];
  const data = dataOf(rejection);
  return refusal(status, code, message, data ? { data } : {});
};
