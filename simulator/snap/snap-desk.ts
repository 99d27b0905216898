import { randomUUID } from 'node:crypto';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import { snapRefusal } from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import type { Collection, Store } from '../store/store.js';
import type { Charging } from '../transactions/charging.js';
import type { TransactionBook } from '../transactions/transaction-book.js';
import type { NotificationUrls, Transaction } from '../transactions/transaction.js';
import { isPaid } from '../transactions/transitions.js';
import { chargeFor } from './snap-choice.js';
import type { SnapChoice } from './snap-choice.js';
import { enabledPaymentsComplaint } from './snap-methods.js';
import { pageExpiresAt, paymentExpiresAt, snapRequestSchema } from './snap-request.js';
import type { SnapRequest } from './snap-request.js';

/** One token: a page on which a customer may pay an order. */
export interface SnapPage {
  readonly token: string;
  readonly orderId: string;
  readonly grossAmount: number;
  readonly request: SnapRequest;
  readonly urls: NotificationUrls;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: 'open' | 'canceled' | 'expired' | 'superseded';
}

/** Where a page stands for the customer. */
export type SnapStanding = 'open' | 'waiting' | 'paid' | 'ended';

/** Makes Snap tokens, and the transactions that customers pick on their pages (midtrans-facts 5.12). */
export class SnapDesk {
  private readonly pages: Collection<SnapPage>;
  private readonly latestByOrder = new Map<string, string>();

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
    private readonly book: TransactionBook,
    private readonly charging: Charging,
    private readonly publicUrl: string,
  ) {
    this.pages = store.collection('snap_pages');
    for (const page of this.pages.values()) {
      this.latestByOrder.set(page.orderId, page.token);
      this.expireLater(page);
    }
  }

  /** Newest first. */
  all(): SnapPage[] {
    return [...this.pages.values()].reverse();
  }

  get(token: string): SnapPage | undefined {
    return this.pages.get(token);
  }

  /** By order id or token. */
  find(id: string): SnapPage | undefined {
    return this.pages.get(id) ?? this.pages.get(this.latestByOrder.get(id) ?? '');
  }

  /** POST /snap/v1/transactions. An older page of the order, not yet used, is no longer good. */
  create(body: unknown, urls: NotificationUrls): { token: string; redirect_url: string } {
    const request = readAs(snapRequestSchema, body ?? {});
    checkAmounts(request);
    const { order_id: orderId, gross_amount: grossAmount } = request.transaction_details;
    this.refuseUsedOrder(orderId);
    this.supersede(orderId);
    const now = this.clock.now();
    const page: SnapPage = {
      token: randomUUID(),
      orderId,
      grossAmount,
      request,
      urls,
      createdAt: now,
      expiresAt: pageExpiresAt(request, now),
      state: 'open',
    };
    this.keep(page);
    this.latestByOrder.set(orderId, page.token);
    this.expireLater(page);
    return { token: page.token, redirect_url: this.pageUrl(page.token) };
  }

  /** POST /snap/v1/transactions/{token}/cancel. The HTTP codes of the refusals are not verified. */
  cancel(token: string): { canceled_at: string } {
    const page = this.pages.get(token);
    if (!page || page.state === 'superseded' || page.state === 'expired') throw snapRefusal(404, 'token not found');
    if (page.state === 'canceled') throw snapRefusal(400, 'token already canceled');
    if (this.standing(page) !== 'open') throw snapRefusal(400, 'Transaction is on progress');
    this.keep({ ...page, state: 'canceled' });
    return { canceled_at: new Date(this.clock.now()).toISOString() };
  }

  /** The attempts made on this page, oldest first. */
  attempts({ orderId, token }: SnapPage): Transaction[] {
    return this.book.attemptsOf(orderId).filter(({ snapToken }) => snapToken === token);
  }

  /** A denied or abandoned attempt leaves the page open for another, under a new transaction id (midtrans-facts 4.3). */
  standing(page: SnapPage): SnapStanding {
    const last = this.attempts(page).at(-1);
    if (last?.status === 'pending') return 'waiting';
    if (last && (isPaid(last) || last.status === 'authorize' || last.status === 'capture')) return 'paid';
    if (last && last.status !== 'deny' && last.status !== 'expire') return 'ended';
    return page.state === 'open' ? 'open' : 'ended';
  }

  /** The customer picks a method: a transaction begins. Throws as Core would, and when the page is not open. */
  pick(page: SnapPage, choice: SnapChoice): Transaction {
    if (this.standing(page) !== 'open') throw snapRefusal(400, 'Transaction is on progress');
    const expiresAt = paymentExpiresAt(page.request, this.clock.now());
    return this.charging.charge(chargeFor(page.request, choice), {
      urls: page.urls,
      snap: { token: page.token, expiresAt },
    });
  }

  /** Ends an unused page without a word to the merchant. Undefined when it is not open. */
  expire(page: SnapPage): SnapPage | undefined {
    return this.standing(page) === 'open' ? this.keep({ ...page, state: 'expired' }) : undefined;
  }

  forget(): void {
    this.latestByOrder.clear();
  }

  pageUrl(token: string): string {
    return `${this.publicUrl}/snap/v3/redirection/${token}`;
  }

  private refuseUsedOrder(orderId: string): void {
    const used = this.book.attemptsOf(orderId).some(({ status }) => status !== 'expire' && status !== 'cancel');
    if (used)
      throw snapRefusal(400, 'transaction_details.order_id has been paid and utilized, please use another order ID');
  }

  private supersede(orderId: string): void {
    const older = this.pages.get(this.latestByOrder.get(orderId) ?? '');
    if (older?.state === 'open') this.keep({ ...older, state: 'superseded' });
  }

  private keep(page: SnapPage): SnapPage {
    this.pages.put(page.token, page);
    return page;
  }

  private expireLater({ token, expiresAt, state }: SnapPage): void {
    if (state !== 'open') return;
    this.clock.at(expiresAt, () => {
      const page = this.pages.get(token);
      if (page?.state === 'open') this.keep({ ...page, state: 'expired' });
    });
  }
}

const checkAmounts = (request: SnapRequest): void => {
  const { item_details: items, transaction_details: details } = request;
  const sum = items?.reduce((total, { price, quantity }) => total + price * quantity, 0);
  if (sum !== undefined && sum !== details.gross_amount)
    throw snapRefusal(400, 'transaction_details.gross_amount is not equal to the sum of item_details');
  const complaint = enabledPaymentsComplaint(request);
  if (complaint !== undefined) throw snapRefusal(400, complaint);
};
