import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { TransactionBook } from '../transactions/transaction-book.js';
import type { Transaction } from '../transactions/transaction.js';
import { declined, paid } from '../transactions/transitions.js';

/** The password of every test card (midtrans-facts 8). */
export const rightOtp = '112233';

export type ThreeDsResult =
  | { readonly type: 'decided'; readonly transaction: Transaction }
  /** The bank takes its time; the payment is still pending. */
  | { readonly type: 'pending'; readonly transaction: Transaction }
  | { readonly type: 'wrong_otp'; readonly transaction: Transaction; readonly triesLeft: number };

/** The issuing bank's side of 3DS: asks the customer for a one-time password, or lets them pass. */
export class ThreeDs {
  constructor(
    private readonly book: TransactionBook,
    private readonly clock: SimulatorClock,
  ) {}

  /** A card payment that waits for its holder; undefined when there is none. */
  waiting(id: string): Transaction | undefined {
    const transaction = this.book.get(id);
    const waits = transaction?.status === 'pending' && transaction.card?.threeDs && !transaction.comingVerdict;
    return waits ? transaction : undefined;
  }

  /** The customer typed something, or the bank did not ask. Undefined when the payment does not wait. */
  answer(id: string, otp: string | undefined): ThreeDsResult | undefined {
    const transaction = this.waiting(id);
    const threeDs = transaction?.card?.threeDs;
    if (!transaction || !threeDs) return undefined;
    if (threeDs.challenge && otp !== rightOtp) return this.refuse(transaction, threeDs.otpTriesLeft - 1);
    return threeDs.pendsMs > 0 ? this.ponder(transaction, threeDs.pendsMs) : this.decide(transaction);
  }

  /** The bank does not believe that it is its customer. One who only leaves the page is waited for until it expires. */
  fail(id: string): Transaction | undefined {
    const transaction = this.waiting(id);
    return transaction && this.book.record(declined(transaction));
  }

  private decide(transaction: Transaction): ThreeDsResult {
    return { type: 'decided', transaction: this.book.record(paid(transaction, this.clock.now())) };
  }

  private ponder(transaction: Transaction, pendsMs: number): ThreeDsResult {
    const pondering: Transaction = {
      ...transaction,
      comingVerdict: { at: this.clock.now() + pendsMs, verdict: 'pay', fields: {} },
      fields: { ...transaction.fields, challenge_completion: false },
    };
    this.book.note(pondering);
    return { type: 'pending', transaction: pondering };
  }

  private refuse(transaction: Transaction, triesLeft: number): ThreeDsResult {
    if (triesLeft <= 0) return { type: 'decided', transaction: this.book.record(declined(transaction)) };
    const card = transaction.card && withTries(transaction.card, triesLeft);
    const tried = { ...transaction, card };
    this.book.note(tried);
    return { type: 'wrong_otp', transaction: tried, triesLeft };
  }
}

const withTries = (card: NonNullable<Transaction['card']>, otpTriesLeft: number): Transaction['card'] => ({
  ...card,
  threeDs: card.threeDs && { ...card.threeDs, otpTriesLeft },
});
