import type { Benchmark } from '../bench.js';
import { alone } from '../processes/alone.js';
import type { Figure } from '../report/figure.js';
import { median } from '../report/statistics.js';
import type { AppendResult } from './append-task.js';

const rounds = 3;
const forMs = 1_500;

/** Durable appends, alone and together: each is answered when it is on the disk. */
export const appends: Benchmark = {
  name: 'appends',
  async measure({ folder }) {
    const figures: Figure[] = [];
    for (const atOnce of [1, 64]) {
      const measured = async (script: string): Promise<number> =>
        (await alone<AppendResult>(script, { folder: folder('appends'), atOnce, forMs })).perSecond;
      const ours: number[] = [];
      const raw: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await measured('appends/append-task.js'));
        raw.push(await measured('appends/raw-append-task.js'));
      }
      figures.push({
        work: `durable appends, ${atOnce} at once`,
        unit: 'per second',
        ours: median(ours),
        ceiling: { what: 'raw better-sqlite3, same groups', value: median(raw) },
        aim: null,
      });
    }
    return figures;
  },
};
