import { performance } from 'node:perf_hooks';
import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { SystemIds } from '../../src/adapters/system/system-ids.js';
import { answerTask } from '../processes/task.js';
import { quantile } from '../report/statistics.js';
import { someEvent } from './some-event.js';

/** Appends for a while through the log that the service uses: each to a stream of its own, so many at once. */
export interface AppendTask {
  readonly folder: string;
  readonly atOnce: number;
  readonly forMs: number;
}

export interface AppendResult {
  readonly perSecond: number;
  readonly p50Ms: number;
}

const appended = async ({ folder, atOnce, forMs }: AppendTask): Promise<AppendResult> => {
  const stores = openDataFolder({ folder });
  const ids = new SystemIds();
  const latencies: number[] = [];
  const startedAt = performance.now();
  const appendOneAfterTheOther = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const begunAt = performance.now();
      await stores.eventLog.append(`payment-${ids.next()}`, [someEvent(ids.next())], 'none');
      latencies.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, appendOneAfterTheOther));
  const seconds = (performance.now() - startedAt) / 1_000;
  stores.close();
  return { perSecond: latencies.length / seconds, p50Ms: quantile(latencies, 0.5) };
};

await answerTask(appended);
