import type { Benchmark, BenchParts } from '../bench.js';
import { alone } from '../processes/alone.js';
import { inRounds } from '../rounds/rounds.js';
import type { Figure } from '../report/figure.js';
import type { AppendTask } from './append-task.js';
import type { AppendResult } from './appending.js';

/** Durable appends, alone and together: each is answered when it is on the disk. */
export const appends: Benchmark = {
  name: 'appends',
  async measure(parts) {
    const figures: Figure[] = [];
    for (const atOnce of [1, 64]) {
      const { ours, raw } = await inRounds(parts.pace.rounds, {
        ours: () => appendsBy('appends/append-task.js', parts, { event: 'PaymentPending', atOnce }),
        raw: rawAppends(parts, { event: 'PaymentPending', atOnce }),
      });
      figures.push({
        work: `durable appends, ${atOnce} at once`,
        unit: 'per second',
        ours: ours.perSecond,
        ceiling: { what: parts.stores.raw.appends.what, value: raw.perSecond },
        byHand: null,
        aim: null,
      });
    }
    return figures;
  },
};

type Appends = Pick<AppendTask, 'event' | 'atOnce'>;

/** The same without us, for one round. */
export const rawAppends =
  (parts: BenchParts, wish: Appends): (() => Promise<AppendResult>) =>
  () =>
    appendsBy(parts.stores.raw.appends.script, parts, wish);

const appendsBy = (script: string, { stores, pace }: BenchParts, wish: Appends): Promise<AppendResult> => {
  const task: AppendTask = { ...wish, place: stores.fresh('appends'), forMs: pace.forMs };
  return alone<AppendResult>(script, task);
};
