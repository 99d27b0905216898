import { afterEach, describe, expect, it } from '@jest/globals';
import { LeaseHolder, type LeaseTiming } from '../../../src/application/followers/lease-holder.js';
import type { Leases } from '../../../src/application/ports/leases.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { until } from '../../service/until.js';

const timing: LeaseTiming = { beatMs: 20, deadAfterMs: 150 };
const clock = new SystemClock();

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Leases that a process may be cut off from, as a killed or an isolated one is. */
class Reachable implements Leases {
  reachable = true;
  constructor(private readonly leases: Leases) {}
  read = (name: string) => this.ask(() => this.leases.read(name));
  take: Leases['take'] = (name, holder, seen) => this.ask(() => this.leases.take(name, holder, seen));
  beat: Leases['beat'] = (name, holder, epoch) => this.ask(() => this.leases.beat(name, holder, epoch));
  release: Leases['release'] = (name, holder, epoch) => this.ask(() => this.leases.release(name, holder, epoch));

  private ask<T>(work: () => Promise<T>): Promise<T> {
    return this.reachable ? work() : Promise.reject(new StoreUnavailable('cut off'));
  }
}

/** Who works, and under which epochs they began. */
class Work {
  readonly epochs: number[] = [];
  readonly names: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;

  by =
    (name: string) =>
    async (epoch: number, signal: AbortSignal): Promise<void> => {
      this.epochs.push(epoch);
      this.names.push(name);
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      await clock.sleep(60_000, signal);
      this.atOnce -= 1;
    };
}

const aProcess = (name: string, leases: Leases, work: Work) => {
  const abort = new AbortController();
  const reachable = new Reachable(leases);
  const holder = new LeaseHolder('background', name, {
    leases: reachable,
    clock,
    journal: new MemoryJournal(),
    timing,
  });
  const running = holder.run(abort.signal, work.by(name));
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  stops.push(stop);
  return { stop, reachable };
};

describe('background work that several processes want', () => {
  it('is done by one of them at a time', async () => {
    const { leases } = inMemory();
    const work = new Work();
    for (const name of ['a', 'b', 'c', 'd']) aProcess(name, leases, work);
    await until('work has begun', () => work.epochs.length > 0);
    await clock.sleep(timing.deadAfterMs * 2);
    expect([work.epochs, work.mostAtOnce]).toEqual([[1], 1]);
  });

  it('goes to another at once when its holder stops', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    await until('work has begun', () => work.names.length === 1);
    aProcess('b', leases, work);
    await first.stop();
    await until('work has begun', () => work.names.length === 2);
    expect([work.names, work.epochs, work.mostAtOnce]).toEqual([['a', 'b'], [1, 2], 1]);
  });

  it('is taken over from a holder that is cut off, which has stopped by itself before', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    await until('work has begun', () => work.names.length === 1);
    aProcess('b', leases, work);
    first.reachable.reachable = false;
    await until('work has begun', () => work.names.length === 2);
    expect([work.names, work.epochs, work.mostAtOnce]).toEqual([['a', 'b'], [1, 2], 1]);
  });

  it('is waited for while the store cannot be asked', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const { reachable } = aProcess('a', leases, work);
    reachable.reachable = false;
    await clock.sleep(timing.beatMs * 4);
    reachable.reachable = true;
    await until('work has begun', () => work.names.length > 0);
    expect(work.names).toEqual(['a']);
  });
});
