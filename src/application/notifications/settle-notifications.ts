import type { Durations } from '../../domain/payments/durations.js';
import { orderId, orderIdPattern, type TransactionId } from '../../domain/payments/identity.js';
import type { GatewayObservation } from '../../domain/payments/observation.js';
import { tidingsOf, type Tidings } from '../../domain/payments/tidings.js';
import type { Cause } from '../audit/cause.js';
import type { GatewayLooks } from '../payments/gateway-looks.js';
import type { KnownAt, PaymentHistories } from '../payments/payment-histories.js';
import { paymentIdOf } from '../payments/payment-identity.js';
import type { Clock } from '../ports/clock.js';
import type { Documents } from '../ports/documents.js';
import { StoreUnavailable, type StoredEvent } from '../ports/event-log.js';
import type { LookFailure, NotificationReader } from '../ports/payment-gateway.js';
import type { PersonalData } from '../ports/personal-data.js';
import { receivedNotification, type RawNotification, type ReceivedNotification } from './inbox-events.js';
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
  constructor(readonly failure: LookFailure) {
    super(failure.message);
  }
}

export interface ToSettle {
  /** Of the inbox. */
  readonly event: StoredEvent;
  /** Asked when Midtrans does not confirm it: whether it will be looked at again, so that its verdict is not due yet. */
  looksAgain(): boolean;
}

/** How far one notification has come. */
export type Outcome =
  /** Its verdict is kept. */
  | { readonly type: 'settled' }
  /** Midtrans does not confirm it, or not yet. */
  | { readonly type: 'unconfirmed' }
  /** NotNow, StoreUnavailable; anything else: it cannot be worked on. */
  | { readonly type: 'failed'; readonly error: unknown };

export interface SettledTogether {
  /** In the order of what was to be settled. */
  readonly outcomes: readonly Outcome[];
  /** Midtrans has answered a look, whatever it said. */
  readonly answered: boolean;
}

type Received = Pick<ReceivedNotification, 'eventId' | 'inboxId' | 'subject' | 'receivedAt'>;
type Verdict = readonly [of: Received, verdict: NotificationVerdict];

/** What is known while several are settled together. */
interface Round {
  payment: KnownAt;
  /** Each transaction that was looked at, and why the look told nothing; null: it told. */
  readonly looked: Map<TransactionId, LookFailure | null>;
  /** Not kept yet. */
  verdicts: Verdict[];
}

/** Handles stored notifications of one order; harmless when done again, or beside others of the same order. */
export class SettleNotifications {
  constructor(private readonly parts: SettleNotificationsParts) {}

  /**
   * Puts on record what they bring, and keeps what became of each. Those that tell of one transaction share one look; a fault of one
   * is no fault of the others.
   * @param together all of one order
   */
  async execute(together: readonly ToSettle[]): Promise<SettledTogether> {
    const looked: Round['looked'] = new Map();
    const outcomes = new Map<ToSettle, Outcome>();
    try {
      await this.settle(together, looked, outcomes);
    } catch (error) {
      // Before any of them, or after the last: what is done already is done again, harmlessly.
      for (const one of together)
        if (outcomes.get(one)?.type !== 'failed') outcomes.set(one, { type: 'failed', error });
    }
    return {
      outcomes: together.map((one) => outcomes.get(one) ?? { type: 'settled' }),
      answered: [...looked.values()].some((failure) => failure === null || isAnswer(failure)),
    };
  }

  /** One that was parked gets another when it is resumed; any other verdict is the last, however often it comes again. */
  async keepVerdicts(verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    const handledAt = this.parts.clock.now();
    await this.parts.records.write(
      notificationCollection,
      verdicts.map(([{ eventId, inboxId, subject, receivedAt }, verdict]) => ({
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

  private async settle(
    together: readonly ToSettle[],
    looked: Round['looked'],
    outcomes: Map<ToSettle, Outcome>,
  ): Promise<void> {
    const tried = await Promise.all(together.map((one) => this.opened(one, outcomes)));
    const opened = tried.filter((entry) => entry !== undefined);
    const payment = await this.paymentOf(opened[0]?.[1].subject);
    if (payment === undefined) return this.keepVerdicts(opened.map(([, notification]) => [notification, 'unmatched']));
    // All of them came before the first look, so that one look at a transaction answers for all that tell of it.
    const round: Round = { payment, looked, verdicts: [] };
    for (const [one, notification] of opened)
      outcomes.set(one, await this.settleOne(one, notification, round).catch(failedAlone));
    await this.keepVerdicts(round.verdicts);
  }

  /** undefined: it cannot be. */
  private async opened(
    one: ToSettle,
    outcomes: Map<ToSettle, Outcome>,
  ): Promise<readonly [ToSettle, ReceivedNotification] | undefined> {
    try {
      return [one, await receivedNotification(one.event, this.parts.personalData)];
    } catch (error) {
      outcomes.set(one, failedAlone(error));
      return undefined;
    }
  }

  /** undefined: nobody knows such an order here. */
  private async paymentOf(subject = ''): Promise<KnownAt | undefined> {
    if (!orderIdPattern.test(subject)) return undefined;
    const id = paymentIdOf(orderId(subject));
    const { state, revision } = await this.parts.histories.read(id);
    return state.phase === 'new' || revision === 'none' ? undefined : { id, state, revision };
  }

  private async settleOne(one: ToSettle, notification: ReceivedNotification, round: Round): Promise<Outcome> {
    const verdict = notification.raw === null ? 'erased' : await this.verdictOn(notification, notification.raw, round);
    if (verdict === 'unconfirmed' && one.looksAgain()) return { type: 'unconfirmed' };
    round.verdicts.push([notification, verdict]);
    // What moved the payment is told as that also when the process dies before the others are settled.
    if (verdict === 'applied') await this.keepVerdicts(round.verdicts.splice(0));
    return { type: 'settled' };
  }

  private async verdictOn(
    notification: ReceivedNotification,
    { body }: RawNotification,
    round: Round,
  ): Promise<NotificationVerdict> {
    // It was signed when it came; what it says is confirmed by Midtrans or by nobody.
    const reading = this.parts.reader.readAgain(Buffer.from(body, 'utf8'));
    if (reading.type !== 'notification')
      throw new Error(`A stored notification cannot be read any more: ${reading.type}`);
    const { observation } = reading.notification;
    const tidings = this.tidings(observation, round);
    if (tidings === 'nothing') return 'repeated';

    const { revision } = round.payment;
    await this.lookOnce(observation.transactionId, round, causeOf(notification));
    const left = this.tidings(observation, round);
    const moved = round.payment.revision !== revision;
    if (moved && (left === 'nothing' || left === 'less_refunded')) return 'applied';
    return tidings === 'less_refunded' ? 'repeated' : 'unconfirmed';
  }

  private async lookOnce(transactionId: TransactionId, round: Round, cause: Cause): Promise<void> {
    let failure = round.looked.get(transactionId);
    if (failure === undefined) {
      const called = await this.parts.looks.lookAt(transactionId, round.payment, cause);
      ({ payment: round.payment, failure } = called);
      round.looked.set(transactionId, failure);
    }
    if (failure) throw notLooked(failure);
  }

  private tidings(observation: GatewayObservation, { payment }: Round): Tidings {
    return tidingsOf(observation, payment.state, this.parts.clock.now(), this.parts.durations);
  }
}

/** A store that does not answer fails all that are settled together. */
const failedAlone = (error: unknown): Outcome => {
  if (error instanceof StoreUnavailable) throw error;
  return { type: 'failed', error };
};

/** What Midtrans has against this very request, or cannot tell in words that we read, will be the same again; anything else passes. */
const isAnswer = (failure: LookFailure): boolean =>
  failure.type === 'unreadable' || (failure.type === 'refused' && failure.because !== 'account');

const notLooked = (failure: LookFailure): Error =>
  isAnswer(failure) ? new Error(failure.message) : new NotNow(failure);

/** Midtrans did it; what it sent goes with the event, sealed with the customer's key (design D10). */
const causeOf = ({ eventId, inboxId, raw }: ReceivedNotification): Cause => ({
  actor: { kind: 'midtrans', id: 'midtrans', roles: [], address: null },
  correlationId: eventId,
  causationId: eventId,
  requestId: null,
  traceParent: null,
  notification: raw && { inboxId, ...raw },
});
