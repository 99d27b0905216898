import type { SimulatorClock } from '../clock/simulator-clock.js';
import { ruleOf } from '../methods/method-rules.js';
import type { Outbox } from '../notifications/outbox.js';
import { writeJson } from '../http/json.js';
import type { Collection, Store } from '../store/store.js';
import { nextDue } from './due-work.js';
import { objectsIn, textIn } from './json-fields.js';
import type { Merchant } from './messages.js';
import { notificationBody } from './messages.js';
import type { Fields, Transaction } from './transaction.js';

/** All transactions, found by id or order id. Every change is announced to the merchant, and what is due is done. */
export class TransactionBook {
  private readonly transactions: Collection<Transaction>;
  private readonly idsByOrder = new Map<string, string[]>();
  private readonly idsByNumber = new Map<string, string>();

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
    private readonly outbox: Outbox,
    private readonly merchant: Merchant,
    private readonly dashboardUrl: string | undefined,
  ) {
    this.transactions = store.collection('transactions');
    for (const transaction of this.transactions.values()) {
      this.index(transaction);
      this.schedule(transaction);
    }
  }

  /** Oldest first. */
  all(): Transaction[] {
    return [...this.transactions.values()];
  }

  get(id: string): Transaction | undefined {
    return this.transactions.get(id);
  }

  /** By transaction id or order id; of several under one order id the latest. */
  find(id: string): Transaction | undefined {
    return this.transactions.get(id) ?? this.latestOf(id);
  }

  /** As the API's paths know it: some methods only by transaction id (midtrans-facts 2.2). */
  findByPath(id: string): Transaction | undefined {
    const byOrder = this.latestOf(id);
    const hidden = byOrder && !ruleOf(byOrder.method).orderIdInPath;
    return this.transactions.get(id) ?? (hidden ? undefined : byOrder);
  }

  latestOf(orderId: string): Transaction | undefined {
    const id = this.idsByOrder.get(orderId)?.at(-1);
    return id === undefined ? undefined : this.transactions.get(id);
  }

  /** Oldest first: several under Snap, or when an order id was used again. */
  attemptsOf(orderId: string): Transaction[] {
    return (this.idsByOrder.get(orderId) ?? []).flatMap((id) => this.transactions.get(id) ?? []);
  }

  /** Whether a virtual account or bill key still waits for its money. */
  isNumberTaken(number: string): boolean {
    return this.get(this.idsByNumber.get(number) ?? '')?.status === 'pending';
  }

  /** Keeps a new transaction, or what became of one, and tells the merchant. */
  record(transaction: Transaction): Transaction {
    if (!this.transactions.get(transaction.id)) this.index(transaction);
    this.transactions.put(transaction.id, transaction);
    this.schedule(transaction);
    this.announce(transaction);
    return transaction;
  }

  /** Keeps a change that nobody is told of: an OTP typed wrong. */
  note(transaction: Transaction): void {
    this.transactions.put(transaction.id, transaction);
    this.schedule(transaction);
  }

  forget(): void {
    this.idsByOrder.clear();
    this.idsByNumber.clear();
  }

  private index({ id, orderId, fields }: Transaction): void {
    for (const number of accountNumbers(fields)) this.idsByNumber.set(number, id);
    const ids = this.idsByOrder.get(orderId);
    if (ids) ids.push(id);
    else this.idsByOrder.set(orderId, [id]);
  }

  private schedule(transaction: Transaction): void {
    const due = nextDue(transaction);
    if (due) this.clock.at(due.at, () => this.doWhatIsDue(transaction));
  }

  private doWhatIsDue(scheduledFor: Transaction): void {
    const transaction = this.transactions.get(scheduledFor.id);
    // Changed since: it was scheduled again then.
    if (transaction !== scheduledFor) return;
    const now = this.clock.now();
    const due = nextDue(transaction);
    if (due && due.at <= now) this.record(due.become(transaction, now));
  }

  private announce(transaction: Transaction): void {
    const { override, append } = transaction.notificationUrls;
    const dashboard = this.dashboardUrl === undefined ? [] : [this.dashboardUrl];
    const urls = override.length > 0 ? override : [...dashboard, ...append];
    if (urls.length === 0) return;
    this.outbox.send(
      {
        kind: 'transaction',
        subjectId: transaction.id,
        orderId: transaction.orderId,
        event: transaction.status,
        body: writeJson(notificationBody(transaction, this.merchant)),
      },
      urls,
    );
  }
}

const accountNumbers = (fields: Fields): string[] => {
  const accounts = objectsIn(fields, 'va_numbers').map((account) => textIn(account, 'va_number'));
  const numbers = [...accounts, textIn(fields, 'permata_va_number'), textIn(fields, 'bill_key')];
  return numbers.filter((number) => number !== undefined);
};
