import { decide } from '../../domain/payments/decide.js';
import type { Durations } from '../../domain/payments/durations.js';
import { orderId, orderIdPattern, type TransactionId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import type { GatewayObservation } from '../../domain/payments/observation.js';
import type { KnownPayment } from '../../domain/payments/state.js';
import type { Instant } from '../../domain/time/instant.js';
import type { Cause } from '../audit/cause.js';
import { backoffMs } from '../followers/backoff.js';
import type { FollowerWork } from '../followers/follower.js';
import type { GatewayLooks } from '../payments/gateway-looks.js';
import type { KnownAt, PaymentHistories } from '../payments/payment-histories.js';
import { paymentIdOf } from '../payments/payment-identity.js';
import type { Clock } from '../ports/clock.js';
import type { Documents } from '../ports/documents.js';
import { StoreUnavailable, type StoredEvent } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import type { GatewayFailure, NotificationReader } from '../ports/payment-gateway.js';
import type { PersonalData } from '../ports/personal-data.js';
import {
  inboxIdOf,
  inboxStreamPrefix,
  orderOfInboxEvent,
  receivedNotification,
  type ReceivedNotification,
} from './inbox-events.js';
import { notificationCollection, type NotificationVerdict } from './notification-records.js';

export interface NotificationWorkerParts {
  readonly histories: PaymentHistories;
  readonly looks: GatewayLooks;
  readonly reader: NotificationReader;
  readonly records: Documents;
  readonly personalData: PersonalData;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly durations: Durations;
}

const firstPauseMs = 250;
const longestPauseMs = 60_000;
/** Tries before something that is nobody's outage is put aside for a person. */
const triesMax = 5;

/** Midtrans, or a store, does not answer now: no fault of this notification. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

/**
 * Turns stored notifications into what they say, confirmed by GET status, since their status is not signed (design D4). In order
 * within an order, many orders at once; those of one order that wait together share one look.
 */
export class NotificationWorker implements FollowerWork {
  readonly name = 'notifications:1';
  readonly streamPrefixes = [inboxStreamPrefix];
  readonly batchMax = 64;
  readonly batchesMax = 32;
  private readonly tails = new Map<string, Promise<void>>();

  constructor(private readonly parts: NotificationWorkerParts) {}

  async handle(events: readonly StoredEvent[], signal: AbortSignal): Promise<void> {
    const byOrder = new Map<string, StoredEvent[]>();
    for (const event of events) {
      const order = orderOfInboxEvent(event);
      const waiting = byOrder.get(order);
      if (waiting) waiting.push(event);
      else byOrder.set(order, [event]);
    }
    await Promise.all(
      [...byOrder].map(([order, waiting]) => this.inLine(order, () => this.handleTogether(waiting, signal))),
    );
  }

  /** One after the other within an order, whichever batch they came in. */
  private async inLine(order: string, work: () => Promise<void>): Promise<void> {
    const before = this.tails.get(order) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.tails.set(order, settled);
    try {
      await mine;
    } finally {
      if (this.tails.get(order) === settled) this.tails.delete(order);
    }
  }

  /** Until it is done or parked. Rejects only when it is to be put down meanwhile. */
  private async handleTogether(events: readonly StoredEvent[], signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    let faults = 0;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.settle(events);
      } catch (error) {
        if (signal.aborted) throw error;
        const somebodysOutage = error instanceof NotNow || error instanceof StoreUnavailable;
        faults += somebodysOutage ? 0 : 1;
        if (faults >= triesMax) return await this.giveUp(events, error, signal);
        await clock.sleep(backoffMs(failures, firstPauseMs, longestPauseMs), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  private async settle(events: readonly StoredEvent[]): Promise<void> {
    const { histories, personalData } = this.parts;
    const received = await Promise.all(events.map((event) => receivedNotification(event, personalData)));
    const [first] = received;
    if (!first) return;
    if (!orderIdPattern.test(first.subject)) return this.record(received, 'unmatched');
    const id = paymentIdOf(orderId(first.subject));
    const { state, revision } = await histories.read(id);
    if (state.phase === 'new' || revision === 'none') return this.record(received, 'unmatched');

    let payment: KnownAt = { id, state, revision };
    // All of them came before the first look, so that one look at a transaction answers for all that tell of it.
    const seen = new Set<TransactionId>();
    for (const notification of received) {
      const handled = await this.settleOne(notification, payment, seen);
      payment = handled.payment;
      await this.record([notification], handled.verdict);
    }
  }

  private async settleOne(
    notification: ReceivedNotification,
    payment: KnownAt,
    seen: Set<TransactionId>,
  ): Promise<{ readonly payment: KnownAt; readonly verdict: NotificationVerdict }> {
    if (notification.raw === null) return { payment, verdict: 'erased' };
    const reading = this.parts.reader.read(Buffer.from(notification.raw.body, 'utf8'));
    if (reading.type !== 'notification')
      throw new Error(`A stored notification cannot be read any more: ${reading.type}`);
    const { observation } = reading.notification;
    if (!this.isNews(observation, payment.state)) return { payment, verdict: 'repeated' };

    const { transactionId } = observation;
    if (seen.has(transactionId)) return { payment, verdict: 'unconfirmed' };

    const looked = await this.parts.looks.lookAt(transactionId, payment, causeOf(notification));
    if (looked.failure) throw notLooked(looked.failure);
    seen.add(transactionId);
    const confirmed = looked.payment.revision !== payment.revision && !this.isNews(observation, looked.payment.state);
    return { payment: looked.payment, verdict: confirmed ? 'applied' : 'unconfirmed' };
  }

  /** Would it change anything, were it true? */
  private isNews(observation: GatewayObservation, state: KnownPayment): boolean {
    const command = {
      type: 'ObserveGatewayStatus',
      at: this.parts.clock.now(),
      observation,
      source: 'confirmed',
      knownBefore: null,
      noteLook: false,
    } as const;
    const decision = decide(command, state, this.parts.durations);
    return decision.type === 'accepted' && decision.events.length > 0;
  }

  private async record(
    received: readonly Pick<ReceivedNotification, 'inboxId' | 'subject' | 'receivedAt'>[],
    verdict: NotificationVerdict,
    more: JsonObject = {},
  ): Promise<void> {
    const handledAt = this.parts.clock.now();
    for (const { inboxId, subject, receivedAt } of received)
      await this.parts.records.insertIfAbsent(notificationCollection, {
        id: inboxId,
        revision: 0,
        document: { order_id: subject, received_at: receivedAt, handled_at: handledAt, verdict, ...more },
      });
  }

  /** Of several that waited together, one alone may be at fault: each is tried by itself. */
  private async giveUp(events: readonly StoredEvent[], cause: unknown, signal: AbortSignal): Promise<void> {
    const [first, ...more] = events;
    if (first === undefined) return;
    if (more.length === 0) return this.park(first, cause);
    for (const event of events) await this.handleTogether([event], signal);
  }

  /** Without opening it, which may be just what cannot be done. */
  private async park(event: StoredEvent, cause: unknown): Promise<void> {
    const error = cause instanceof Error ? cause.message : String(cause);
    const parked = { inboxId: inboxIdOf(event), subject: orderOfInboxEvent(event), receivedAt: timeOf(event) };
    await this.record([parked], 'parked', { error, tries: triesMax });
    this.parts.journal.alarm('parked_key', 'A notification could not be worked on and is put aside; later ones go on', {
      inbox_id: parked.inboxId,
      order_id: parked.subject,
      error,
    });
  }
}

const timeOf = ({ metadata }: StoredEvent): Instant => (typeof metadata['time'] === 'string' ? metadata['time'] : '');

/** What Midtrans has against this very request it will have against it again; anything else passes. */
const notLooked = (failure: GatewayFailure): Error =>
  failure.type === 'refused' && failure.because !== 'account'
    ? new Error(failure.message)
    : new NotNow(failure.message);

/** Midtrans did it; what it sent goes with the event, sealed with the customer's key (design D10). */
const causeOf = ({ eventId, inboxId, raw }: ReceivedNotification): Cause => ({
  actor: { kind: 'midtrans', id: 'midtrans', roles: [], address: null },
  correlationId: eventId,
  causationId: eventId,
  requestId: null,
  traceParent: null,
  notification: raw && { inboxId, ...raw },
});
