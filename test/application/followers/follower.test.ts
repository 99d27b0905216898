import { afterEach, describe, expect, it } from '@jest/globals';
import { Follower, type FollowerWork } from '../../../src/application/followers/follower.js';
import { backoffMs } from '../../../src/application/followers/backoff.js';
import { PartitionHolder } from '../../../src/application/followers/partition-holder.js';
import { partitionCount, shared, type Held, type Lost } from '../../../src/application/followers/partitions.js';
import { FeedInterrupted, type EventFeed, type FeedBatch } from '../../../src/application/ports/event-feed.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import type { StoredEvent } from '../../../src/application/ports/event-log.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { someEvent } from '../../contracts/some-events.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { until } from '../../service/until.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const numberOf = ({ data }: StoredEvent): number => Number(data['n']);

/** Stores of one test, and followers that come and go as processes do. */
const aLog = () => {
  const stores = inMemory();
  const journal = new MemoryJournal();
  const append = async (...numbers: readonly number[]): Promise<void> => {
    for (const n of numbers) await stores.eventLog.append('work-1', [someEvent({ n })], 'any');
  };
  const follow = (
    handle: FollowerWork['handle'],
    change: Partial<FollowerWork> = {},
    eventFeed: EventFeed = stores.eventFeed,
    clock: Clock = new SystemClock(),
  ) => {
    const work = {
      name: 'worker:1',
      streamPrefixes: ['work-'],
      batchMax: 1,
      batchesMax: 3,
      partitionOf: () => 0,
      handle,
      ...change,
    };
    const follower = new Follower(work, {
      ...stores,
      eventFeed,
      checkpoints: stores.workerCheckpoints,
      clock,
      journal,
    });
    const abort = new AbortController();
    const running = follower.run(abort.signal);
    const stop = async () => {
      abort.abort();
      await running;
    };
    stops.push(stop);
    return { follower, stop };
  };
  const checkpoint = async () => (await stores.workerCheckpoints.load('worker:1')).get(0)?.position;
  const positionOf = async (n: number) => (await stores.eventLog.read('work-1'))[n]?.position;
  return { stores, journal, append, follow, checkpoint, positionOf };
};

/** Events are done only when the test says so. */
class HeldWork {
  readonly begun: number[] = [];
  private readonly held = new Map<number, { done: () => void; failed: (error: Error) => void }>();

  readonly handle = async (events: readonly StoredEvent[]): Promise<void> => {
    const n = numberOf(events[0] as StoredEvent);
    this.begun.push(n);
    await new Promise<void>((done, failed) => this.held.set(n, { done, failed }));
  };

  finish(n: number): void {
    this.held.get(n)?.done();
  }

  fail(n: number): void {
    this.held.get(n)?.failed(new Error(`no luck with ${n}`));
  }
}

/** A feed whose server ends the subscription when the test says so. */
class InterruptibleFeed implements EventFeed {
  private interruption = new AbortController();

  constructor(private readonly feed: EventFeed) {}

  interrupt(): void {
    this.interruption.abort();
    this.interruption = new AbortController();
  }

  async *follow(...[after, filter, signal, batchMax]: Parameters<EventFeed['follow']>): AsyncGenerator<FeedBatch> {
    const interrupted = this.interruption.signal;
    yield* this.feed.follow(after, filter, AbortSignal.any([signal, interrupted]), batchMax);
    if (interrupted.aborted) throw new FeedInterrupted('by the test');
  }

  readonly readAfter: EventFeed['readAfter'] = (...range) => this.feed.readAfter(...range);
  readonly countAfter: EventFeed['countAfter'] = (...range) => this.feed.countAfter(...range);
  readonly end: EventFeed['end'] = () => this.feed.end();
}

/** Work that puts off some, until the test says that they are done or, if it lets go, the follower stops. */
const puttingOff = (which: (n: number) => boolean, letsGo = true) => {
  const putOff: (number | string)[] = [];
  const finished = new Map<number, () => void>();
  const handle: FollowerWork['handle'] = ([event], signal) => {
    const n = numberOf(event as StoredEvent);
    putOff.push(which(n) ? `put off ${n}` : n);
    if (!which(n)) return Promise.resolve();
    const done = new Promise<void>((resolve, reject) => {
      finished.set(n, resolve);
      if (letsGo) signal.addEventListener('abort', () => reject(new Error('put down')), { once: true });
    });
    return Promise.resolve({ events: 1, done });
  };
  return { putOff, finish: (n: number) => finished.get(n)?.(), handle };
};

/** On which nothing takes long. */
class HurriedClock extends SystemClock {
  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return super.sleep(Math.min(ms, 5), signal);
  }
}

const doneOf = () => {
  const done: number[] = [];
  const handle = (events: readonly StoredEvent[]): Promise<void> => {
    done.push(...events.map(numberOf));
    return Promise.resolve();
  };
  return { done, handle };
};

describe('a follower', () => {
  it('hands on what is there and what comes, in order, each once', async () => {
    const { append, follow } = aLog();
    const { done, handle } = doneOf();
    await append(0, 1, 2);
    follow(handle, { batchMax: 2 });
    await until('the first three', () => done.length === 3);
    await append(3);
    await until('the fourth', () => done.length === 4);
    expect(done).toEqual([0, 1, 2, 3]);
  });

  it('sees only the streams that it follows', async () => {
    const { stores, append, follow } = aLog();
    const { done, handle } = doneOf();
    await stores.eventLog.append('other-1', [someEvent({ n: 99 })], 'any');
    await append(0);
    follow(handle);
    await until('its event', () => done.length > 0);
    expect(done).toEqual([0]);
  });

  it('keeps as its checkpoint the mark below which everything is done, also when later batches are done first', async () => {
    const { append, follow, checkpoint, positionOf } = aLog();
    const work = new HeldWork();
    await append(0, 1, 2);
    follow(work.handle);
    await until('three at once', () => work.begun.length === 3);

    work.finish(2);
    work.finish(1);
    await append(3);
    await until('the next takes a free place', () => work.begun.includes(3));
    expect(await checkpoint()).toBeUndefined();

    work.finish(0);
    const third = await positionOf(2);
    await until('the mark passes all three at once', async () => (await checkpoint()) === third);
    work.finish(3);
  });

  it('works on no more batches at once than it may', async () => {
    const { append, follow } = aLog();
    const work = new HeldWork();
    await append(0, 1, 2, 3, 4);
    follow(work.handle, { batchesMax: 2 });
    await until('two', () => work.begun.length === 2);
    work.finish(1);
    await until('a third', () => work.begun.length === 3);
    expect(work.begun).toEqual([0, 1, 2]);
    for (const n of [0, 2]) work.finish(n);
    await until('all', () => work.begun.length === 5);
    for (const n of [3, 4]) work.finish(n);
  });

  it('goes on from its checkpoint after a restart, doing again only what was above it', async () => {
    const { append, follow, checkpoint, positionOf } = aLog();
    const work = new HeldWork();
    await append(0, 1, 2);
    follow(work.handle);
    await until('three at once', () => work.begun.length === 3);
    work.finish(0);
    work.finish(2);
    const first = await positionOf(0);
    await until('the mark', async () => (await checkpoint()) === first);

    // Another process, while the first hangs at event 1 for good.
    const { done, handle } = doneOf();
    follow(handle);
    await until('the rest', () => done.length === 2);
    expect(done).toEqual([1, 2]);
    work.finish(1);
  });

  it('starts over from its checkpoint when its work fails, and says so', async () => {
    const { append, follow, journal } = aLog();
    const work = new HeldWork();
    await append(0, 1);
    follow(work.handle);
    await until('both', () => work.begun.length === 2);
    work.finish(0);
    work.fail(1);
    await until('once more', () => work.begun.length === 3);
    expect(work.begun).toEqual([0, 1, 1]);
    work.finish(1);
    expect(journal.entries.map(({ level, message, cause }) => [level, message, String(cause)])).toEqual([
      ['error', 'Follower worker:1 stopped and starts over from its checkpoint', 'Error: no luck with 1'],
    ]);
  });

  it('waits longer after each failure', () =>
    expect([0, 1, 2, 6, 7, 5_000].map((failures) => backoffMs(failures, 100, 10_000))).toEqual([
      100, 200, 400, 6_400, 10_000, 10_000,
    ]));

  it('finishes what it holds when it is told to stop, and keeps that it did', async () => {
    const { append, follow, checkpoint, positionOf, journal } = aLog();
    const work = new HeldWork();
    await append(0, 1);
    const { stop } = follow(work.handle, { batchesMax: 1 });
    await until('the first', () => work.begun.length === 1);
    const stopped = stop();
    work.finish(0);
    await stopped;
    expect([work.begun, await checkpoint(), journal.entries]).toEqual([[0], await positionOf(0), []]);
  });

  it('calls it no failure when work is put down because it stops', async () => {
    const { append, follow, journal } = aLog();
    const work = new HeldWork();
    await append(0);
    const { stop } = follow(work.handle);
    await until('the first', () => work.begun.length === 1);
    const stopped = stop();
    work.fail(0);
    await stopped;
    expect(journal.entries).toEqual([]);
  });

  it('begins anew in a log that its checkpoint is not of', async () => {
    const { stores, append, follow } = aLog();
    await append(0, 1);
    const position = (await stores.eventLog.read('work-1')).at(-1)?.position ?? 'start';
    await stores.workerCheckpoints.save('worker:1', 0, { logId: 'another-log', position, epoch: 1 });
    const { done, handle } = doneOf();
    let cleared = 0;
    const beginAnew = () => {
      cleared += 1;
      return Promise.resolve();
    };
    follow(handle, { beginAnew });
    await until('all of it', () => done.length === 2);
    expect([done, cleared]).toEqual([[0, 1], 1]);
  });

  it('begins anew in a log that was put back from an older backup, and keeps how far it has come since', async () => {
    const { stores, append, follow, checkpoint, positionOf } = aLog();
    await append(0, 1);
    const { logId } = stores.eventLog;
    await stores.workerCheckpoints.save('worker:1', 0, { logId, position: '9'.repeat(16), epoch: 1 });
    const { done, handle } = doneOf();
    follow(handle);
    await until('all of it', () => done.length === 2);
    const second = await positionOf(1);
    await until('the mark', async () => (await checkpoint()) === second);
  });

  it('puts nothing away while it goes on from a checkpoint', async () => {
    const { append, follow, checkpoint } = aLog();
    await append(0);
    const first = doneOf();
    const { stop } = follow(first.handle);
    await until('the checkpoint', checkpoint);
    await stop();
    await append(1);
    const second = doneOf();
    const beginAnew = () => Promise.reject(new Error('nothing must be put away'));
    follow(second.handle, { beginAnew });
    await until('the next', () => second.done.length === 1);
    expect(second.done).toEqual([1]);
  });

  it('tells how many events wait', async () => {
    const { append, follow } = aLog();
    const work = new HeldWork();
    await append(0, 1, 2, 3);
    const { follower } = follow(work.handle);
    await until('three', () => work.begun.length === 3);
    expect([await follower.lag(1_000), await follower.lag(2)]).toEqual([4, 2]);
    for (const n of [0, 1, 2]) work.finish(n);
    await until('the last', () => work.begun.length === 4);
    work.finish(3);
    await until('nothing waits', async () => (await follower.lag(1_000)) === 0);
  });

  it('tells of no lag before it has begun anew in a log that its checkpoint is not of', async () => {
    const { stores, append, follow } = aLog();
    await append(0);
    const position = (await stores.eventLog.read('work-1')).at(-1)?.position ?? 'start';
    await stores.workerCheckpoints.save('worker:1', 0, { logId: 'another-log', position, epoch: 1 });
    const { done, handle } = doneOf();
    const { follower } = follow(handle);
    await expect(follower.lag(1_000)).rejects.toThrow(
      'What worker:1 has done is of another event log, or of a later state of it; it starts over',
    );
    await until('its event', () => done.length === 1);
    await until('nothing waits', async () => (await follower.lag(1_000)) === 0);
  });

  it('has put down what it holds before it follows an interrupted feed again', async () => {
    const { stores, append, follow } = aLog();
    const feed = new InterruptibleFeed(stores.eventFeed);
    const work = new HeldWork();
    await append(0);
    follow(work.handle, {}, feed);
    await until('its event', () => work.begun.length === 1);
    feed.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(work.begun).toEqual([0]);
    work.finish(0);
    await append(1);
    await until('the next, and what was done is not done again', () => work.begun.length === 2);
    expect(work.begun).toEqual([0, 1]);
    work.finish(1);
  });

  it('is not held up by what is put off, and keeps its checkpoint before it until it is done', async () => {
    const { append, follow, checkpoint, positionOf } = aLog();
    const { putOff, finish, handle } = puttingOff((n) => n === 1);
    await append(0, 1, 2, 3);
    const { follower } = follow(handle, { batchesMax: 1 });
    await until('all are done but the one', () => putOff.length === 4);
    expect(putOff).toEqual([0, 'put off 1', 2, 3]);
    const first = await positionOf(0);
    await until('the mark of the first', async () => (await checkpoint()) === first);
    expect(await follower.lag(100)).toBe(1);
    await append(4);
    await until('the next', () => putOff.includes(4));

    finish(1);
    const last = await positionOf(4);
    await until('the mark passes all of them', async () => (await checkpoint()) === last);
    expect(await follower.lag(100)).toBe(0);
  });

  it('does what was put off again after a restart', async () => {
    const { append, follow } = aLog();
    const { putOff, handle } = puttingOff((n) => n === 1);
    await append(0, 1, 2);
    const { stop } = follow(handle, { batchesMax: 1 });
    await until('all are done but the one', () => putOff.length === 3);
    await stop();
    const { done, handle: finishing } = doneOf();
    follow(finishing);
    await until('it and what came after it', () => done.length >= 2);
    expect(done.slice(-2)).toEqual([1, 2]);
  });

  it('reads on now and then while too much is put off, since what comes next may be what can be done', async () => {
    const { append, follow } = aLog();
    const { putOff, handle } = puttingOff((n) => n < 600);
    await append(...Array.from({ length: 601 }, (_, n) => n));
    follow(handle, {}, undefined, new HurriedClock());
    await until('the one that can be done', () => putOff.at(-1) === 600);
  });

  it('reads no more for a while when too much is put off', async () => {
    const { append, follow } = aLog();
    const { putOff, finish, handle } = puttingOff(() => true);
    await append(...Array.from({ length: 600 }, (_, n) => n));
    follow(handle);
    await until('as many as may be', () => putOff.length >= 513);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(putOff.length).toBeLessThan(520);
    for (let n = 0; n < 600; n += 1) {
      await until('the next is put off', () => putOff.length > n);
      finish(n);
    }
  });

  it('has put down what is put off before it begins anew', async () => {
    const { stores, append, follow } = aLog();
    const feed = new InterruptibleFeed(stores.eventFeed);
    const { putOff, finish, handle } = puttingOff(() => true, false);
    await append(0);
    follow(handle, {}, feed);
    await until('it is put off', () => putOff.length === 1);
    feed.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(putOff).toHaveLength(1);
    finish(0);
    await append(1);
    await until('the next', () => putOff.length === 2);
    finish(1);
  });

  it('tells work that waits for the outside world to let go when other work fails, and starts over', async () => {
    const { append, follow } = aLog();
    const begun: number[] = [];
    const clock = new SystemClock();
    follow(async (events, signal) => {
      const n = numberOf(events[0] as StoredEvent);
      begun.push(n);
      if (begun.length === 2) throw new Error('this one fails once');
      if (begun.length > 1) return;
      await clock.sleep(60_000, signal);
      throw new Error('put down');
    });
    await append(0, 1);
    await until('both are worked on again', () => begun.length === 4);
    expect(begun).toEqual([0, 1, 0, 1]);
  });
});

describe('followers of several processes that share the work', () => {
  /** Streams `work-<n>` are of partition n. */
  const share = () => {
    const { stores, journal } = aLog();
    const append = async (...streams: readonly number[]): Promise<void> => {
      for (const n of streams) await stores.eventLog.append(`work-${n}`, [someEvent({ n })], 'any');
    };
    /** A follower of a process that does not work. */
    const waiting = (handle: FollowerWork['handle'], change: Partial<FollowerWork> = {}): Follower => {
      const work: FollowerWork = {
        name: 'worker:1',
        streamPrefixes: ['work-'],
        batchMax: 10,
        batchesMax: 1,
        partitionOf: (stream) => Number(stream.slice('work-'.length)),
        handle,
        ...change,
      };
      const clock = new SystemClock();
      return new Follower(work, { ...stores, checkpoints: stores.workerCheckpoints, clock, journal, sharing: shared });
    };
    const follow = (held: Held, handle: FollowerWork['handle'], change: Partial<FollowerWork> = {}, lost?: Lost) => {
      const follower = waiting(handle, change);
      const abort = new AbortController();
      const running = follower.run(abort.signal, held, lost);
      const stop = async () => {
        abort.abort();
        await running;
      };
      stops.push(stop);
      return { follower, stop };
    };
    const checkpoints = () => stores.workerCheckpoints.load('worker:1');
    const end = async () => (await stores.eventFeed.readAfter('start', { streamPrefixes: [] })).position;
    return { stores, journal, append, follow, waiting, checkpoints, end };
  };

  it('work each on the events of its own partitions', async () => {
    const { append, follow } = share();
    const [one, two] = [doneOf(), doneOf()];
    follow(new Map([[1, 1]]), one.handle);
    follow(
      new Map([
        [2, 1],
        [3, 1],
      ]),
      two.handle,
    );
    await append(1, 2, 3, 2, 1, 4);
    await until('all that anybody holds', () => one.done.length + two.done.length === 5);
    expect([one.done, two.done]).toEqual([
      [1, 1],
      [2, 3, 2],
    ]);
  });

  it('keep a checkpoint for each partition, under the epoch of its lease', async () => {
    const { stores, append, follow, checkpoints, end } = share();
    const { done, handle } = doneOf();
    await append(1, 2);
    const held = new Map([
      [1, 4],
      [2, 7],
    ]);
    const { stop } = follow(held, handle);
    await until('both', () => done.length === 2);
    await stop();
    const { logId } = stores.eventLog;
    const position = await end();
    expect(await checkpoints()).toEqual(
      new Map([
        [1, { logId, position, epoch: 4 }],
        [2, { logId, position, epoch: 7 }],
      ]),
    );
  });

  it('go on where each partition stood, doing nothing again that its last holder had done', async () => {
    const { append, follow } = share();
    const [first, second] = [doneOf(), doneOf()];
    await append(1, 2);
    const before = follow(new Map([[1, 1]]), first.handle);
    await until('the first', () => first.done.length === 1);
    await before.stop();
    await append(1, 2);
    follow(
      new Map([
        [1, 2],
        [2, 1],
      ]),
      second.handle,
    );
    await until('what is left', () => second.done.length === 3);
    expect(second.done).toEqual([2, 1, 2]);
  });

  it('let nobody move a checkpoint who has lost the partition', async () => {
    const { stores, append, follow, checkpoints } = share();
    const { done, handle } = doneOf();
    const { stop } = follow(new Map([[1, 1]]), handle);
    await append(1);
    await until('it is done', () => done.length === 1);
    await stop();
    const before = (await checkpoints()).get(1);
    if (before === undefined) throw new Error('no checkpoint');
    await stores.workerCheckpoints.save('worker:1', 1, { ...before, epoch: 2 });
    const late = follow(new Map([[1, 1]]), handle);
    await append(1);
    await until('it is done once more', () => done.length === 2);
    await late.stop();
    expect((await checkpoints()).get(1)).toEqual({ ...before, epoch: 2 });
  });

  it('tell once, and give the partition up, when its checkpoints are refused', async () => {
    const { stores, journal, append, follow, checkpoints, end } = share();
    const { done, handle } = doneOf();
    const { logId } = stores.eventLog;
    await stores.workerCheckpoints.save('worker:1', 1, { logId, position: 'start', epoch: 7 });
    const lost: (readonly number[])[] = [];
    const held = new Map([
      [1, 1],
      [2, 1],
    ]);
    const { follower } = follow(held, handle, {}, (partitions) => lost.push(partitions));
    for (let n = 1; n <= 3; n += 1) {
      await append(1, 2);
      const last = await end();
      await until('it is saved', async () => (await checkpoints()).get(2)?.position === last);
    }
    expect([done.length, lost]).toEqual([6, [[1]]]);
    expect(journal.entries.map(({ level, message, fields }) => [level, message, fields])).toEqual([
      [
        'warn',
        'Checkpoints of worker:1 are refused: others work on these partitions, or did under a later epoch',
        { partitions: '1' },
      ],
    ]);
    expect(await follower.latestEpochs()).toEqual(new Map([...held, [1, 7]]));
  });

  it('lose nothing, once leases that were begun anew go on above the latest epoch on record', async () => {
    const { stores, journal, append, waiting, checkpoints, end } = share();
    const { done, handle } = doneOf();
    const { logId } = stores.eventLog;
    await append(1);
    await stores.workerCheckpoints.save('worker:1', 1, { logId, position: 'start', epoch: 7 });
    const clock = new SystemClock();
    const follower = waiting(handle);
    const latestEpochs = () => follower.latestEpochs();
    const holder = new PartitionHolder('a', { leases: stores.leases, clock, journal, timing: { beatMs: 10, deadAfterMs: 400 }, latestEpochs });
    const abort = new AbortController();
    const running = holder.run(abort.signal, (held, signal, lost) => follower.run(signal, held, lost));
    stops.push(async () => {
      abort.abort();
      await running;
    });
    const last = await end();
    await until('it is on record', async () => (await checkpoints()).get(1)?.position === last);
    expect([done, (await checkpoints()).get(1)?.epoch]).toEqual([[1], 8]);
    expect(journal.entries.filter(({ level }) => level !== 'info')).toEqual([]);
  }); // prettier-ignore

  it('count as waiting what waits in partitions that others hold', async () => {
    const { append, follow } = share();
    const { done, handle } = doneOf();
    await append(1, 1);
    const { follower } = follow(new Map([[1, 1]]), handle);
    await until('both are done', () => done.length === 2);
    expect(await follower.lag(100)).toBe(2);
    follow(new Map(Array.from({ length: partitionCount - 1 }, (_, n) => [(n + 2) % 16, 1])), handle);
    await until('nobody is behind', async () => (await follower.lag(100)) === 0);
  });

  it('of two releases side by side count what either has done', async () => {
    const { append, follow } = share();
    const half = (from: number) => new Map(Array.from({ length: 8 }, (_, n) => [from + n, 1]));
    const before = follow(half(0), doneOf().handle, { name: 'model:1', otherNames: ['model:2'] });
    const after = follow(half(8), doneOf().handle, { name: 'model:2', otherNames: ['model:1'] });
    await append(...Array.from({ length: 40 }, (_, n) => n % partitionCount));
    await until('neither is behind', async () => {
      const lags = [await before.follower.lag(100), await after.follower.lag(100)];
      return lags[0] === 0 && lags[1] === 0;
    });
  });

  it.each([
    ['another log', 'another-log'],
    ['a later state of this one', undefined],
  ])('tell, whoever is asked, what to do about a read model of %s instead of how far it is', async (_what, other) => {
    const { stores, append, follow, waiting, journal } = share();
    const { done, handle } = doneOf();
    await append(1);
    const logId = other ?? stores.eventLog.logId;
    await stores.workerCheckpoints.save('worker:1', 1, { logId, position: '9'.repeat(16), epoch: 1 });
    const whatToDo = /^What worker:1 has written is of another event log.* run: npm run payments -- rebuild$/;
    const beginAnew = () => Promise.reject(new Error('put away'));

    await expect(waiting(handle, { beginAnew }).lag(100)).rejects.toThrow(whatToDo);
    const everything = new Map(Array.from({ length: partitionCount }, (_, n) => [n, 1]));
    const [some, all] = [new Map([[2, 1]]), everything].map((held) => follow(held, handle, { beginAnew }).follower);
    await until('both fail', () => journal.entries.length >= 2);
    await expect(some?.lag(100)).rejects.toThrow(whatToDo);
    await expect(all?.lag(100)).rejects.toThrow(whatToDo);
    expect(done).toEqual([]);
  });

  it('tell others how far they are without what is put off', async () => {
    const { append, follow, waiting } = share();
    const { putOff, handle } = puttingOff(() => true);
    await append(1, 2, 3);
    const everything = new Map(Array.from({ length: partitionCount }, (_, n) => [n, 1]));
    const { stop } = follow(everything, handle);
    await until('they are put off', () => putOff.length > 0);
    const other = waiting(() => Promise.resolve());
    await until('nothing waits for its turn', async () => (await other.lag(100)) === 0);
    await stop();

    // Whoever takes over does them again.
    const { done, handle: finishing } = doneOf();
    follow(everything, finishing);
    await until('all three', () => done.length === 3);
  });

  it('put nothing away behind the backs of the others, neither at their first start nor for another log', async () => {
    const { stores, append, follow, journal, end } = share();
    const { done, handle } = doneOf();
    const beginAnew = () => Promise.reject(new Error('put away'));
    await append(1);
    const first = follow(new Map([[1, 1]]), handle, { beginAnew });
    await until('it is done', () => done.length === 1);
    await first.stop();
    expect(journal.entries).toEqual([]);

    await stores.workerCheckpoints.save('worker:1', 1, { logId: 'another-log', position: await end(), epoch: 1 });
    follow(new Map([[1, 1]]), handle, { beginAnew });
    await until('it says so', () => journal.entries.length > 0);
    expect(String(journal.entries[0]?.cause)).toMatch(
      /^ReadModelOfAnotherLog: What worker:1 has written is of another event log, or of a later state/,
    );
    expect(done).toEqual([1]);
  });
});
