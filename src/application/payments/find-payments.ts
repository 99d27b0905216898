import type { Durations } from '../../domain/payments/durations.js';
import type { OrderId, PaymentId } from '../../domain/payments/identity.js';
import type { Instant } from '../../domain/time/instant.js';
import type { Clock } from '../ports/clock.js';
import type { Condition, DocumentQuery, Scalar, StoredDocument } from '../ports/documents.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import { guardOf, revisionIn } from '../projections/document-guard.js';
import { paymentCollection } from './payment-collection.js';
import { documentOf, type PaymentDocument } from './payment-document.js';
import { foldEvents } from './payment-fold.js';
import { paymentIdOf, streamOf } from './payment-identity.js';
import { paymentProjectionVersion } from './payment-projection.js';
import type { PaymentReads } from './status-cache.js';

/** A payment's document as it stood after the event of `revision`. */
export interface FoundPayment {
  readonly document: PaymentDocument;
  readonly revision: number;
}

export interface PaymentFilter {
  readonly userId?: string;
  readonly orderId?: OrderId;
  readonly status?: string;
  readonly paymentType?: string;
  readonly createdFrom?: Instant;
  readonly createdTo?: Instant;
  readonly amountMin?: number;
  readonly amountMax?: number;
  /** An order id, transaction id or payment number, whole. */
  readonly search?: string;
}

/** Where a page ended: `created_at` and id of its last payment. */
export type ListCursor = readonly [createdAt: Instant, id: string];

export interface PaymentPage {
  readonly payments: readonly FoundPayment[];
  /** null: that was all. */
  readonly next: ListCursor | null;
}

type Shape = keyof typeof paymentCollection.shapes;

/** How long a reader waits for the read model before the log is folded instead (api.md 3), and how often it looks, in ms. */
const readModelWaitsMs = 2_000;
const pollMs = 25;

/** Reads payments: from the read model where it is new enough, from the log where it is not. */
export class FindPayments {
  constructor(
    private readonly payments: PaymentReads,
    private readonly eventLog: EventLog,
    private readonly clock: Clock,
    private readonly durations: Durations,
  ) {}

  /**
   * undefined: there is no such payment. An id that the read model does not know is looked up in the log.
   * @param minRevision this revision or newer; `beyond`: the log itself has not come so far
   */
  async byId(id: PaymentId, minRevision = 0): Promise<FoundPayment | 'beyond' | undefined> {
    const known = await this.inReadModel(id, minRevision);
    if (known) return known;
    const found = await this.inLog(id);
    return found && found.revision < minRevision ? 'beyond' : found;
  }

  /** As it stood after the event of `revision`, which must exist. */
  async atRevision(id: PaymentId, revision: number): Promise<FoundPayment | undefined> {
    return this.folded(id, await this.eventLog.read(streamOf(id), { limit: revision + 1 }));
  }

  events(id: PaymentId): Promise<readonly StoredEvent[]> {
    return this.eventLog.read(streamOf(id));
  }

  /** Newest first. */
  async list(filter: PaymentFilter, limit: number, after: ListCursor | null): Promise<PaymentPage> {
    if (filter.orderId !== undefined) return this.listByOrder(filter.orderId, filter);
    const found = await this.payments.find(paymentCollection, queryOf(filter, limit + 1, after));
    const payments = found.slice(0, limit).map(foundIn);
    const last = payments.at(-1);
    return { payments, next: found.length > limit && last ? [last.document.created_at, last.document.id] : null };
  }

  private async listByOrder(orderId: OrderId, filter: PaymentFilter): Promise<PaymentPage> {
    const found = await this.byId(paymentIdOf(orderId));
    const payments = found && found !== 'beyond' && passes(found.document, filter) ? [found] : [];
    return { payments, next: null };
  }

  private async inReadModel(id: PaymentId, minRevision: number): Promise<FoundPayment | undefined> {
    const wanted = guardOf(paymentProjectionVersion, minRevision);
    const deadline = this.clock.monotonicMs() + readModelWaitsMs;
    for (;;) {
      const stored = await this.payments.get(paymentCollection, id, wanted);
      if (stored && stored.revision >= wanted) return foundIn(stored);
      // Waiting pays only for a document that is on its way.
      if (!stored || minRevision === 0 || this.clock.monotonicMs() >= deadline) return undefined;
      if (!(await this.isInLog(id, minRevision))) return undefined;
      await this.clock.sleep(pollMs);
    }
  }

  private async isInLog(id: PaymentId, revision: number): Promise<boolean> {
    return (await this.eventLog.read(streamOf(id), { from: revision, limit: 1 })).length > 0;
  }

  private async inLog(id: PaymentId): Promise<FoundPayment | undefined> {
    return this.folded(id, await this.eventLog.read(streamOf(id)));
  }

  private folded(id: PaymentId, events: readonly StoredEvent[]): FoundPayment | undefined {
    const fold = foldEvents(id, events);
    return fold && { document: documentOf(fold, this.durations), revision: events.at(-1)?.revision ?? 0 };
  }
}

const foundIn = ({ document, revision: guard }: StoredDocument): FoundPayment => ({
  document: document as unknown as PaymentDocument,
  revision: revisionIn(guard),
});

const conditionsOf = (filter: PaymentFilter): readonly Condition[] => {
  const is = (field: string, value: Scalar | undefined): readonly Condition[] =>
    value === undefined ? [] : [{ field, is: value }];
  const within = <T extends string | number>(field: string, from?: T, to?: T): readonly Condition[] =>
    from === undefined && to === undefined
      ? []
      : [{ field, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  return [
    ...is('user_id', filter.userId),
    ...is('status', filter.status),
    ...is('payment_type', filter.paymentType),
    ...is('search', filter.search),
    ...within('created_at', filter.createdFrom, filter.createdTo),
    ...within('gross_amount', filter.amountMin, filter.amountMax),
  ];
};

/** The narrowest index first: a number leads to a handful, a user to some, a status to many. */
const shapeOf = ({ search, userId, status }: PaymentFilter): Shape => {
  if (search !== undefined) return 'withNumber';
  if (userId !== undefined) return 'ofUser';
  return status === undefined ? 'newest' : 'withStatus';
};

const queryOf = (filter: PaymentFilter, limit: number, after: ListCursor | null): DocumentQuery<Shape> => ({
  shape: shapeOf(filter),
  where: conditionsOf(filter),
  limit,
  mayLag: true,
  ...(after && { after }),
});

const passes = (payment: PaymentDocument, filter: PaymentFilter): boolean =>
  conditionsOf(filter).every((condition) => {
    const value = payment[condition.field as keyof PaymentDocument];
    if ('is' in condition) return Array.isArray(value) ? value.includes(condition.is) : value === condition.is;
    const { from, to } = condition;
    const comparable = value as string | number;
    return (from === undefined || comparable >= from) && (to === undefined || comparable <= to);
  });
