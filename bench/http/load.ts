import { alone } from '../processes/alone.js';
import type { Pace } from '../rounds/pace.js';
import type { LoadResult, LoadTask } from './load-task.js';

export type Load = Pick<LoadTask, 'url' | 'kind' | 'atOnce'>;

/** One round. */
export const loaded = ({ warmUpMs, forMs }: Pace, load: Load): Promise<LoadResult> =>
  alone<LoadResult>('http/load-task.js', { ...load, warmUpMs, forMs } satisfies LoadTask);

/** Before the first round, so that no server is measured while its code is still compiled. */
export const warmedUp = async ({ warmUpMs, serverWarmUpMs }: Pace, loads: readonly Load[]): Promise<void> => {
  for (const load of loads)
    await alone('http/load-task.js', { ...load, warmUpMs, forMs: serverWarmUpMs } satisfies LoadTask);
};
