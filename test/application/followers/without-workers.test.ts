import { describe, expect, it } from '@jest/globals';
import { PartitionHolder, seatNames, type LeaseTiming } from '../../../src/application/followers/partition-holder.js';
import type { Held } from '../../../src/application/followers/partitions.js';
import { WorkersAtWork, withoutWorkers } from '../../../src/application/followers/without-workers.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { Leases } from '../../../src/application/ports/leases.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { until } from '../../service/until.js';

const timing: LeaseTiming = { beatMs: 10, deadAfterMs: 400 };
const clock = new SystemClock();

const startWorker = (name: string, leases: Leases) => {
  const stop = new AbortController();
  let working = false;
  const work = async (_held: Held, signal: AbortSignal): Promise<void> => {
    working = true;
    await clock.sleep(60_000, signal);
    working = false;
  };
  const running = new PartitionHolder(name, { leases, clock, timing, journal: new MemoryJournal() }).run(
    stop.signal,
    work,
  );
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  return { isWorking: () => working, end };
};

const someWork = () => {
  let end = (): void => undefined;
  let begun = false;
  const work = (): Promise<string> => {
    begun = true;
    return new Promise((resolve) => (end = () => resolve('done')));
  };
  return { work, hasBegun: () => begun, end: () => end() };
};

describe('work that bears no workers beside it', () => {
  it('is not begun while a worker lives, and says what to do', async () => {
    const { leases } = inMemory();
    const worker = startWorker('worker', leases);
    await until('it works', worker.isWorking);
    const { work, hasBegun } = someWork();
    await expect(withoutWorkers('rebuild', { leases, clock, timing }, work)).rejects.toThrow(
      'A worker is at work on these stores: end every process with ROLE=worker or ROLE=all, then run this again',
    );
    expect([hasBegun(), worker.isWorking()]).toEqual([false, true]);
    await worker.end();
  });

  it('begins at once when the last worker has said goodbye', async () => {
    const { leases } = inMemory();
    const worker = startWorker('worker', leases);
    await until('it works', worker.isWorking);
    await worker.end();
    const before = performance.now();
    expect(await withoutWorkers('rebuild', { leases, clock, timing }, async () => 'done')).toBe('done');
    expect(performance.now() - before).toBeLessThan(timing.deadAfterMs);
  });

  it('begins once a worker that was killed is known to be dead', async () => {
    const { leases } = inMemory();
    await leases.take(seatNames[3] ?? '', 'killed', undefined);
    const before = performance.now();
    expect(await withoutWorkers('rebuild', { leases, clock, timing }, async () => 'done')).toBe('done');
    expect(performance.now() - before).toBeGreaterThanOrEqual(timing.deadAfterMs - timing.beatMs);
  });

  it('keeps a worker that comes meanwhile waiting until it is done', async () => {
    const { leases } = inMemory();
    const { work, hasBegun, end } = someWork();
    const result = withoutWorkers('rebuild', { leases, clock, timing }, work);
    await until('it has begun', hasBegun);
    const worker = startWorker('worker', leases);
    await clock.sleep(timing.deadAfterMs + 100);
    expect(worker.isWorking()).toBe(false);
    end();
    expect(await result).toBe('done');
    await until('it works', worker.isWorking);
    await worker.end();
  });

  it('is given up when somebody takes a seat all the same', async () => {
    const { leases } = inMemory();
    const { work, hasBegun } = someWork();
    const result = withoutWorkers('rebuild', { leases, clock, timing }, work);
    await until('it has begun', hasBegun);
    const [seat = ''] = seatNames;
    const robbed = async (): Promise<boolean> =>
      (await leases.take(seat, 'robber', (await leases.read([seat])).get(seat))) !== undefined;
    await Promise.all([expect(result).rejects.toThrow(WorkersAtWork), until('a seat is taken', robbed)]);
  });

  it('is given up when its own signs of life do not arrive any more', async () => {
    const { leases } = inMemory();
    let reachable = true;
    const reach = <T>(ask: () => Promise<T>): Promise<T> =>
      reachable ? ask() : Promise.reject(new StoreUnavailable('cut off'));
    const cutOff: Leases = {
      read: (names) => leases.read(names),
      take: (name, holder, seen) => leases.take(name, holder, seen),
      beat: (name, holder, epoch) => reach(() => leases.beat(name, holder, epoch)),
      release: (name, holder, epoch) => reach(() => leases.release(name, holder, epoch)),
    };
    const { work, hasBegun } = someWork();
    const result = withoutWorkers('rebuild', { leases: cutOff, clock, timing }, work);
    await until('it has begun', hasBegun);
    reachable = false;
    await expect(result).rejects.toThrow(/^The leases could not be kept/);
  });
});
