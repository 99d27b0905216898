import type { Lease } from '../ports/leases.js';
import { seatNames, type PartitionHolderParts } from './partition-holder.js';
import { SignsOfLife } from './signs-of-life.js';

/** Somebody is at work on the stores, who would write what is about to be written. The message tells an operator what to do. */
export class WorkersAtWork extends Error {
  override readonly name = 'WorkersAtWork';
}

type Parts = Omit<PartitionHolderParts, 'journal'>;
type Sight = ReadonlyMap<string, Lease>;

/** Its own name and epoch of each seat. */
type Seats = ReadonlyMap<string, number>;

/**
 * Does `work` while no worker works on the shared stores: it sits on every seat meanwhile, and who has no seat waits. Takes as long
 * as it takes to be sure that a silent worker is dead.
 * @throws WorkersAtWork when a worker lives, and as soon as the seats are not sure any more; `work` must be left alone then
 */
export const withoutWorkers = async <T>(holder: string, parts: Parts, work: () => Promise<T>): Promise<T> => {
  const seats = await takeAll(holder, parts, await onceAllAreSilent(parts));
  const done = new AbortController();
  try {
    return await Promise.race([work(), untilLost(holder, parts, seats, done.signal)]);
  } finally {
    done.abort();
    await giveUp(holder, parts, seats);
  }
};

const onceAllAreSilent = async ({ leases, clock, timing }: Parts): Promise<Sight> => {
  const signs = new SignsOfLife(timing.deadAfterMs);
  let before: Sight = new Map();
  for (;;) {
    const nowMs = clock.monotonicMs();
    const sight = await leases.read(seatNames);
    signs.see(sight, nowMs);
    if (seatNames.some((name) => isAlive(before.get(name), sight.get(name)))) throw atWork();
    if (!seatNames.some((name) => signs.isHeld(name))) return sight;
    before = sight;
    await clock.sleep(timing.beatMs);
  }
};

/** It has given a sign of life between two looks. */
const isAlive = (before: Lease | undefined, now: Lease | undefined): boolean =>
  before !== undefined && now !== undefined && now.holder !== '' && now.beat !== before.beat;

const takeAll = async (holder: string, parts: Parts, sight: Sight): Promise<Seats> => {
  const takes = seatNames.map(async (name) => [name, await parts.leases.take(name, holder, sight.get(name))] as const);
  const taken = (await Promise.all(takes)).flatMap(([name, lease]) => (lease ? [[name, lease.epoch] as const] : []));
  const seats = new Map(taken);
  if (seats.size === seatNames.length) return seats;
  await giveUp(holder, parts, seats);
  throw atWork();
};

/** Shows that it lives; rejects when a seat is lost, or when others may think it dead soon. */
const untilLost = async (
  holder: string,
  { leases, clock, timing }: Parts,
  seats: Seats,
  done: AbortSignal,
): Promise<never> => {
  let sureAtMs = clock.monotonicMs();
  for (;;) {
    await clock.sleep(timing.beatMs, done);
    if (done.aborted) return new Promise<never>(() => undefined);
    const askedAtMs = clock.monotonicMs();
    const beats = [...seats].map(([name, epoch]) => leases.beat(name, holder, epoch));
    const answers = await Promise.all(beats).catch(() => undefined);
    if (answers?.includes(undefined)) throw atWork();
    if (answers) sureAtMs = askedAtMs;
    if (clock.monotonicMs() - sureAtMs > timing.deadAfterMs / 2) throw notSure();
  }
};

const giveUp = async (holder: string, { leases }: Parts, seats: Seats): Promise<void> => {
  // Who is not told takes them over in a while.
  await Promise.allSettled([...seats].map(([name, epoch]) => leases.release(name, holder, epoch)));
};

const atWork = (): WorkersAtWork =>
  new WorkersAtWork(
    'A worker is at work on these stores: end every process with ROLE=worker or ROLE=all, then run this again',
  );

const notSure = (): WorkersAtWork =>
  new WorkersAtWork(
    'The leases could not be kept, so a worker may be at work by now: end all of them, then run this again',
  );
