import { alone } from '../processes/alone.js';
import { median } from '../report/statistics.js';
import type { LoadResult, LoadTask } from './load-task.js';

/** A server's code is compiled only after thousands of requests; the caller's own is soon. */
const serverWarmUpMs = 3_000;
const warmUpMs = 300;
const forMs = 1_500;
const rounds = 3;

type Load = Pick<LoadTask, 'url' | 'kind' | 'atOnce'>;

/** Measured in turn, so that whatever else this machine does disturbs all alike; of each the middle round. */
export const inRounds = async (loads: readonly Load[]): Promise<readonly LoadResult[]> => {
  const results: LoadResult[][] = loads.map(() => []);
  for (const load of loads) await alone('http/load-task.js', { ...load, warmUpMs, forMs: serverWarmUpMs });
  for (let round = 0; round < rounds; round += 1)
    for (const [n, load] of loads.entries())
      results[n]?.push(await alone<LoadResult>('http/load-task.js', { ...load, warmUpMs, forMs }));
  return results.map(middle);
};

const middle = (results: readonly LoadResult[]): LoadResult => ({
  perSecond: median(results.map(({ perSecond }) => perSecond)),
  p50Ms: median(results.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
  ownCpu: median(results.map(({ ownCpu }) => ownCpu)),
});
