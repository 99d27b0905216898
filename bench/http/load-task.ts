import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import { answerTask } from '../processes/task.js';
import { quantile } from '../report/statistics.js';
import { requestsOf, type Kind, type PreparedRequest } from './requests.js';
import { send } from './send.js';

/** Sends requests for a while, a fixed number of them at once, and waits for each answer. */
export interface LoadTask {
  readonly url: string;
  readonly kind: Kind;
  readonly atOnce: number;
  /** Not counted. */
  readonly warmUpMs: number;
  readonly forMs: number;
}

export type LoadResult = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of a core; near 1 the figure is this process's limit, not the server's. */
  readonly ownCpu: number;
};

const loaded = async ({ url, kind, atOnce, warmUpMs, forMs }: LoadTask): Promise<LoadResult> => {
  const pool = new Pool(url, { connections: atOnce, pipelining: 1 });
  const next = await requestsOf(kind);
  await sent(pool, next, atOnce, warmUpMs);
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const latencies = await sent(pool, next, atOnce, forMs);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  await pool.close();
  return {
    perSecond: latencies.length / (ms / 1_000),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    ownCpu: (user + system) / 1_000 / ms,
  };
};

/** How long each took, in ms. */
const sent = async (pool: Pool, next: () => PreparedRequest, atOnce: number, forMs: number): Promise<number[]> => {
  const latencies: number[] = [];
  const end = performance.now() + forMs;
  const sendOneAfterTheOther = async (): Promise<void> => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await send(pool, next());
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOneAfterTheOther));
  return latencies;
};

await answerTask(loaded);
