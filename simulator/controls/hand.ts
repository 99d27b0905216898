import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { faceOf } from '../cards/test-cards.js';
import { Refusal, controlRefusal, transactionUnknown } from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { SnapPage } from '../snap/snap-desk.js';
import { enabledMethods, offeredMethod } from '../snap/snap-methods.js';
import { statusAnswer } from '../transactions/messages.js';
import type { Fields, Transaction } from '../transactions/transaction.js';
import { remainingAmount } from '../transactions/transaction.js';
import type { Happening } from '../transactions/transitions.js';
import {
  brokenOff,
  challenged,
  chargedBack,
  declined,
  expired,
  isPaid,
  isPossible,
  paid,
  reversed,
  settled,
} from '../transactions/transitions.js';

const refundSchema = z.object({ amount: z.int().min(1).nullish() });
const chargebackSchema = z.object({ amount: z.int().min(1) });
const snapChoiceSchema = z.object({ payment_type: z.string().nullish(), card_number: z.string().nullish() });

const acceptedCard = '4811111111111114';
const deniedCard = '4911111111111113';

type OnTransaction = (transaction: Transaction, body: unknown) => Transaction;
type OnSnapPage = (page: SnapPage, body: unknown) => Transaction | undefined;

/** What a person, or a test in their place, does to transactions: api.md section 5. */
export class Hand {
  private readonly onTransaction: Readonly<Record<string, OnTransaction>> = {
    pay: (transaction) => (isPaid(transaction) ? transaction : this.happens('pay', transaction, paid)),
    settle: (transaction) => this.happens('settle', transaction, settled),
    deny: (transaction) => this.happens('decline', transaction, (pending) => declined(pending)),
    fail: (transaction) => this.happens('fail', transaction, brokenOff),
    challenge: (transaction) => this.challenge(transaction),
    expire: (transaction) => this.expire(transaction),
    reverse: (transaction) => this.reverse(transaction),
    refund: (transaction, body) => this.refund(transaction, body),
    chargeback: (transaction) => this.chargeback(transaction),
    partial_chargeback: (transaction, body) => this.partialChargeback(transaction, body),
  };

  /** What can be done to a Snap page on which nothing is under way. */
  private readonly onSnapPage: Readonly<Record<string, OnSnapPage>> = {
    pay: (page, body) => this.pick(page, body, acceptedCard, paid),
    deny: (page, body) => this.pick(page, body, deniedCard, (pending) => declined(pending)),
    expire: (page) => this.expirePage(page),
  };

  constructor(private readonly parts: SimulatorParts) {}

  can(what: string): boolean {
    return Object.hasOwn(this.onTransaction, what);
  }

  /**
   * The transaction afterwards, as GET status shows it. `id` is an order id, a transaction id or a Snap token. Throws
   * 404 for an unknown one and 409 where it cannot be.
   */
  do(what: string, id: string, body: unknown): Fields {
    const { book, snap, merchant } = this.parts;
    const transaction = book.find(id);
    const page = snap.find(id);
    const openPage = page && snap.standing(page) === 'open' ? page : undefined;
    const onPage = openPage && this.onSnapPage[what];
    if (openPage && onPage) return this.shown(onPage(openPage, body));
    const attempt = transaction ?? (page && snap.attempts(page).at(-1));
    if (attempt) return statusAnswer(this.onTransaction[what]?.(attempt, body) ?? attempt, merchant);
    if (page) throw controlRefusal(409, `${what} cannot be: Snap page ${page.token} is ${page.state}`);
    throw controlRefusal(404, `no transaction ${id}`);
  }

  private shown(transaction: Transaction | undefined): Fields {
    // What GET status says of an order whose customer picked nothing.
    return transaction ? statusAnswer(transaction, this.parts.merchant) : transactionUnknown().body;
  }

  private happens(
    what: Happening,
    transaction: Transaction,
    become: (transaction: Transaction, now: number) => Transaction,
  ): Transaction {
    if (!isPossible(what, transaction)) throw cannot(what, transaction);
    return this.parts.book.record(become(transaction, this.parts.clock.now()));
  }

  private challenge(transaction: Transaction): Transaction {
    if (!transaction.card) throw cannot('challenge', transaction);
    return this.happens('challenge', transaction, challenged);
  }

  private expire(transaction: Transaction): Transaction {
    if (transaction.status !== 'pending') throw cannot('expire', transaction);
    return this.happens('lapse', transaction, expired);
  }

  private reverse(transaction: Transaction): Transaction {
    if (!ruleOf(transaction.method).reversible) throw cannot('reverse', transaction);
    return this.happens('reverse', transaction, reversed);
  }

  private refund(transaction: Transaction, body: unknown): Transaction {
    const { amount } = readAs(refundSchema, body ?? {});
    const wish = {
      key: randomUUID(),
      amount: amount ?? remainingAmount(transaction),
      reason: 'refunded from the dashboard',
      direct: false,
    };
    withConflicts('refund', transaction, () => this.parts.actions.refundAs(transaction, wish));
    return this.parts.book.get(transaction.id) ?? transaction;
  }

  private chargeback(transaction: Transaction): Transaction {
    if (!transaction.card) throw cannot('chargeback', transaction);
    return this.happens('chargeback', transaction, (disputed) => chargedBack(disputed, remainingAmount(disputed)));
  }

  private partialChargeback(transaction: Transaction, body: unknown): Transaction {
    const { amount } = readAs(chargebackSchema, body ?? {});
    if (!transaction.card || amount > remainingAmount(transaction)) throw cannot('partial_chargeback', transaction);
    return this.happens('partial_chargeback', transaction, (disputed) => chargedBack(disputed, amount));
  }

  private pick(
    page: SnapPage,
    body: unknown,
    cardNumber: string,
    become: (transaction: Transaction, now: number) => Transaction,
  ): Transaction {
    const { payment_type: wish, card_number: number } = readAs(snapChoiceSchema, body ?? {});
    const method = offeredMethod(enabledMethods(page.request), wish ?? undefined);
    if (!method) throw controlRefusal(409, `this Snap page does not offer ${wish ?? 'any method'}`);
    const cardToken = this.parts.tokens.issue(faceOf(number ?? cardNumber), true);
    const choice = { method, cardToken, desktop: wish === 'qris' };
    const attempt = withConflicts('pay', page, () => this.parts.snap.pick(page, choice));
    if (attempt.status !== 'pending') return attempt;
    return this.parts.book.record(become(attempt, this.parts.clock.now()));
  }

  private expirePage(page: SnapPage): Transaction | undefined {
    this.parts.snap.expire(page);
    return this.parts.snap.attempts(page).at(-1);
  }
}

const cannot = (what: string, { id, status, method }: Transaction): Refusal =>
  controlRefusal(409, `${what} cannot be: transaction ${id} (${method}) is ${status}`);

/** What the API would refuse is a conflict at the controls. */
const withConflicts = <T>(what: string, { orderId }: { orderId: string }, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal
      ? controlRefusal(409, `${what} of order ${orderId} cannot be: ${error.message}`)
      : error;
  }
};
