import { rulesOf } from '../methods/providers.js';
import type { Rupiah } from '../money/rupiah.js';
import { after } from '../time/instant.js';
import type { PaymentCommandOf } from './commands.js';
import { accept, reject, type PaymentDecision } from './decision.js';
import type { Durations } from './durations.js';
import { noTransaction } from './decide-charge.js';
import { mayHaveBeenCarriedOut, sentSince } from './doubts.js';
import { pageWaits } from './page.js';
import { actionRules, type ActionName, type Stage } from './stages.js';
import type { Attempt, KnownPayment } from './state.js';
import { shownAttempt, statusOf } from './summary.js';

/** What an action acts on: the page while it waits for its customer, else the transaction that speaks for the payment. */
const subjectOf = (payment: KnownPayment): { readonly attempt: Attempt | null; readonly stage: Stage } | null => {
  const attempt = pageWaits(payment) ? undefined : shownAttempt(payment);
  if (attempt) return { attempt, stage: attempt.stage };
  return payment.page ? { attempt: null, stage: payment.page.stage } : null;
};

const methodAllows = (action: ActionName, attempt: Attempt | null): boolean => {
  if (attempt === null || attempt.provider === null || attempt.stage !== 'pending') return true;
  const { cancelPending, expirePending } = rulesOf(attempt.provider);
  return action === 'Cancel' ? cancelPending : action === 'Expiry' ? expirePending : true;
};

/** All rules of table 4.2 (midtrans-facts), and one wish at a time. */
export const requestAction = (
  command: PaymentCommandOf<'RequestAction'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { action, wishId, reason, at } = command;
  const open = payment.action;
  if (open?.action === action && open.wish.wishId === wishId) return accept();
  if (payment.lastReached === wishId) return accept();
  if (payment.charge.phase === 'calling') return reject({ code: 'charge-in-doubt' });
  if (open) return reject({ code: 'action-in-progress', action: open.action });

  const subject = subjectOf(payment);
  const notAllowed = reject({ code: 'action-not-allowed', action, status: statusOf(payment) });
  if (subject === null || !actionRules[action].from.includes(subject.stage)) return notAllowed;
  if (command.onlyPending && subject.stage !== 'pending') return notAllowed;
  if (!methodAllows(action, subject.attempt)) return notAllowed;

  const amount: Rupiah | null = action === 'Capture' ? (command.amount ?? payment.amount) : null;
  if (amount !== null && (amount > payment.amount || amount === 0))
    return reject({ code: 'capture-exceeds-authorization', authorized: payment.amount });
  return accept({
    type: `${action}Requested`,
    at,
    wishId,
    answerBy: after(at, durations.answerWithinMs),
    transactionId: subject.attempt?.transactionId ?? null,
    reason,
    amount,
  });
};

export const claimAction = (
  { at }: PaymentCommandOf<'ClaimAction'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const open = payment.action;
  if (open === null || at < open.wish.answerBy) return reject({ code: 'attempt-not-due' });
  return accept({
    type: `${open.action}Attempted`,
    at,
    wishId: open.wish.wishId,
    answerBy: after(at, durations.answerWithinMs),
  });
};

const isOpen = (payment: KnownPayment, command: { readonly wishId: string }): boolean =>
  payment.action?.wish.wishId === command.wishId;

export const recordActionRefused = (
  command: PaymentCommandOf<'RecordActionRefused'>,
  payment: KnownPayment,
): PaymentDecision => {
  const open = payment.action;
  // Settled by an observation meanwhile: that was the outcome.
  if (open === null || !isOpen(payment, command)) return accept();
  const { at, wishId, answerBy, because, statusCode, message } = command;
  return accept(
    sentSince(open.wish, answerBy)
      ? { type: 'GatewayUnanswered', at, wishId, message }
      : { type: `${open.action}Refused`, at, wishId, because, statusCode, message },
  );
};

export const recordActionNotSent = (
  command: PaymentCommandOf<'RecordActionNotSent'>,
  payment: KnownPayment,
): PaymentDecision => {
  const open = payment.action;
  if (open === null || !isOpen(payment, command)) return accept();
  const { at, wishId, answerBy, because, statusCode, message } = command;
  // Only this attempt was not sent; another may have been.
  return accept(
    sentSince(open.wish, answerBy) || mayHaveBeenCarriedOut(open.wish)
      ? { type: 'GatewayUnanswered', at, wishId, message }
      : { type: `${open.action}NotSent`, at, wishId, because, statusCode, message },
  );
};

/** The page was closed as asked: cancelled or expired, by what was asked. */
export const recordPageClosed = (
  command: PaymentCommandOf<'RecordPageClosed'>,
  payment: KnownPayment,
): PaymentDecision => {
  const open = payment.action;
  if (open === null || open.transactionId !== null || !isOpen(payment, command)) return accept();
  const facts = noTransaction(payment);
  return accept(
    open.action === 'Expiry'
      ? { type: 'PaymentExpired', at: command.at, ...facts }
      : { type: 'PaymentCancelled', at: command.at, ...facts },
  );
};
