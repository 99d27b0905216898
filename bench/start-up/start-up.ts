import type { Benchmark } from '../bench.js';
import { startService, startSimulator } from '../processes/service.js';
import { median } from '../report/statistics.js';

const count = new Intl.NumberFormat('en');
const starts = 3;

/** From the start of the process to the first 200 of `/readyz`, on a log that has been in use for long. */
export const startUp: Benchmark = {
  name: 'start-up',
  async measure({ builtLog, folder }) {
    const { place, events } = await builtLog();
    const simulator = await startSimulator(folder('midtrans'));
    const ms: number[] = [];
    try {
      for (let start = 0; start < starts; start += 1) {
        const service = await startService({ place, role: 'all', simulator });
        ms.push(service.startedWithinMs);
        await service.stop();
      }
    } finally {
      await simulator.stop();
    }
    return [
      {
        work: `start-up with ${count.format(events)} events, until ready`,
        unit: 'ms',
        ours: median(ms),
        ceiling: null,
        byHand: null,
        aim: { kind: 'most', atMost: 1_000 },
      },
    ];
  },
};
