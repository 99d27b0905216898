import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { fairShare } from '../../../src/application/followers/even-spread.js';
import { PartitionHolder, seatNames, type LeaseTiming } from '../../../src/application/followers/partition-holder.js';
import { partitionCount, type Held } from '../../../src/application/followers/partitions.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { Leases } from '../../../src/application/ports/leases.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { until } from '../../service/until.js';

const timing: LeaseTiming = { beatMs: 10, deadAfterMs: 400 };
const clock = new SystemClock();

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Leases that a process may be cut off from, as an isolated one is; or that answer no more, as to one that hangs. */
class Reachable implements Leases {
  reachable = true;
  constructor(private readonly leases: Leases) {}
  read: Leases['read'] = (names) => this.ask(() => this.leases.read(names));
  take: Leases['take'] = (...args) => this.ask(() => this.leases.take(...args));
  beat: Leases['beat'] = (name, holder, epoch) => this.ask(() => this.leases.beat(name, holder, epoch));
  release: Leases['release'] = (name, holder, epoch) => this.ask(() => this.leases.release(name, holder, epoch));

  private ask<T>(work: () => Promise<T>): Promise<T> {
    return this.reachable ? work() : Promise.reject(new StoreUnavailable('cut off'));
  }
}

/** Who works on which partition, and whether two ever did at once. */
class Work {
  readonly workers = new Map<number, Set<string>>();
  readonly epochs = new Map<number, number[]>();
  mostAtOnce = 0;

  by =
    (name: string, putDownMs = 0) =>
    async (held: Held, signal: AbortSignal): Promise<void> => {
      for (const [partition, epoch] of held) this.begin(name, partition, epoch);
      await clock.sleep(60_000, signal);
      if (putDownMs > 0) await clock.sleep(putDownMs);
      for (const partition of held.keys()) this.workers.get(partition)?.delete(name);
    };

  private begin(name: string, partition: number, epoch: number): void {
    const workers = this.workers.get(partition) ?? new Set();
    this.workers.set(partition, workers.add(name));
    this.mostAtOnce = Math.max(this.mostAtOnce, workers.size);
    const epochs = this.epochs.get(partition) ?? [];
    this.epochs.set(partition, epochs);
    if (epochs.at(-1) !== epoch) epochs.push(epoch);
  }

  /** How many partitions each works on; who works on none is left out. */
  get spread(): Record<string, number> {
    const spread: Record<string, number> = {};
    for (const workers of this.workers.values()) for (const name of workers) spread[name] = (spread[name] ?? 0) + 1;
    return spread;
  }

  async isSpread(expected: Record<string, number>): Promise<void> {
    await until(`work is spread as ${JSON.stringify(expected)}`, () => isDeepStrictEqual(this.spread, expected));
  }
}

const aProcess = (name: string, leases: Leases, work: Work, putDownMs = 0, pace = timing) => {
  const abort = new AbortController();
  const reachable = new Reachable(leases);
  const journal = new MemoryJournal();
  const holder = new PartitionHolder(name, { leases: reachable, clock, journal, timing: pace });
  const running = holder.run(abort.signal, work.by(name, putDownMs));
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  stops.push(stop);
  return { stop, reachable, journal };
};

describe('a fair share', () => {
  it('is all there is in sum, and differs by one at most', () =>
    assert(
      property(integer({ min: 1, max: 16 }), integer({ min: 1, max: 64 }), (members, partitions) => {
        const shares = Array.from({ length: members }, (_, place) => fairShare(place, members, partitions));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(partitions);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    ));
});

describe('background work that several processes share', () => {
  it('is done by one alone where there is one', async () => {
    const { leases } = inMemory();
    const work = new Work();
    aProcess('a', leases, work);
    await work.isSpread({ a: 16 });
    expect(work.mostAtOnce).toBe(1);
  });

  it('is spread evenly when replicas come, and no two ever work on the same part', async () => {
    const { leases } = inMemory();
    const work = new Work();
    aProcess('a', leases, work, 20);
    await work.isSpread({ a: 16 });
    aProcess('b', leases, work, 20);
    await work.isSpread({ a: 8, b: 8 });
    aProcess('c', leases, work, 20);
    await work.isSpread({ a: 6, b: 5, c: 5 });
    expect(work.mostAtOnce).toBe(1);
  });

  it('is spread evenly among many that start at once', async () => {
    const { leases } = inMemory();
    const work = new Work();
    for (const name of ['a', 'b', 'c', 'd']) aProcess(name, leases, work);
    await work.isSpread({ a: 4, b: 4, c: 4, d: 4 });
    expect(work.mostAtOnce).toBe(1);
  });

  it('goes to the others at once when a replica leaves', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    aProcess('b', leases, work);
    await work.isSpread({ a: 8, b: 8 });
    const stoppedAt = clock.monotonicMs();
    await first.stop();
    await work.isSpread({ b: 16 });
    expect(clock.monotonicMs() - stoppedAt).toBeLessThan(timing.deadAfterMs);
    expect(work.mostAtOnce).toBe(1);
  });

  it('is taken over from a replica that is cut off, which has put it down by itself before', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    aProcess('b', leases, work);
    await work.isSpread({ a: 8, b: 8 });
    first.reachable.reachable = false;
    await work.isSpread({ b: 16 });
    expect(work.mostAtOnce).toBe(1);
    expect(first.journal.entries.map(({ message }) => message)).toContain(
      'This process has lost partitions; others may have them',
    );
  });

  it('is shared again with a replica that was cut off and comes back', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    aProcess('b', leases, work);
    await work.isSpread({ a: 8, b: 8 });
    first.reachable.reachable = false;
    await work.isSpread({ b: 16 });
    first.reachable.reachable = true;
    await work.isSpread({ a: 8, b: 8 });
    expect(work.mostAtOnce).toBe(1);
    for (const epochs of work.epochs.values()) expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
  });

  it('is not kept for a replica that was cut off for a moment, and has a smaller share since', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work, 20);
    await work.isSpread({ a: 16 });
    first.reachable.reachable = false;
    await work.isSpread({});
    aProcess('b', leases, work, 20);
    // Alive for the other all the time, though it has put everything down.
    first.reachable.reachable = true;
    await work.isSpread({ a: 8, b: 8 });
    expect(work.mostAtOnce).toBe(1);
  });

  it('is not kept for the dead by a replica that comes after their death was noticed', async () => {
    const { leases } = inMemory();
    const work = new Work();
    aProcess('a', leases, work);
    const dead = aProcess('b', leases, work);
    await work.isSpread({ a: 8, b: 8 });
    dead.reachable.reachable = false;
    await work.isSpread({ a: 16 });
    const startedAt = clock.monotonicMs();
    aProcess('c', leases, work);
    await work.isSpread({ a: 8, c: 8 });
    expect(clock.monotonicMs() - startedAt).toBeLessThan(timing.deadAfterMs);
  });

  it('stays where it is when the store was away for everybody', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const both = [aProcess('a', leases, work), aProcess('b', leases, work)];
    await work.isSpread({ a: 8, b: 8 });
    for (const { reachable } of both) reachable.reachable = false;
    await work.isSpread({});
    await clock.sleep(timing.deadAfterMs);
    for (const { reachable } of both) reachable.reachable = true;
    await work.isSpread({ a: 8, b: 8 });
    expect(work.mostAtOnce).toBe(1);
  });

  it('waits for a seat where there are as many replicas as parts already', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const names = Array.from({ length: partitionCount }, (_, n) => `replica-${String(n).padStart(2, '0')}`);
    const processes = names.map((name) => aProcess(name, leases, work));
    await work.isSpread(Object.fromEntries(names.map((name) => [name, 1])));
    aProcess('one too many', leases, work);
    await clock.sleep(timing.beatMs * 10);
    expect(work.spread['one too many']).toBeUndefined();
    await processes[0]?.stop();
    await until('its turn', () => work.spread['one too many'] === 1);
    expect(work.mostAtOnce).toBe(1);
  });

  it('leaves nothing held behind when all have left', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const first = aProcess('a', leases, work);
    await work.isSpread({ a: 16 });
    await first.stop();
    expect([...(await leases.read(seatNames)).values()].map(({ holder }) => holder)).toEqual(['']);
    aProcess('b', leases, work);
    await work.isSpread({ b: 16 });
  });

  it('is waited for while the store cannot be asked', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const { reachable, journal } = aProcess('a', leases, work);
    reachable.reachable = false;
    await clock.sleep(timing.beatMs * 8);
    reachable.reachable = true;
    await work.isSpread({ a: 16 });
    // Told once, not at each try.
    expect(journal.entries.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(1);
  });
});

describe('what a process has taken, it works on', () => {
  const someTakes = (leases: Leases, take: (partition: number) => Promise<void>): Leases => ({
    read: (names) => leases.read(names),
    beat: (...args) => leases.beat(...args),
    release: (...args) => leases.release(...args),
    take: async (name, ...args) => {
      const partition = /partition-(\d+)$/.exec(name)?.[1];
      if (partition !== undefined) await take(Number(partition));
      return leases.take(name, ...args);
    },
  });

  /** Takes fail in part once; at that moment another process comes, so that the rest is none of our share. */
  const withOneFailure = (leases: Leases): Leases => {
    let isFailing = true;
    let other: Promise<void> | undefined;
    const otherComes = async (): Promise<void> => {
      await leases.take('background/seat-1', 'other', undefined);
      for (let n = 8; n < partitionCount; n += 1) await leases.take(`background/partition-${n}`, 'other', undefined);
      isFailing = false;
    };
    return someTakes(leases, async (partition) => {
      if (!isFailing || partition < 8) return;
      other ??= otherComes();
      await other;
      throw new StoreUnavailable('a hiccup');
    });
  };

  const otherLives = (leases: Leases): void => {
    const stopped = new AbortController();
    const living = (async () => {
      while (!stopped.signal.aborted) {
        await leases.beat('background/seat-1', 'other', 1);
        await clock.sleep(timing.beatMs, stopped.signal);
      }
    })();
    stops.push(() => {
      stopped.abort();
      return living;
    });
  };

  it('also when it was refused others at the same moment', async () => {
    const { leases } = inMemory();
    const work = new Work();
    otherLives(leases);
    aProcess('a', withOneFailure(leases), work);
    await work.isSpread({ a: 8 });
    const held = [...(await leases.read(Array.from({ length: 8 }, (_, n) => `background/partition-${n}`))).values()];
    expect(held.map(({ holder }) => holder)).toEqual(Array.from({ length: 8 }, () => 'a'));
  });

  it('also when others are never answered for', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const hanging = someTakes(leases, (partition) =>
      partition < 8 ? Promise.resolve() : new Promise(() => undefined),
    );
    const { journal } = aProcess('a', hanging, work);
    await work.isSpread({ a: 8 });
    await clock.sleep(timing.deadAfterMs);
    expect([work.spread, journal.text().includes('has lost')]).toEqual([{ a: 8 }, false]);
  });
});

describe('a store that answers slowly', () => {
  const slowed = (leases: Leases, ms: { now: number }): Leases => {
    const late = async <T>(work: () => Promise<T>): Promise<T> => {
      await clock.sleep(ms.now);
      return work();
    };
    return {
      read: (...args) => late(() => leases.read(...args)),
      take: (...args) => late(() => leases.take(...args)),
      beat: (...args) => late(() => leases.beat(...args)),
      release: (...args) => late(() => leases.release(...args)),
    };
  };
  const lostOnes = ({ entries }: MemoryJournal) => entries.filter(({ message }) => message.includes('has lost'));

  it('costs nobody its partitions while a look fits between two doubts', async () => {
    const { leases } = inMemory();
    const work = new Work();
    const ms = { now: 0 };
    const slow: LeaseTiming = { beatMs: 20, deadAfterMs: 1_400 };
    const { journal } = aProcess('a', slowed(leases, ms), work, 0, slow);
    await work.isSpread({ a: 16 });
    ms.now = slow.deadAfterMs / 7;
    await clock.sleep(slow.deadAfterMs * 1.5);
    expect([work.spread, lostOnes(journal)]).toEqual([{ a: 16 }, []]);
  });

  it('is asked again when it leaves one look without an answer, early enough', async () => {
    const { leases } = inMemory();
    const work = new Work();
    let isHanging = false;
    const hanging: Leases = {
      ...slowed(leases, { now: 0 }),
      read: (names) => {
        if (!isHanging) return leases.read(names);
        isHanging = false;
        return new Promise(() => undefined);
      },
    };
    const { journal } = aProcess('a', hanging, work);
    await work.isSpread({ a: 16 });
    isHanging = true;
    await clock.sleep(timing.deadAfterMs);
    expect([isHanging, work.spread, lostOnes(journal)]).toEqual([false, { a: 16 }, []]);
  });

  it('may have given a seat though the answer was lost: the process sits on it again at once', async () => {
    const { leases } = inMemory();
    const work = new Work();
    let isLost = true;
    const losing: Leases = {
      ...slowed(leases, { now: 0 }),
      take: async (...args) => {
        const taken = await leases.take(...args);
        if (!isLost) return taken;
        isLost = false;
        throw new StoreUnavailable('the answer was lost');
      },
    };
    const startedAt = clock.monotonicMs();
    aProcess('a', losing, work);
    await work.isSpread({ a: 16 });
    expect(clock.monotonicMs() - startedAt).toBeLessThan(timing.deadAfterMs);
  });
});

describe('leases that are begun anew beside records that were not', () => {
  /** What is on record may change while the process works. */
  const beside = (onRecord: Map<number, number>, lostOnce: readonly number[] = []) => {
    const work = new Work();
    const abort = new AbortController();
    const parts = { leases: inMemory().leases, clock, journal: new MemoryJournal(), timing };
    const holder = new PartitionHolder('a', { ...parts, latestEpochs: async () => onRecord });
    const running = holder.run(abort.signal, async (held, signal, lost) => {
      for (const partition of lostOnce)
        if (held.get(partition) === 1) {
          onRecord.set(partition, 7);
          lost([partition]);
        }
      await work.by('a')(held, signal);
    });
    stops.push(() => {
      abort.abort();
      return running;
    });
    return work;
  };

  it('go on above the latest epoch on record', async () => {
    const work = beside(new Map([[3, 7]]));
    await work.isSpread({ a: 16 });
    expect([work.epochs.get(2), work.epochs.get(3)]).toEqual([[1], [8]]);
  });

  it('are given up when a later epoch turns out to be on record, and taken above it', async () => {
    const work = beside(new Map(), [3]);
    await until('it is worked on above', () => work.epochs.get(3)?.at(-1) === 8);
    await work.isSpread({ a: 16 });
    expect([work.epochs.get(2), work.epochs.get(3), work.mostAtOnce]).toEqual([[1], [1, 8], 1]);
  });
});
