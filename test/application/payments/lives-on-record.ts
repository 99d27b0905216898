import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { PaymentHistories } from '../../../src/application/payments/payment-histories.js';
import { paymentIdOf } from '../../../src/application/payments/payment-identity.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import type { EventLog } from '../../../src/application/ports/event-log.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { orderId, type OrderId, type PaymentId } from '../../../src/domain/payments/identity.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import { commandOf, firstMoment, type Saying, type Step } from '../../domain/payments/payment-story.js';
import { MemoryJournal } from '../../service/memory-journal.js';

/** Time that passes only where a story says so. */
export class ToldClock implements Clock {
  private at: Instant = firstMoment;

  now(): Instant {
    return this.at;
  }

  monotonicMs(): number {
    return Date.parse(this.at);
  }

  sleep(ms: number): Promise<void> {
    this.at = after(this.at, ms);
    return Promise.resolve();
  }
}

export interface Records {
  readonly histories: PaymentHistories;
  readonly journal: MemoryJournal;
  readonly clock: ToldClock;
  readonly personalData: AesPersonalData;
}

/** Histories over real stores, in told time. */
export const recordsIn = (stores: DataFolder, eventLog: EventLog = stores.eventLog): Records => {
  const clock = new ToldClock();
  const journal = new MemoryJournal();
  const personalData = new AesPersonalData(stores.wrappedKeys, [Buffer.alloc(32, 7)], clock);
  const ids = new SystemIds();
  return {
    histories: new PaymentHistories({ eventLog, personalData, clock, ids, journal, durations }),
    journal,
    clock,
    personalData,
  };
};

/** The same story of another order. */
const ofOrder = (step: Saying, order: OrderId): Saying => {
  if (step.type === 'InitiatePayment') return { ...step, order: { ...step.order, orderId: order } };
  if (step.type === 'ObserveGatewayStatus') return { ...step, observation: { ...step.observation, orderId: order } };
  return step;
};

export const cause = systemCause('story', 'correlation-1');

/** Puts a life on record, step by step, as the use cases would. What the rules reject is no event. */
export const record = async (
  { histories, clock }: Records,
  order: string,
  steps: readonly Step[],
): Promise<PaymentId> => {
  const id = paymentIdOf(orderId(order));
  for (const step of steps)
    if (step.type === 'Wait') await clock.sleep(step.ms);
    else {
      const saying = ofOrder(step, orderId(order));
      const { state } = await histories.read(id);
      await histories.transact(id, commandOf(saying, state, clock.now()), cause);
    }
  return id;
};
