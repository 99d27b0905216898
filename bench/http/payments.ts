import { rawAppends } from '../appends/appends.js';
import type { Benchmark, BenchParts } from '../bench.js';
import { startByHand } from '../processes/by-hand.js';
import type { RunningServer } from '../processes/server.js';
import { startService, startSimulator } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import { loaded, warmedUp, type Load } from './load.js';

const many = 64;

/**
 * Payments made while the simulator answers at once, in a process of its own. Our own share of the latency is what is left without
 * the time that the same charge takes by itself; of the slowest, too, only the usual time of a charge is taken off.
 */
export const payments: Benchmark = {
  name: 'payments',
  async measure(parts) {
    const { stores, folder } = parts;
    const simulator = await startSimulator(folder('midtrans'));
    const service = await startService({ place: stores.fresh('payments'), role: 'all', simulator });
    const byHand = await startByHand(stores, simulator);
    try {
      return await compared(parts, { service, simulator, byHand });
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

const compared = async (parts: BenchParts, { service, simulator, byHand }: Compared): Promise<readonly Figure[]> => {
  const { pace, stores } = parts;
  const payment = ({ url }: RunningServer, atOnce: number): Load => ({ url, kind: { of: 'payments' }, atOnce });
  const charge = (atOnce: number): Load => ({ url: simulator.url, kind: { of: 'charges' }, atOnce });
  await warmedUp(pace, [payment(service, many), ...(byHand ? [payment(byHand, many)] : []), charge(many)]);
  const alone = await inRounds(pace.rounds, {
    made: () => loaded(pace, payment(service, 1)),
    byHand: byHand && (() => loaded(pace, payment(byHand, 1))),
    charged: () => loaded(pace, charge(1)),
    appended: rawAppends(parts, { event: 'PaymentPending', atOnce: 1 }),
  });
  const together = await inRounds(pace.rounds, {
    made: () => loaded(pace, payment(service, many)),
    byHand: byHand && (() => loaded(pace, payment(byHand, many))),
    charged: () => loaded(pace, charge(many)),
  });
  const twoAppendsMs = 2 * alone.appended.p50Ms;
  const withoutCharge = (ms: number | undefined): number | null => (ms === undefined ? null : ms - alone.charged.p50Ms);
  return [
    {
      work: `payments made, ${many} at once`,
      unit: 'per second',
      ours: together.made.perSecond,
      ceiling: { what: 'charges by the simulator alone', value: together.charged.perSecond },
      byHand: together.byHand?.perSecond ?? null,
      aim: stores.servers === null ? { kind: 'least', atLeast: 1_000 } : null,
    },
    {
      work: `a payment, ${many} at once, p99`,
      unit: 'ms',
      ours: together.made.p99Ms,
      ceiling: { what: 'a charge by the simulator alone', value: together.charged.p99Ms },
      byHand: together.byHand?.p99Ms ?? null,
      aim: null,
    },
    {
      work: 'our share of a payment, one at a time, p50',
      unit: 'ms',
      ours: alone.made.p50Ms - alone.charged.p50Ms,
      ceiling: { what: 'two raw appends', value: twoAppendsMs },
      byHand: withoutCharge(alone.byHand?.p50Ms),
      aim: { kind: 'most', atMost: 3 + twoAppendsMs },
    },
    {
      work: 'our share of a payment, one at a time, p99',
      unit: 'ms',
      ours: alone.made.p99Ms - alone.charged.p50Ms,
      ceiling: null,
      byHand: withoutCharge(alone.byHand?.p99Ms),
      aim: { kind: 'most', atMost: 25 },
    },
  ];
};
