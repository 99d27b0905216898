import { rawAppends } from '../appends/appends.js';
import type { Benchmark, BenchParts } from '../bench.js';
import { alone } from '../processes/alone.js';
import { startBareKoa } from '../processes/bare-koa.js';
import { startByHand } from '../processes/by-hand.js';
import type { RunningServer } from '../processes/server.js';
import { startService, startSimulator } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import { loaded, warmedUp, type Load } from './load.js';
import type { OrdersTask } from './orders-task.js';

const atOnce = 64;

/**
 * HTTP in, checked, raw stored durably, 200 out. What bounds it is HTTP where we store in our own process, and the server's appends
 * where there is one.
 */
export const notifications: Benchmark = {
  name: 'notifications',
  async measure(parts) {
    const { stores, folder } = parts;
    const simulator = await startSimulator(folder('midtrans'));
    const accepting = await startService({ place: stores.fresh('accepting'), role: 'api', simulator: null });
    const working = await startService({ place: stores.fresh('working'), role: 'all', simulator: null });
    const bare = stores.servers === null ? await startBareKoa() : null;
    const byHand = await startByHand(stores, simulator);
    try {
      return await compared(parts, { accepting, working, bare, byHand });
    } finally {
      for (const server of [accepting, working, bare, byHand, simulator]) await server?.stop();
    }
  },
};

interface Compared {
  readonly accepting: RunningServer;
  readonly working: RunningServer;
  readonly bare: RunningServer | null;
  readonly byHand: RunningServer | null;
}

const compared = async (parts: BenchParts, servers: Compared): Promise<readonly Figure[]> => {
  const { pace, stores } = parts;
  const { accepting, working, bare, byHand } = servers;
  const load = ({ url }: RunningServer): Load => ({ url, kind: { of: 'notifications', orders: pace.orders }, atOnce });
  // It changes rows, so they have to be there.
  if (byHand) await alone('http/orders-task.js', { url: byHand.url, orders: pace.orders } satisfies OrdersTask);
  await warmedUp(
    pace,
    [accepting, working, bare, byHand].flatMap((server) => (server ? load(server) : [])),
  );
  const measured = await inRounds(pace.rounds, {
    accepted: () => loaded(pace, load(accepting)),
    worked: () => loaded(pace, load(working)),
    best: bare ? () => loaded(pace, load(bare)) : rawAppends(parts, { event: 'NotificationReceived', atOnce }),
    byHand: byHand && (() => loaded(pace, load(byHand))),
  });
  const what = bare ? 'bare Koa handler, same JSON' : stores.raw.appends.what;
  const figure = (work: string, ours: number, aim: Figure['aim']): Figure => ({
    work,
    unit: 'per second',
    ours,
    ceiling: { what, value: measured.best.perSecond },
    byHand: measured.byHand?.perSecond ?? null,
    aim,
  });
  const share = stores.servers === null ? 0.75 : 0.9;
  return [
    figure(`notifications accepted, ${atOnce} at once`, measured.accepted.perSecond, { kind: 'share', atLeast: share }),
    figure('the same, worked on in the same process', measured.worked.perSecond, null),
  ];
};
