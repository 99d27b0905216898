import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerTask } from '../processes/task.js';
import { quantile } from '../report/statistics.js';
import { atOnce as workedOn } from './at-once.js';
import { amount, bearer, notificationOf, paymentOf, payOf, readOf } from './requests.js';
import { ask, send } from './send.js';

/**
 * Makes payments and pays them; then tells the server of each by a notification, so many at once, and asks for it again and again
 * until it is shown as settled.
 */
export interface WatchTask {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly payments: number;
  readonly atOnce: number;
}

export type Watched = { readonly perSecond: number; readonly p50Ms: number; readonly p99Ms: number };

interface Paid {
  readonly id: string;
  readonly orderId: string;
  readonly transactionId: string;
}

const connections = 64;
/** What was made is in the read model by then, so that no GET has to look into the log. */
const settleDownMs = 500;
const shownWithinMs = 30_000;
/** Between two GETs: the time found is at most so much too long. Many who ask without a pause would be all that is measured. */
const pollMs = { alone: 1, together: 10 };

const watched = async ({ url, simulatorUrl, payments, atOnce }: WatchTask): Promise<Watched> => {
  const service = new Pool(url, { connections, pipelining: 1 });
  const simulator = new Pool(simulatorUrl, { connections, pipelining: 1 });
  const authorization = await bearer();
  const orders = Array.from({ length: payments }, () => `order-${randomUUID()}`);
  const paid = await workedOn(connections, orders, async (orderId): Promise<Paid> => {
    const { id } = await ask(service, paymentOf(orderId, authorization));
    const { transaction_id: transactionId } = await ask(simulator, payOf(orderId));
    return { id: String(id), orderId, transactionId: String(transactionId) };
  });
  await pause(settleDownMs);
  const everyMs = atOnce === 1 ? pollMs.alone : pollMs.together;
  const startedAt = performance.now();
  const latencies = await workedOn(atOnce, paid, (payment) => untilShown(service, payment, authorization, everyMs));
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all([service.close(), simulator.close()]);
  return { perSecond: payments / seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
};

/** In ms, from the beginning of the POST to the end of the first GET that shows it. */
const untilShown = async (service: Pool, paid: Paid, authorization: string, everyMs: number): Promise<number> => {
  const { id, orderId, transactionId } = paid;
  const notification = notificationOf({ orderId, transactionId, amount, vaNumber: '81278500001' });
  const startedAt = performance.now();
  await send(service, notification);
  for (;;) {
    const { status } = await ask(service, readOf(id, authorization));
    const ms = performance.now() - startedAt;
    if (status === 'settlement') return ms;
    if (ms > shownWithinMs)
      throw new Error(`${orderId} is ${String(status)} ${shownWithinMs} ms after its notification`);
    await pause(everyMs);
  }
};

await answerTask(watched);
