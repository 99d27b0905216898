import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import { StoreUnavailable } from '../ports/event-log.js';
import type { Lease, Leases } from '../ports/leases.js';
import { fairShare } from './even-spread.js';
import { partitionCount, type Held, type Lost } from './partitions.js';
import { aborted } from './left-work.js';
import { SignsOfLife } from './signs-of-life.js';

/** In ms (design D6). */
export interface LeaseTiming {
  /** Between two looks at who holds what, each with a sign of one's own life. */
  readonly beatMs: number;
  /** A holder that gave no sign of life for so long, by the watcher's own clock, is dead. */
  readonly deadAfterMs: number;
}

export const leaseTiming: LeaseTiming = { beatMs: 500, deadAfterMs: 8_000 };

export interface PartitionHolderParts {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly timing: LeaseTiming;
  /** The latest epoch that is on record for each partition: leases that were begun anew go on above it. Default: none is. */
  latestEpochs?(): Promise<ReadonlyMap<number, number>>;
}

/** Works on these partitions until the signal aborts, and has put everything down when it resolves. */
type Work = (held: Held, signal: AbortSignal, lost: Lost) => Promise<void>;

interface Seat {
  readonly name: string;
  readonly epoch: number;
}

type Sight = ReadonlyMap<string, Lease>;

const numbers = Array.from({ length: partitionCount }, (_, n) => n);
const partitionName = (partition: number): string => `background/partition-${partition}`;
/** As many as partitions: another member would have nothing to do, and waits for a seat. */
export const seatNames: readonly string[] = numbers.map((n) => `background/seat-${n}`);
const allNames: readonly string[] = [...seatNames, ...numbers.map(partitionName)];

/**
 * Shares the partitions out among all processes that want to work, without anybody to lead them. A member has a seat, a lease on which
 * it shows that it lives; a partition is a lease too, whose epoch tells the writes of its holder from those of earlier ones.
 * Whoever has more than its fair share gives up, whoever has less takes what nobody alive holds.
 */
export class PartitionHolder {
  private readonly signs: SignsOfLife;
  private seat: Seat | undefined;
  private readonly held = new Map<number, number>();
  /** More than a fair share: given up once the work on them is put down. */
  private readonly surplus = new Map<number, number>();
  /** Aborts when what is held has changed: the work begins again with what is held then. */
  private turn = new AbortController();
  /** When we last asked for what was then answered: that we have shown life, and what we hold. */
  private sureAtMs = -Infinity;

  constructor(
    private readonly holder: string,
    private readonly parts: PartitionHolderParts,
  ) {
    this.signs = new SignsOfLife(parts.timing.deadAfterMs);
  }

  /** Works on what is held, until `signal` aborts; then gives it all up, so that nobody has to wait for a death. */
  async run(signal: AbortSignal, work: Work): Promise<void> {
    const stopped = new AbortController();
    // Signs of life go on while the work is put down.
    const watching = Promise.all([this.watch(stopped.signal), this.doubt(stopped.signal)]);
    while (!signal.aborted) await this.workForATurn(signal, work);
    stopped.abort();
    await watching;
    await this.leave();
  }

  private async workForATurn(signal: AbortSignal, work: Work): Promise<void> {
    this.turn = new AbortController();
    const untilChanged = AbortSignal.any([signal, this.turn.signal]);
    const held: Held = new Map(this.held);
    if (held.size === 0) await aborted(untilChanged);
    else {
      this.parts.journal.info(`This process works on ${held.size} of ${partitionCount} partitions now`, {
        partitions: listed(held.keys()),
      });
      await work(held, untilChanged, (partitions) => this.giveBack(held, partitions));
    }
    await this.giveUpSurplus();
  }

  private async watch(stopped: AbortSignal): Promise<void> {
    const { clock, journal, timing } = this.parts;
    let isCutOff = false;
    while (!stopped.aborted) {
      const askedAtMs = clock.monotonicMs();
      try {
        await this.lookInTime(askedAtMs);
        isCutOff = false;
      } catch (error) {
        if (!isCutOff)
          journal.warn('Who works on what cannot be read; it is tried again and again', { error: messageOf(error) });
        isCutOff = true;
      }
      await clock.sleep(timing.beatMs, stopped);
    }
  }

  /** Puts everything down well before others may think us dead, also while an answer of the store is still waited for. */
  private async doubt(stopped: AbortSignal): Promise<void> {
    const { clock, timing } = this.parts;
    while (!stopped.aborted) {
      await clock.sleep(timing.beatMs, stopped);
      if (clock.monotonicMs() - this.sureAtMs > timing.deadAfterMs / 2) this.lose([...this.held.keys()]);
    }
  }

  /** A look that takes long is given up, so that the next can be made while the others still believe that we live. */
  private async lookInTime(askedAtMs: number): Promise<void> {
    const { clock, timing } = this.parts;
    const over = new AbortController();
    const tooLate = async (): Promise<never> => {
      await clock.sleep(timing.deadAfterMs / 4, over.signal);
      over.abort();
      throw new StoreUnavailable('The leases were not answered for in time');
    };
    try {
      await Promise.race([this.look(askedAtMs, over.signal), tooLate()]);
    } finally {
      over.abort();
    }
  }

  /** @param over from then on nothing that is answered counts any more */
  private async look(askedAtMs: number, over: AbortSignal): Promise<void> {
    const [sight, hasSeat] = await Promise.all([this.parts.leases.read(allNames), this.showLife()]);
    if (over.aborted) return;
    this.signs.see(sight, askedAtMs);
    if (!hasSeat) await this.takeSeat(sight, over);
    if (over.aborted) return;
    if (this.seat === undefined) return this.lose([...this.held.keys()]);
    this.lose(this.takenByOthers(sight));
    this.sureAtMs = askedAtMs;
    await this.clearSeatsOfTheDead(sight);
    // What is being put down counts as held until it is.
    if (this.surplus.size === 0 && !over.aborted) await this.evenOut(sight, over);
  }

  /** false: we have no seat, or it is ours no more. */
  private async showLife(): Promise<boolean> {
    const { seat } = this;
    return seat !== undefined && (await this.parts.leases.beat(seat.name, this.holder, seat.epoch)) !== undefined;
  }

  private async takeSeat(sight: Sight, over: AbortSignal): Promise<void> {
    this.seat = undefined;
    for (const name of seatNames) {
      const seen = sight.get(name);
      // One that names us was taken, and the answer lost.
      if (this.signs.isHeld(name) && seen?.holder !== this.holder) continue;
      const taken = await this.parts.leases.take(name, this.holder, seen);
      if (over.aborted) return;
      if (taken === undefined) continue;
      this.seat = { name, epoch: taken.epoch };
      return;
    }
  }

  /** So that whoever begins to watch now does not count on them. */
  private async clearSeatsOfTheDead(sight: Sight): Promise<void> {
    const releases = seatNames.map(async (name) => {
      const { holder, epoch } = sight.get(name) ?? { holder: '', epoch: 0 };
      const isDead = holder !== '' && holder !== this.holder && !this.signs.isHeld(name);
      if (isDead) await this.parts.leases.release(name, holder, epoch);
    });
    await Promise.all(releases);
  }

  private takenByOthers(sight: Sight): readonly number[] {
    return [...this.held]
      .filter(([partition, epoch]) => {
        const lease = sight.get(partitionName(partition));
        return lease?.holder !== this.holder || lease.epoch !== epoch;
      })
      .map(([partition]) => partition);
  }

  private async evenOut(sight: Sight, over: AbortSignal): Promise<void> {
    const seat = this.seat?.name ?? '';
    const members = seatNames.filter((name) => name === seat || this.signs.isHeld(name));
    const share = fairShare(members.indexOf(seat), members.length, partitionCount);
    const alive = new Set(members.map((name) => sight.get(name)?.holder));
    const free = numbers.filter((partition) => !this.held.has(partition) && this.isFree(partition, sight, alive));
    const wanted = free.slice(0, Math.max(0, share - this.held.size));
    const tooMany = [...[...this.held].slice(share), ...this.leftBehind(free.slice(wanted.length), sight)];
    if (tooMany.length > 0) return this.putDown(tooMany);
    if (wanted.length > 0) await this.takeSome(wanted, sight, over);
  }

  /** Lost while we were cut off, but nobody took it: its lease names us still, and who lives is not taken from. */
  private leftBehind(free: readonly number[], sight: Sight): readonly (readonly [number, number])[] {
    return free.flatMap((partition) => {
      const lease = sight.get(partitionName(partition));
      return lease?.holder === this.holder ? [[partition, lease.epoch] as const] : [];
    });
  }

  /** Never taken, given up, of somebody dead, or of our own life before we were cut off. */
  private isFree(partition: number, sight: Sight, alive: ReadonlySet<string | undefined>): boolean {
    const holder = sight.get(partitionName(partition))?.holder ?? '';
    return holder === '' || holder === this.holder || !alive.has(holder);
  }

  private async takeSome(wanted: readonly number[], sight: Sight, over: AbortSignal): Promise<void> {
    const { leases } = this.parts;
    const onRecord = await this.parts.latestEpochs?.();
    if (over.aborted) return;
    const taken = new Map<number, number>();
    const takes = wanted.map(async (partition) => {
      const name = partitionName(partition);
      const lease = await leases.take(name, this.holder, sight.get(name), onRecord?.get(partition));
      if (lease) taken.set(partition, lease.epoch);
    });
    const answered = Promise.allSettled(takes);
    await Promise.race([answered, aborted(over)]);
    // Whatever became of the others: what is taken is worked on.
    for (const [partition, epoch] of taken) this.held.set(partition, epoch);
    if (taken.size > 0) this.turn.abort();
    if (over.aborted) return;
    for (const take of await answered) if (take.status === 'rejected') throw take.reason;
  }

  private giveBack(held: Held, partitions: readonly number[]): void {
    const ours = partitions.flatMap((partition) => {
      const epoch = held.get(partition);
      return epoch !== undefined && this.held.get(partition) === epoch ? [[partition, epoch] as const] : [];
    });
    if (ours.length > 0) this.putDown(ours);
  }

  private putDown(tooMany: readonly (readonly [number, number])[]): void {
    for (const [partition, epoch] of tooMany) {
      this.held.delete(partition);
      this.surplus.set(partition, epoch);
    }
    this.turn.abort();
  }

  private lose(partitions: readonly number[]): void {
    if (partitions.length === 0) return;
    for (const partition of partitions) this.held.delete(partition);
    this.turn.abort();
    this.parts.journal.warn('This process has lost partitions; others may have them', {
      partitions: listed(partitions),
    });
  }

  private async giveUpSurplus(): Promise<void> {
    for (const [partition, epoch] of this.surplus) {
      await this.release(partitionName(partition), epoch);
      this.surplus.delete(partition);
    }
  }

  private async leave(): Promise<void> {
    await this.giveUpSurplus();
    await Promise.all([...this.held].map(([partition, epoch]) => this.release(partitionName(partition), epoch)));
    this.held.clear();
    if (this.seat) await this.release(this.seat.name, this.seat.epoch);
    this.seat = undefined;
  }

  private async release(name: string, epoch: number): Promise<void> {
    try {
      await this.parts.leases.release(name, this.holder, epoch);
    } catch (error) {
      this.parts.journal.warn(`The lease ${name} was not given up; others take it over in a while`, {
        error: messageOf(error),
      });
    }
  }
}

const listed = (partitions: Iterable<number>): string => [...partitions].sort((a, b) => a - b).join(',');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
