import type { Benchmark, BenchParts } from '../bench.js';
import { paymentIdNumbered } from '../log/payment-story.js';
import { alone } from '../processes/alone.js';
import { startBareKoa } from '../processes/bare-koa.js';
import { startByHand } from '../processes/by-hand.js';
import type { RunningServer } from '../processes/server.js';
import { startService, startSimulator } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import { variablesOf } from '../stores/bench-stores.js';
import { loaded, warmedUp, type Load } from './load.js';
import type { OrdersTask } from './orders-task.js';

const atOnce = 32;

/** `GET /payments/{id}`: identified, found, opened, shown. */
export const reads: Benchmark = {
  name: 'reads',
  async measure(parts) {
    const { place } = await parts.builtLog();
    const simulator = await startSimulator(parts.folder('midtrans'));
    const service = await startService({ place, role: 'api', simulator: null });
    const bare = await startBareKoa(variablesOf(place));
    const byHand = await startByHand(parts.stores, simulator);
    try {
      return [await compared(parts, { service, bare, byHand })];
    } finally {
      for (const server of [service, bare, byHand, simulator]) await server?.stop();
    }
  },
};

interface Compared {
  readonly service: RunningServer;
  readonly bare: RunningServer;
  readonly byHand: RunningServer | null;
}

const compared = async ({ pace }: BenchParts, { service, bare, byHand }: Compared): Promise<Figure> => {
  const ids = Array.from({ length: pace.orders }, (_, n) => paymentIdNumbered(n));
  const load = ({ url }: RunningServer): Load => ({ url, kind: { of: 'reads', ids }, atOnce });
  const loadByHand = byHand && (await ownReads(byHand, pace.orders));
  await warmedUp(pace, [load(service), load(bare), ...(loadByHand ? [loadByHand] : [])]);
  const measured = await inRounds(pace.rounds, {
    ours: () => loaded(pace, load(service)),
    bare: () => loaded(pace, load(bare)),
    byHand: loadByHand && (() => loaded(pace, loadByHand)),
  });
  return {
    work: `one payment read, ${atOnce} at once`,
    unit: 'per second',
    ours: measured.ours.perSecond,
    ceiling: { what: 'bare Koa handler, one document', value: measured.bare.perSecond },
    byHand: measured.byHand?.perSecond ?? null,
    aim: { kind: 'share', atLeast: 0.8 },
  };
};

/** Of payments that are made first. */
const ownReads = async ({ url }: RunningServer, orders: number): Promise<Load> => {
  const ids = await alone<readonly string[]>('http/orders-task.js', { url, orders } satisfies OrdersTask);
  return { url, kind: { of: 'reads', ids }, atOnce };
};
