import type { PaymentEvent } from '../../domain/payments/events.js';
import type { KnownPayment } from '../../domain/payments/state.js';
import { statusOf } from '../../domain/payments/summary.js';

export interface Failure {
  /** `not_sent` and `unknown` are of one call: the payment may still be made. */
  readonly outcome: 'not_sent' | 'unknown' | 'not_made' | 'failed' | 'denied' | 'reversed';
  readonly error: string;
}

/**
 * What operators search for as failed (R11.3): each call for the charge that brought no transaction, and each payment that ends as
 * `failure` or `deny`, whoever finds out. What a customer or a merchant let expire or cancelled has not failed.
 * @param payment as it stands after the event
 */
export const failureOf = (event: PaymentEvent, payment: KnownPayment): Failure | undefined => {
  switch (event.type) {
    case 'ChargeNotSent':
      return { outcome: 'not_sent', error: event.message };
    case 'GatewayUnanswered':
      return event.wishId === payment.wishId ? { outcome: 'unknown', error: event.message } : undefined;
    case 'ChargeNotMade':
      return { outcome: 'not_made', error: 'Midtrans knows no such charge: it was not made' };
    case 'PaymentFailed':
      return ifFailed(payment, { outcome: 'failed', error: event.message });
    case 'PaymentDenied':
      return ifFailed(payment, {
        outcome: 'denied',
        error: 'denied by the bank, the provider, the fraud engine or us',
      });
    case 'PaymentReversed':
      return ifFailed(payment, { outcome: 'reversed', error: 'reversed by the bank or the provider after settlement' });
    default:
      return undefined;
  }
};

/** Of several tries on one page another may be paid, or open. */
const ifFailed = (payment: KnownPayment, failure: Failure): Failure | undefined => {
  const status = statusOf(payment);
  return status === 'failure' || status === 'deny' ? failure : undefined;
};
