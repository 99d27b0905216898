import { AesPersonalData } from '../../src/adapters/crypto/aes-personal-data.js';
import { SystemIds } from '../../src/adapters/system/system-ids.js';
import { PaymentHistories, type PaymentAt } from '../../src/application/payments/payment-histories.js';
import type { Clock } from '../../src/application/ports/clock.js';
import { durations } from '../../src/domain/payments/durations.js';
import { instant } from '../../src/domain/time/instant.js';
import type { StorePorts } from '../../src/infrastructure/stores.js';
import { answerTask } from '../processes/task.js';
import { silence } from '../processes/silence.js';
import type { Place } from '../stores/bench-stores.js';
import { openPlace } from '../stores/open-place.js';
import { makePayment, settlePayment, eventsPerPayment } from './payment-story.js';

/** Writes a log of bank transfers as the service itself would, decided, sealed and all: three events for each payment. */
export interface LogTask {
  readonly place: Place;
  readonly events: number;
  /** Payments that are made, and as many that are paid. */
  readonly atOnce: number;
  /** 32 bytes in base64. */
  readonly encryptionKey: string;
}

/** Payments that wait for their customers at any moment: the settlement stands so many payments after the beginning. */
const waitingMax = 3_000;
const paymentEveryMs = 20;

/** Time stands still while payments are made, so that the log is the same on a fast and on a slow machine. */
class LogClock implements Clock {
  ms = Date.parse('2026-11-23T05:49:00.000Z');
  now = () => instant(this.ms);
  monotonicMs = () => this.ms;
  sleep = () => Promise.resolve();
}

const writeLog = async (stores: StorePorts, { events, atOnce, encryptionKey }: LogTask): Promise<void> => {
  const clock = new LogClock();
  const personalData = new AesPersonalData(stores.wrappedKeys, [Buffer.from(encryptionKey, 'base64')], clock);
  const { eventLog } = stores;
  const histories = new PaymentHistories({
    eventLog,
    personalData,
    clock,
    ids: new SystemIds(),
    journal: silence,
    durations,
  });
  const waiting = new Map<number, PaymentAt>();
  const make = async (number: number): Promise<void> => void waiting.set(number, await makePayment(histories, number));
  const settle = async (number: number, payment: PaymentAt): Promise<void> => {
    waiting.delete(number);
    await settlePayment(histories, number, payment, clock.now());
  };
  const payments = Math.ceil(events / eventsPerPayment);
  for (let made = 0; made < payments; made += atOnce) {
    clock.ms += atOnce * paymentEveryMs;
    const numbers = Array.from({ length: Math.min(atOnce, payments - made) }, (_, n) => made + n);
    const paid = [...waiting].slice(0, Math.max(0, waiting.size + numbers.length - waitingMax));
    await Promise.all([...numbers.map(make), ...paid.map(([number, payment]) => settle(number, payment))]);
  }
  while (waiting.size > 0)
    await Promise.all([...waiting].slice(0, atOnce).map(([number, payment]) => settle(number, payment)));
};

await answerTask(async (task: LogTask) => {
  const stores = await openPlace(task.place);
  try {
    await writeLog(stores, task);
  } finally {
    await stores.close();
  }
});
