import { directRefundAcquirers, ruleOf } from '../methods/method-rules.js';
import { isPossible } from './transitions.js';
import type { Refund, Transaction } from './transaction.js';
import { refundedAmount, remainingAmount } from './transaction.js';

/** How long the bank takes to confirm; the second of the two webhooks follows then (midtrans-facts 5.6). */
export const bankConfirmsRefundAfterMs = 200;

export interface RefundWish {
  readonly key: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly direct: boolean;
}

export type RefundRefusal = 'wrong_state' | 'not_refundable' | 'invalid_amount' | 'duplicate_key';

/** Why a refund cannot be, or undefined. `partialAllowed` overrides the method's rule (ShopeePay's sources disagree). */
export const refundRefusal = (
  transaction: Transaction,
  wish: RefundWish,
  now: number,
  partialAllowed = ruleOf(transaction.method).refund?.partial ?? false,
): RefundRefusal | undefined => {
  const { refund } = ruleOf(transaction.method);
  if (!refund || (wish.direct && !takesDirectRefund(transaction))) return 'not_refundable';
  if (transaction.refunds.some(({ key }) => key === wish.key)) return 'duplicate_key';
  if (!isPossible('refund', transaction)) return 'wrong_state';
  if (transaction.settledAt !== null && now > transaction.settledAt + refund.windowMs) return 'wrong_state';
  const { amount } = wish;
  if (amount <= 0 || amount > remainingAmount(transaction)) return 'invalid_amount';
  return amount < transaction.grossAmount && !partialAllowed ? 'invalid_amount' : undefined;
};

const takesDirectRefund = ({ method, card }: Transaction): boolean =>
  card ? directRefundAcquirers.has(card.acquirer) : (ruleOf(method).refund?.direct ?? false);

/** The transaction with the refund accepted. The bank has still to confirm it, unless it was asked directly, which is synchronous. */
export const refunded = (
  transaction: Transaction,
  wish: RefundWish,
  ids: Pick<Refund, 'chargebackId' | 'chargebackUuid'>,
  now: number,
): Transaction => {
  const refund: Refund = {
    ...ids,
    key: wish.key,
    amount: wish.amount,
    reason: wish.reason ?? (transaction.card?.acquirer === 'bni' ? 'refund request from merchant' : null),
    method: transaction.card && !wish.direct ? 'offline' : 'online',
    createdAt: now,
    confirmsAt: wish.direct ? now : now + bankConfirmsRefundAfterMs,
    bankConfirmedAt: wish.direct ? now : null,
  };
  const refunds = [...transaction.refunds, refund];
  const whole = refundedAmount({ refunds }) === transaction.grossAmount;
  return { ...transaction, refunds, status: whole ? 'refund' : 'partial_refund' };
};

/** The transaction with every refund confirmed that the bank has confirmed by `now`. */
export const refundsConfirmed = (transaction: Transaction, now: number): Transaction => ({
  ...transaction,
  refunds: transaction.refunds.map((refund) =>
    refund.bankConfirmedAt === null && refund.confirmsAt <= now ? { ...refund, bankConfirmedAt: now } : refund,
  ),
});

/** When the bank confirms next, or undefined. */
export const nextConfirmationAt = ({ refunds }: Transaction): number | undefined =>
  refunds.find(({ bankConfirmedAt }) => bankConfirmedAt === null)?.confirmsAt;
