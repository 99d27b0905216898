import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../http/refusal.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SimulatorParts } from '../open-simulator.js';
import { statusAnswer } from '../transactions/messages.js';
import type { Fields, Transaction } from '../transactions/transaction.js';
import { remainingAmount } from '../transactions/transaction.js';
import type { Happening } from '../transactions/transitions.js';
import {
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

const amountSchema = z.object({ amount: z.int().min(1).nullish() });

type Control = (transaction: Transaction, body: unknown) => Transaction;

/** What a person, or a test in their place, does to transactions: api.md section 5. */
export class Hand {
  private readonly controls: Readonly<Record<string, Control>> = {
    pay: (transaction) => (isPaid(transaction) ? transaction : this.happens('pay', transaction, paid)),
    settle: (transaction) => this.happens('settle', transaction, settled),
    deny: (transaction) => this.happens('decline', transaction, (pending) => declined(pending)),
    challenge: (transaction) => this.challenge(transaction),
    expire: (transaction) => this.happens('lapse', transaction, expired),
    reverse: (transaction) => this.reverse(transaction),
    refund: (transaction, body) => this.refund(transaction, body),
    chargeback: (transaction) => this.chargeback(transaction),
    partial_chargeback: (transaction, body) => this.partialChargeback(transaction, body),
  };

  constructor(private readonly parts: SimulatorParts) {}

  can(what: string): boolean {
    return Object.hasOwn(this.controls, what);
  }

  /** The transaction afterwards, as GET status shows it. Throws 404 for an unknown id and 409 where it cannot be. */
  do(what: string, id: string, body: unknown): Fields {
    const transaction = this.parts.book.find(id);
    const control = this.controls[what];
    if (!transaction || !control) throw new Refusal(404, { message: `no transaction ${id}` });
    return statusAnswer(control(transaction, body), this.parts.merchant);
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

  private reverse(transaction: Transaction): Transaction {
    if (!ruleOf(transaction.method).reversible) throw cannot('reverse', transaction);
    return this.happens('reverse', transaction, reversed);
  }

  private refund(transaction: Transaction, body: unknown): Transaction {
    const { amount } = amountSchema.parse(body ?? {});
    const wish = { key: randomUUID(), amount: amount ?? null, reason: 'refunded from the dashboard', direct: false };
    try {
      this.parts.actions.refundAs(transaction, wish);
    } catch (error) {
      throw error instanceof Refusal ? cannot('refund', transaction) : error;
    }
    return this.parts.book.get(transaction.id) ?? transaction;
  }

  private chargeback(transaction: Transaction): Transaction {
    if (!transaction.card) throw cannot('chargeback', transaction);
    return this.happens('chargeback', transaction, (settled_) => chargedBack(settled_, remainingAmount(settled_)));
  }

  private partialChargeback(transaction: Transaction, body: unknown): Transaction {
    const { amount } = z.object({ amount: z.int().min(1) }).parse(body ?? {});
    if (!transaction.card || amount > remainingAmount(transaction)) throw cannot('partial_chargeback', transaction);
    return this.happens('partial_chargeback', transaction, (settled_) => chargedBack(settled_, amount));
  }
}

const cannot = (what: string, { id, status, method }: Transaction): Refusal =>
  new Refusal(409, { message: `${what} cannot be: transaction ${id} (${method}) is ${status}` });
