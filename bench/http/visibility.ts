import type { Benchmark, BenchParts } from '../bench.js';
import { alone } from '../processes/alone.js';
import { startByHand } from '../processes/by-hand.js';
import type { RunningServer } from '../processes/server.js';
import { startService, startSimulator } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import type { Watched, WatchTask } from './watch-task.js';

const many = 64;

/** From the POST of a notification until `GET /payments/{id}` shows what it told: stored, confirmed by GET status, decided, folded. */
export const visibility: Benchmark = {
  name: 'visibility',
  async measure(parts) {
    const { stores, folder } = parts;
    const simulator = await startSimulator(folder('midtrans'));
    const service = await startService({ place: stores.fresh('visibility'), role: 'all', simulator });
    const byHand = await startByHand(stores, simulator);
    try {
      const oneByOne = await compared(parts, { service, simulator, byHand }, 1);
      const together = await compared(parts, { service, simulator, byHand }, many);
      return [
        figure('p50Ms', 'from a notification to what a GET shows, one at a time, p50', oneByOne),
        figure('p99Ms', 'from a notification to what a GET shows, one at a time, p99', oneByOne),
        figure('p50Ms', `from a notification to what a GET shows, ${many} at once, p50`, together),
        figure('p99Ms', `from a notification to what a GET shows, ${many} at once, p99`, together),
        figure('perSecond', `notifications until a GET shows them, ${many} at once`, together),
      ];
    } finally {
      await service.stop();
      await byHand?.stop();
      await simulator.stop();
    }
  },
};

interface Compared {
  readonly service: RunningServer;
  readonly simulator: RunningServer;
  readonly byHand: RunningServer | null;
}

interface Measured {
  readonly ours: Watched;
  readonly byHand: Watched | null;
}

const compared = (
  { pace }: BenchParts,
  { service, simulator, byHand }: Compared,
  atOnce: number,
): Promise<Measured> => {
  const payments = atOnce === 1 ? pace.watched.alone : pace.watched.together;
  const watched = ({ url }: RunningServer): Promise<Watched> =>
    alone<Watched>('http/watch-task.js', { url, simulatorUrl: simulator.url, payments, atOnce } satisfies WatchTask);
  return inRounds(pace.rounds, { ours: () => watched(service), byHand: byHand && (() => watched(byHand)) });
};

const figure = (which: keyof Watched, work: string, { ours, byHand }: Measured): Figure => ({
  work,
  unit: which === 'perSecond' ? 'per second' : 'ms',
  ours: ours[which],
  ceiling: null,
  byHand: byHand?.[which] ?? null,
  aim: null,
});
