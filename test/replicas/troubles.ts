import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../support/eventstoredb/faults.js';
import type { ServerProcess } from '../support/eventstoredb/server-process.js';
import { cuts, type Line } from '../support/line.js';
import type { Chance } from './chance.js';
import type { Replica } from './replica.js';

export interface Endangered {
  readonly replicas: readonly Replica[];
  readonly eventStoreLine: Line;
  readonly mongoLine: Line;
  /** Our own test server can do more harm than a wire can; undefined: the server is somebody else's. */
  readonly eventStore: ServerProcess | undefined;
}

/** What has been done to them. */
export interface Harm {
  kills: number;
  readonly cuts: Record<string, number>;
  faults: number;
}

const backWithinMs = 8_000;

const between = (chance: Chance, fromMs: number, toMs: number, signal: AbortSignal): Promise<unknown> =>
  sleep(chance.between(fromMs, toMs), undefined, { signal }).catch(() => undefined);

/** Everything that goes wrong until `signal` aborts. Afterwards all replicas run and all lines are whole. */
export const makeTrouble = async (endangered: Endangered, chance: Chance, signal: AbortSignal): Promise<Harm> => {
  const harm: Harm = { kills: 0, cuts: {}, faults: 0 };
  await Promise.all([
    killNowAndThen(endangered, chance.of('kills'), signal, harm),
    cutNowAndThen(endangered, chance.of('cuts'), signal, harm),
    confuseEventStore(endangered, chance.of('store faults'), signal, harm),
  ]);
  return harm;
};

/** Mostly the next is killed when the last one is back, so that somebody serves however slow the machine is; now and then before. */
const killNowAndThen = async ({ replicas }: Endangered, chance: Chance, signal: AbortSignal, harm: Harm) => {
  for (;;) {
    await between(chance, 1_000, 4_000, signal);
    if (signal.aborted) return;
    const replica = chance.pick(replicas);
    await replica.kill();
    harm.kills += 1;
    await between(chance, 100, 2_000, signal);
    replica.begin();
    if (chance.happens(0.7)) await replica.back(backWithinMs, signal);
  }
};

const cutNowAndThen = async (endangered: Endangered, chance: Chance, signal: AbortSignal, harm: Harm) => {
  const lines = { eventstoredb: endangered.eventStoreLine, mongodb: endangered.mongoLine };
  const which = [['eventstoredb'], ['mongodb'], ['eventstoredb', 'mongodb']] as const;
  for (;;) {
    await between(chance, 5_000, 12_000, signal);
    if (signal.aborted) return;
    const [names, how] = [chance.pick(which), chance.pick(cuts)];
    for (const name of names) lines[name].cut(how);
    await between(chance, 1_000, 6_000, signal);
    for (const name of names) lines[name].mend();
    const what = `${names.join(' and ')} ${how}`;
    harm.cuts[what] = (harm.cuts[what] ?? 0) + 1;
  }
};

const faults: readonly Fault[] = [
  { operation: 'append', kind: 'answer-lost', times: 3 },
  { operation: 'append', kind: 'cut-off', times: 3 },
  { operation: 'append', kind: 'ignored', times: 2 },
  { operation: 'append', kind: 'unavailable', times: 10 },
  { operation: 'append', kind: 'slow', delayMs: 1_500, times: 5 },
  { operation: 'read', kind: 'dropped', afterEvents: 1, times: 3 },
  { operation: 'subscribe', kind: 'dropped', afterEvents: 3, times: 2 },
];

const confuseEventStore = async ({ eventStore }: Endangered, chance: Chance, signal: AbortSignal, harm: Harm) => {
  if (!eventStore) return;
  for (;;) {
    await between(chance, 1_000, 4_000, signal);
    if (signal.aborted) break;
    const fault = chance.happens(0.2) ? 'drop-subscriptions' : { arm: chance.pick(faults) };
    await eventStore.command(fault);
    harm.faults += 1;
  }
  await eventStore.command('heal');
};
