import type { Benchmark, BenchParts } from '../bench.js';
import { eventsPerPayment, paymentIdNumbered } from '../log/payment-story.js';
import { alone } from '../processes/alone.js';
import { startBareKoa } from '../processes/bare-koa.js';
import { startByHand } from '../processes/by-hand.js';
import type { RunningServer } from '../processes/server.js';
import { startService, startSimulator } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import { variablesOf } from '../stores/bench-stores.js';
import { loaded, warmedUp, type Load } from './load.js';
import type { LoadResult } from './load-task.js';
import type { OrdersTask } from './orders-task.js';

const atOnce = 32;

/** `GET /payments/{id}`: identified, found, opened, shown. */
export const reads: Benchmark = {
  name: 'reads',
  async measure(parts) {
    const { place, events } = await parts.builtLog();
    const simulator = await startSimulator(parts.folder('midtrans'));
    const service = await startService({ place, role: 'api', simulator: null });
    const bare = await startBareKoa(variablesOf(place));
    const byHand = await startByHand(parts.stores, simulator);
    try {
      return await compared(parts, Math.floor(events / eventsPerPayment), { service, bare, byHand });
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

const compared = async (
  { pace }: BenchParts,
  payments: number,
  { service, bare, byHand }: Compared,
): Promise<readonly Figure[]> => {
  const again = numbered(0, pace.orders);
  const load = ({ url }: RunningServer, ids = again): Load => ({ url, kind: { of: 'reads', ids }, atOnce });
  const loadByHand = byHand && (await ownReads(byHand, pace.orders));
  await warmedUp(pace, [load(service), load(bare), ...(loadByHand ? [loadByHand] : [])]);
  const [newToUs, newToBare] = [service, bare].map(() => inParts(payments, pace.rounds));
  const measured = await inRounds(pace.rounds, {
    ours: () => loaded(pace, load(service)),
    bare: () => loaded(pace, load(bare)),
    byHand: loadByHand && (() => loaded(pace, loadByHand)),
    oursAtFirst: () => loaded(pace, load(service, newToUs?.())),
    bareAtFirst: () => loaded(pace, load(bare, newToBare?.())),
  });
  const figure = (work: string, ours: LoadResult, ceiling: LoadResult): Figure => ({
    work,
    unit: 'per second',
    ours: ours.perSecond,
    ceiling: { what: 'bare Koa handler, one document', value: ceiling.perSecond },
    byHand: null,
    aim: null,
  });
  return [
    {
      ...figure(`one payment read, ${atOnce} at once`, measured.ours, measured.bare),
      byHand: measured.byHand?.perSecond ?? null,
      aim: { kind: 'share', atLeast: 0.8 },
    },
    figure('the same, of payments not read lately', measured.oursAtFirst, measured.bareAtFirst),
  ];
};

const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => paymentIdNumbered(from + n));

/** At each call another of so many parts, so that no round finds what one before has left in somebody's memory; the last first. */
const inParts = (payments: number, parts: number): (() => readonly string[]) => {
  const size = Math.max(1, Math.floor(payments / parts));
  let part = 0;
  return () => {
    const to = payments - (part++ % parts) * size;
    return numbered(to - size, to).toReversed();
  };
};

/** Of payments that are made first. */
const ownReads = async ({ url }: RunningServer, orders: number): Promise<Load> => {
  const ids = await alone<readonly string[]>('http/orders-task.js', { url, orders } satisfies OrdersTask);
  return { url, kind: { of: 'reads', ids }, atOnce };
};
