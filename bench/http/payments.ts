import type { AppendTask, AppendResult } from '../appends/append-task.js';
import type { Benchmark } from '../bench.js';
import { alone } from '../processes/alone.js';
import { startService, startSimulator } from '../processes/service.js';
import { inRounds } from './rounds.js';

const many = 64;

/**
 * Payments made while the simulator answers at once, in a process of its own. Our own share of the latency is what is left without
 * the time that the same charge takes by itself; of the slowest, too, only the usual time of a charge is taken off.
 */
export const payments: Benchmark = {
  name: 'payments',
  async measure({ folder }) {
    const append: AppendTask = { folder: folder('appends'), atOnce: 1, forMs: 1_000 };
    const { p50Ms: appendMs } = await alone<AppendResult>('appends/append-task.js', append);
    const simulator = await startSimulator(folder('midtrans'));
    const service = await startService({ dataDir: folder('payments'), role: 'all', simulator });
    try {
      const [made, charged, madeByMany, chargedByMany] = await inRounds([
        { url: service.url, kind: { of: 'payments' }, atOnce: 1 },
        { url: simulator.url, kind: { of: 'charges' }, atOnce: 1 },
        { url: service.url, kind: { of: 'payments' }, atOnce: many },
        { url: simulator.url, kind: { of: 'charges' }, atOnce: many },
      ]);
      if (!made || !charged || !madeByMany || !chargedByMany) throw new Error('A round is missing');
      return [
        {
          work: `payments made, ${many} at once`,
          unit: 'per second',
          ours: madeByMany.perSecond,
          ceiling: { what: 'charges by the simulator alone', value: chargedByMany.perSecond },
          aim: { kind: 'least', atLeast: 1_000 },
        },
        {
          work: `a payment, ${many} at once, p99`,
          unit: 'ms',
          ours: madeByMany.p99Ms,
          ceiling: { what: 'a charge by the simulator alone', value: chargedByMany.p99Ms },
          aim: null,
        },
        {
          work: 'our share of a payment, one at a time, p50',
          unit: 'ms',
          ours: made.p50Ms - charged.p50Ms,
          ceiling: { what: 'two appends', value: 2 * appendMs },
          aim: { kind: 'most', atMost: 3 + 2 * appendMs },
        },
        {
          work: 'our share of a payment, one at a time, p99',
          unit: 'ms',
          ours: made.p99Ms - charged.p50Ms,
          ceiling: null,
          aim: { kind: 'most', atMost: 25 },
        },
      ];
    } finally {
      await service.stop();
      await simulator.stop();
    }
  },
};
