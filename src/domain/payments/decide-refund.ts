import { rulesOf, type RefundRule } from '../methods/providers.js';
import { zeroRupiah, type Rupiah } from '../money/rupiah.js';
import { after, type Instant } from '../time/instant.js';
import type { PaymentCommandOf } from './commands.js';
import { contradicted } from './contradictions.js';
import { accept, reject, type PaymentDecision } from './decision.js';
import { mayHaveBeenCarriedOut, sentSince } from './doubts.js';
import type { Durations } from './durations.js';
import type { PaymentEvent } from './events.js';
import type { RefundKey, TransactionId } from './identity.js';
import type { ObservedRefund } from './observation.js';
import type { PaymentRejection } from './rejections.js';
import type { Attempt, KnownPayment, Refund } from './state.js';
import { refundableOf, shownAttempt, statusOf } from './summary.js';

const dayMs = 86_400_000;

/** A method that this service does not offer, picked on the page. */
const withoutRefund: RefundRule = { kind: 'none', windowMs: null, direct: false };

const refundOf = ({ refunds }: KnownPayment, key: RefundKey): Refund | undefined =>
  refunds.find(({ refundKey }) => refundKey === key);

/** Of the method that was paid with; null: nothing was picked on the page yet. */
const refundRuleOf = (payment: KnownPayment, attempt: Attempt | undefined): RefundRule | null => {
  if (attempt) return attempt.provider === null ? withoutRefund : rulesOf(attempt.provider).refund;
  return payment.provider === 'snap' ? null : rulesOf(payment.provider).refund;
};

/** Method first, then state, then amount (api.md 6). null: nothing speaks against it. */
const obstacle = (
  command: PaymentCommandOf<'RequestRefund'>,
  payment: KnownPayment,
  attempt: Attempt | undefined,
): PaymentRejection | null => {
  const rule = refundRuleOf(payment, attempt);
  if (rule?.kind === 'none') return { code: 'method-without-refund' };
  if (attempt === undefined || rule === null || attempt.stage !== 'settlement' || attempt.settledAt === null)
    return { code: 'not-refundable-now', status: statusOf(payment) };
  if (rule.windowMs !== null && command.at > after(attempt.settledAt, rule.windowMs))
    return { code: 'refund-window-closed', days: rule.windowMs / dayMs };

  const refundable = refundableOf(payment, attempt);
  const amount = command.amount ?? refundable;
  if (amount === 0 || amount > refundable) return { code: 'refund-exceeds-balance', refundable };
  return rule.kind === 'full' && amount !== attempt.amount
    ? { code: 'method-without-partial-refund', whole: attempt.amount }
    : null;
};

/** Midtrans' word for our balance with it being too low, among others: the same key may go through later (midtrans-facts 5.6, 6.1). */
const notNowCode = 414;

/** It never left, or was refused for what may pass. */
const maySucceedYet = ({ status, refusedWith }: Refund): boolean =>
  status === 'not_sent' || (status === 'refused' && refusedWith === notNowCode);

const attemptOf = ({ attempts }: KnownPayment, id: TransactionId): Attempt | undefined =>
  attempts.find(({ transactionId }) => transactionId === id);

/** Never more than was captured, less what was refunded, reserved or charged back. The amount is reserved by the wish itself. */
export const requestRefund = (
  command: PaymentCommandOf<'RequestRefund'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { refundKey, wishId, reason, at } = command;
  const before = refundOf(payment, refundKey);
  if (before && command.amount !== null && command.amount !== before.amount)
    return reject({ code: 'refund-key-reused', amount: before.amount });
  if (before && !maySucceedYet(before)) return accept();

  // It is tried again where it was wished for, whatever the payment shows by now.
  const attempt = before ? attemptOf(payment, before.transactionId) : shownAttempt(payment);
  const asked = before ? { ...command, amount: before.amount } : command;
  const rejection = obstacle(asked, payment, attempt);
  if (rejection || attempt === undefined) return reject(rejection ?? { code: 'unknown-payment' });
  const wish = { at, wishId, answerBy: after(at, durations.answerWithinMs), refundKey };
  if (before) return accept({ type: 'RefundAttempted', ...wish });
  const amount = asked.amount ?? refundableOf(payment, attempt);
  return accept({ type: 'RefundRequested', ...wish, transactionId: attempt.transactionId, amount, reason });
};

/** What there is for this refund, its own reservation included. */
const refundableBeside = (payment: KnownPayment, refund: Refund): Rupiah => {
  const attempt = attemptOf(payment, refund.transactionId);
  const refunds = payment.refunds.filter(({ refundKey }) => refundKey !== refund.refundKey);
  return attempt ? refundableOf({ ...payment, refunds }, attempt) : zeroRupiah;
};

export const claimRefund = (
  { refundKey, at }: PaymentCommandOf<'ClaimRefund'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const refund = refundOf(payment, refundKey);
  const wish = refund?.wish;
  const due = wish && at >= wish.answerBy && at < after(wish.firstAnswerBy, durations.refundRetriesForMs);
  if (!due) return reject({ code: 'attempt-not-due' });
  // A chargeback, or a refund made elsewhere, may have taken the money since: then it is only looked for.
  const refundable = refundableBeside(payment, refund);
  if (refund.amount > refundable) return reject({ code: 'refund-exceeds-balance', refundable });
  const { wishId } = wish;
  return accept({ type: 'RefundAttempted', at, wishId, answerBy: after(at, durations.answerWithinMs), refundKey });
};

/** One refund in Midtrans' words: booked once, confirmed once, and an alarm when it is of another amount than ours. */
export const refundSeen = (
  payment: KnownPayment,
  at: Instant,
  transactionId: TransactionId,
  { refundKey, amount, reason, confirmedAt }: ObservedRefund,
): readonly PaymentEvent[] => {
  const known = refundOf(payment, refundKey);
  const counted = known?.status === 'accepted' || known?.status === 'confirmed';
  const events: PaymentEvent[] = [];
  if (known && known.amount !== amount)
    events.push(
      ...contradicted(payment, at, { kind: 'refund_amount_differs', transactionId, detail: `${refundKey}:${amount}` }),
    );
  if (!counted)
    events.push({ type: 'RefundAccepted', at, refundKey, transactionId, amount, reason: known?.reason ?? reason });
  if (confirmedAt && known?.status !== 'confirmed')
    events.push({ type: 'RefundConfirmed', at, refundKey, confirmedAt });
  return events;
};

export const recordRefundAccepted = (
  { refundKey, amount, confirmedAt, at }: PaymentCommandOf<'RecordRefundAccepted'>,
  payment: KnownPayment,
): PaymentDecision => {
  const refund = refundOf(payment, refundKey);
  if (refund === undefined) return accept();
  const { transactionId, reason } = refund;
  return accept(...refundSeen(payment, at, transactionId, { refundKey, amount, reason, confirmedAt }));
};

export const recordRefundRefused = (
  { refundKey, answerBy, statusCode, message, at }: PaymentCommandOf<'RecordRefundRefused'>,
  payment: KnownPayment,
): PaymentDecision => {
  const wish = refundOf(payment, refundKey)?.wish;
  if (!wish) return accept();
  return accept(
    sentSince(wish, answerBy)
      ? { type: 'GatewayUnanswered', at, wishId: wish.wishId, message }
      : { type: 'RefundRefused', at, refundKey, statusCode, message },
  );
};

export const recordRefundNotSent = (
  { refundKey, answerBy, because, statusCode, message, at }: PaymentCommandOf<'RecordRefundNotSent'>,
  payment: KnownPayment,
): PaymentDecision => {
  const wish = refundOf(payment, refundKey)?.wish;
  if (!wish) return accept();
  // Only this attempt was not sent; another may have been, so the amount stays reserved.
  return accept(
    sentSince(wish, answerBy) || mayHaveBeenCarriedOut(wish)
      ? { type: 'GatewayUnanswered', at, wishId: wish.wishId, message }
      : { type: 'RefundNotSent', at, refundKey, because, statusCode, message },
  );
};
