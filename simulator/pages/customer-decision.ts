import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { Transaction } from '../transactions/transaction.js';
import { declined, isPossible, paid } from '../transactions/transitions.js';

/** What becomes of a payment when its customer pays or refuses on a page. What is decided already stays as it is. */
export const decidedByCustomer = (
  what: string | undefined,
  transaction: Transaction,
  { book, clock }: Pick<SimulatorParts, 'book' | 'clock'>,
): Transaction => {
  if (!isPossible('pay', transaction)) return transaction;
  if (what !== 'deny') return book.record(paid(transaction, clock.now()));
  return ruleOf(transaction.method).tellsRefusal ? book.record(declined(transaction)) : transaction;
};
