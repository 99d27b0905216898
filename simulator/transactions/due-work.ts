import { nextConfirmationAt, refundsConfirmed } from './refunds.js';
import type { Transaction } from './transaction.js';
import { canceled, declined, expired, isPossible, paid, settled } from './transitions.js';

interface Due {
  readonly at: number;
  readonly become: (transaction: Transaction, now: number) => Transaction;
}

/** What will happen to a transaction by itself next, and when; undefined when nothing will. */
export const nextDue = (transaction: Transaction): Due | undefined =>
  allDue(transaction).reduce<Due | undefined>((first, due) => (first && first.at <= due.at ? first : due), undefined);

const allDue = (transaction: Transaction): Due[] => {
  const { expiresAt, settlesAt, comingVerdict } = transaction;
  const confirmsAt = nextConfirmationAt(transaction);
  const due: Due[] = [];
  if (comingVerdict) due.push({ at: comingVerdict.at, become: verdictReached });
  if (expiresAt !== null && isPossible('lapse', transaction)) due.push({ at: expiresAt, become: expired });
  if (settlesAt !== null && isPossible('settle', transaction)) due.push({ at: settlesAt, become: settled });
  // Nobody approved a challenge: Midtrans drops it when the batch runs (midtrans-facts 3.4).
  if (settlesAt !== null && isPossible('drop_challenge', transaction)) due.push({ at: settlesAt, become: canceled });
  if (confirmsAt !== undefined) due.push({ at: confirmsAt, become: refundsConfirmed });
  return due;
};

const verdictReached = (transaction: Transaction, now: number): Transaction => {
  const { comingVerdict } = transaction;
  if (!comingVerdict) return transaction;
  return comingVerdict.verdict === 'pay'
    ? paid(transaction, now, comingVerdict.fields)
    : declined(transaction, comingVerdict.fields);
};
