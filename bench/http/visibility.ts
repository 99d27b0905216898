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
      return [
        ...(await compared(parts, { service, simulator, byHand }, 1)),
        ...(await compared(parts, { service, simulator, byHand }, many)),
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

const compared = async (
  { pace }: BenchParts,
  { service, simulator, byHand }: Compared,
  atOnce: number,
): Promise<readonly Figure[]> => {
  const payments = atOnce === 1 ? pace.watched.alone : pace.watched.together;
  const watched = ({ url }: RunningServer): Promise<Watched> =>
    alone<Watched>('http/watch-task.js', { url, simulatorUrl: simulator.url, payments, atOnce } satisfies WatchTask);
  const measured = await inRounds(pace.rounds, {
    ours: () => watched(service),
    byHand: byHand && (() => watched(byHand)),
  });
  const figure = (which: 'p50Ms' | 'p99Ms', name: string): Figure => ({
    work: `from a notification to what a GET shows, ${atOnce === 1 ? 'one at a time' : `${atOnce} at once`}, ${name}`,
    unit: 'ms',
    ours: measured.ours[which],
    ceiling: null,
    byHand: measured.byHand?.[which] ?? null,
    aim: null,
  });
  return [figure('p50Ms', 'p50'), figure('p99Ms', 'p99')];
};
