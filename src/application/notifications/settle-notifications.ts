import { decide } from '../../domain/payments/decide.js';
import type { Durations } from '../../domain/payments/durations.js';
import { orderId, orderIdPattern, type TransactionId } from '../../domain/payments/identity.js';
import type { GatewayObservation } from '../../domain/payments/observation.js';
import type { KnownPayment } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import type { GatewayLooks } from '../payments/gateway-looks.js';
import type { KnownAt, PaymentHistories } from '../payments/payment-histories.js';
import { paymentIdOf } from '../payments/payment-identity.js';
import type { Clock } from '../ports/clock.js';
import type { Documents } from '../ports/documents.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { GatewayFailure, NotificationReader } from '../ports/payment-gateway.js';
import type { PersonalData } from '../ports/personal-data.js';
import { receivedNotification, type ReceivedNotification } from './inbox-events.js';
import { notificationCollection, type NotificationVerdict } from './notification-records.js';

export interface SettleNotificationsParts {
  readonly histories: PaymentHistories;
  readonly looks: GatewayLooks;
  readonly reader: NotificationReader;
  readonly records: Documents;
  readonly personalData: PersonalData;
  readonly clock: Clock;
  readonly durations: Durations;
}

/** Midtrans does not answer now: no fault of this notification. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  constructor(readonly failure: GatewayFailure) {
    super(failure.message);
  }
}

/** Handles stored notifications of one order; harmless when done again, or beside others of the same order. */
export class SettleNotifications {
  constructor(private readonly parts: SettleNotificationsParts) {}

  /**
   * Puts on record what they bring, and keeps what became of each. Those that tell of one transaction share one look.
   * @param events of the inbox, all of one order, in their order
   * @throws NotNow, StoreUnavailable; anything else: they cannot be worked on
   */
  async execute(events: readonly StoredEvent[]): Promise<void> {
    const { histories, personalData } = this.parts;
    const received = await Promise.all(events.map((event) => receivedNotification(event, personalData)));
    const [first] = received;
    if (!first) return;
    if (!orderIdPattern.test(first.subject)) return this.keepVerdict(received, 'unmatched');
    const id = paymentIdOf(orderId(first.subject));
    const { state, revision } = await histories.read(id);
    if (state.phase === 'new' || revision === 'none') return this.keepVerdict(received, 'unmatched');

    let payment: KnownAt = { id, state, revision };
    // All of them came before the first look, so that one look at a transaction answers for all that tell of it.
    const seen = new Set<TransactionId>();
    for (const notification of received) {
      const handled = await this.settleOne(notification, payment, seen);
      payment = handled.payment;
      await this.keepVerdict([notification], handled.verdict);
    }
  }

  /** One that was parked gets another when it is resumed; any other verdict is the last, however often it comes again. */
  async keepVerdict(
    received: readonly Pick<ReceivedNotification, 'eventId' | 'inboxId' | 'subject' | 'receivedAt'>[],
    verdict: NotificationVerdict,
  ): Promise<void> {
    const handledAt = this.parts.clock.now();
    await this.parts.records.write(
      notificationCollection,
      received.map(({ eventId, inboxId, subject, receivedAt }) => ({
        id: eventId,
        revision: verdict === 'parked' ? 0 : 1,
        document: {
          order_id: subject,
          inbox_id: inboxId,
          received_at: receivedAt,
          handled_at: handledAt,
          verdict,
        },
      })),
    );
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
}

/** What Midtrans has against this very request it will have against it again; anything else passes. */
const notLooked = (failure: GatewayFailure): Error =>
  failure.type === 'refused' && failure.because !== 'account' ? new Error(failure.message) : new NotNow(failure);

/** Midtrans did it; what it sent goes with the event, sealed with the customer's key (design D10). */
const causeOf = ({ eventId, inboxId, raw }: ReceivedNotification): Cause => ({
  actor: { kind: 'midtrans', id: 'midtrans', roles: [], address: null },
  correlationId: eventId,
  causationId: eventId,
  requestId: null,
  traceParent: null,
  notification: raw && { inboxId, ...raw },
});
