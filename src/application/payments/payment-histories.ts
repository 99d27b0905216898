import type { PaymentCommand } from '../../domain/payments/commands.js';
import { decide } from '../../domain/payments/decide.js';
import type { Durations } from '../../domain/payments/durations.js';
import type { PaymentEvent } from '../../domain/payments/events.js';
import { evolve, evolveAll } from '../../domain/payments/evolve.js';
import type { PaymentId } from '../../domain/payments/identity.js';
import { isSealed } from '../../domain/personal.js';
import type { PaymentRejection } from '../../domain/payments/rejections.js';
import { newPayment, type KnownPayment, type PaymentState } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import { metadataOf } from '../audit/event-metadata.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, NewEvent, StoredEvent } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Journal } from '../ports/journal.js';
import { KeyDestroyed, type PersonalData, type Seal } from '../ports/personal-data.js';
import { alarmOf } from './payment-alarms.js';
import { failureOf } from './payment-failures.js';
import { streamOf } from './payment-identity.js';
import { paymentEventOf, storedDataOf, versionOf } from './stored-payment-events.js';

/** A payment as it stood after the event of `revision`; `none`: it does not exist. */
export interface PaymentAt {
  readonly id: PaymentId;
  readonly state: PaymentState;
  readonly revision: number | 'none';
}

export type Transacted =
  | {
      readonly type: 'done';
      readonly payment: PaymentAt & { readonly state: KnownPayment; readonly revision: number };
      /** What this transaction itself added; none: it was so already. */
      readonly events: readonly PaymentEvent[];
    }
  | { readonly type: 'rejected'; readonly rejection: PaymentRejection; readonly payment: PaymentAt };

/** A command without its time, which is the moment of deciding. */
export type TimelessCommand = PaymentCommand extends infer C
  ? C extends PaymentCommand
    ? Omit<C, 'at'>
    : never
  : never;

export type KnownAt = Extract<Transacted, { readonly type: 'done' }>['payment'];

export class TooManyConflicts extends Error {
  override readonly name = 'TooManyConflicts';
  constructor(id: PaymentId) {
    super(`Payment ${id} kept changing under our hands; nothing was written`);
  }
}

const conflictsMax = 20;

export interface PaymentHistoriesParts {
  readonly eventLog: EventLog;
  readonly personalData: PersonalData;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  readonly durations: Durations;
}

/** Reads and extends payments' histories: read, decide, append at the revision read; again from the start on a conflict. */
export class PaymentHistories {
  constructor(private readonly parts: PaymentHistoriesParts) {}

  async read(id: PaymentId): Promise<PaymentAt> {
    return stateAfter(id, await this.parts.eventLog.read(streamOf(id)));
  }

  /** As it stood after the event of `revision`. */
  async readAt(id: PaymentId, revision: number): Promise<PaymentAt> {
    return stateAfter(id, await this.parts.eventLog.read(streamOf(id), { limit: revision + 1 }));
  }

  /**
   * @param known what the caller believes the payment to be, to save a read; a conflict corrects it
   * @throws TooManyConflicts, StoreUnavailable
   */
  async transact(id: PaymentId, command: TimelessCommand, cause: Cause, known?: PaymentAt): Promise<Transacted> {
    const { clock, durations } = this.parts;
    let payment = known ?? (await this.read(id));
    for (let round = 0; round < conflictsMax; round += 1) {
      const decision = decide({ ...command, at: clock.now() }, payment.state, durations);
      if (decision.type === 'rejected') return { ...decision, payment };
      const result = await this.append(payment, decision.events, cause);
      if (result) return result;
      payment = await this.read(id);
    }
    throw new TooManyConflicts(id);
  }

  /** Puts on record how something ended: the rules never refuse that. @throws TooManyConflicts, StoreUnavailable */
  async record(payment: KnownAt, command: TimelessCommand, cause: Cause): Promise<KnownAt> {
    const recorded = await this.transact(payment.id, command, cause, payment);
    if (recorded.type === 'done') return recorded.payment;
    throw new Error(`${command.type} of payment ${payment.id} was refused: ${recorded.rejection.code}`);
  }

  /** undefined: somebody else appended first. */
  private async append(
    payment: PaymentAt,
    events: readonly PaymentEvent[],
    cause: Cause,
  ): Promise<Transacted | undefined> {
    const state = evolveAll(payment.state, events);
    if (state.phase === 'new') throw new Error(`Nothing was decided for the unknown payment ${payment.id}`);
    if (events.length === 0 && payment.revision !== 'none')
      return { type: 'done', payment: { ...payment, state, revision: payment.revision }, events };

    const stored = await this.stored(payment.id, events, state.userId, cause);
    const appended = await this.parts.eventLog.append(streamOf(payment.id), stored, payment.revision);
    if (appended.type === 'conflict') return undefined;
    this.tell(payment.id, state, events);
    return { type: 'done', payment: { id: payment.id, state, revision: appended.revision }, events };
  }

  private async stored(
    id: PaymentId,
    events: readonly PaymentEvent[],
    userId: string,
    cause: Cause,
  ): Promise<readonly NewEvent[]> {
    const seal = await this.sealOf(userId);
    return events.map((event) => {
      const eventId = this.parts.ids.next();
      const boundTo = `${streamOf(id)}/${eventId}`;
      return {
        id: eventId,
        type: event.type,
        version: versionOf(event.type),
        data: storedDataOf(withPersonalSealed(event, seal, boundTo)),
        metadata: metadataOf(event.at, cause, seal, boundTo),
      };
    });
  }

  /** null: the customer is erased. What becomes of the money is on record all the same, without what is personal. */
  private async sealOf(userId: string): Promise<Seal | null> {
    try {
      return await this.parts.personalData.sealFor(`customer:${userId}`);
    } catch (error) {
      if (error instanceof KeyDestroyed) return null;
      throw error;
    }
  }

  /** By who appended, and nobody else. */
  private tell(id: PaymentId, state: KnownPayment, events: readonly PaymentEvent[]): void {
    const { journal } = this.parts;
    for (const event of events) {
      const alarm = alarmOf(event);
      if (alarm) journal.alarm(alarm.name, alarm.message, { order_id: state.orderId, ...alarm.fields });
      const failure = failureOf(event, state);
      if (!failure) continue;
      const { outcome, error } = failure;
      journal.error(`Payment failed: order_id=${state.orderId}, error=${error}`, { payment_id: id, outcome });
    }
  }
}

const stateAfter = (id: PaymentId, stored: readonly StoredEvent[]): PaymentAt => ({
  id,
  state: stored.reduce<PaymentState>((state, event) => evolve(state, paymentEventOf(event)), newPayment),
  revision: stored.at(-1)?.revision ?? 'none',
});

const withPersonalSealed = (event: PaymentEvent, seal: Seal | null, boundTo: string): PaymentEvent => {
  if (!('personal' in event) || event.personal === null || isSealed(event.personal)) return event;
  return { ...event, personal: seal && { sealed: seal.seal(JSON.stringify(event.personal), boundTo) } };
};
