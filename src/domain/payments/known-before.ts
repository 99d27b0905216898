import type { KnownBefore } from './commands.js';
import type { TransactionId } from './identity.js';
import type { KnownPayment } from './state.js';
import { refundedOf } from './summary.js';

/** What of a transaction an answer of Midtrans could contradict; null: nothing, since we have never heard of it. */
export const knownBefore = (payment: KnownPayment, id: TransactionId): KnownBefore | null => {
  const attempt = payment.attempts.find(({ transactionId }) => transactionId === id);
  return attempt ? { stage: attempt.stage, refunded: refundedOf(payment, attempt) } : null;
};
