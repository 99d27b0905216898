import { alone } from '../processes/alone.js';
import { median } from '../report/statistics.js';
import type { LoadResult, LoadTask } from './load-task.js';

const warmUpMs = 1_000;
const forMs = 2_000;
const rounds = 3;

type Load = Pick<LoadTask, 'url' | 'kind' | 'atOnce'>;

/** Measured in turn, so that whatever else this machine does disturbs all alike; of each the middle round. */
export const inRounds = async (loads: readonly Load[]): Promise<readonly LoadResult[]> => {
  const results: LoadResult[][] = loads.map(() => []);
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
