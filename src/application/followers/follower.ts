import type { Checkpoint, Checkpoints } from '../ports/checkpoints.js';
import type { Clock } from '../ports/clock.js';
import { isBeyond, type EventFeed, type FeedBatch, type FeedPosition } from '../ports/event-feed.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import { backoffMs } from './backoff.js';
import { BatchesInHand } from './batches-in-hand.js';
import { alone, everything, type Held, type Lost, type Sharing } from './partitions.js';

/** Events that wait for a time and not for their turn: the checkpoint waits for them, and nothing else does. */
export interface PutOff {
  readonly events: number;
  /** Resolves when all of them are done or parked; rejects as `handle` does. */
  readonly done: Promise<void>;
}

/** What one follower does with the feed (design D6). */
export interface FollowerWork {
  /** Names its checkpoints; what must start over gets another name. */
  readonly name: string;
  /** Under which releases that run beside this one, older and newer, may be doing the same: who is asked how far it is counts theirs too. */
  readonly otherNames?: readonly string[];
  readonly streamPrefixes: readonly string[];
  /** Events read at once. */
  readonly batchMax: number;
  /** Batches under way at once; more than one when an event may wait for the outside world. */
  readonly batchesMax: number;
  /** 0 to 15, always the same for a stream: events whose order matters to each other are in one partition. */
  partitionOf(stream: string): number;
  /**
   * Resolves when every event of the batch is done, parked or put off. Begun in the order of the feed; the next may begin before
   * this one is done. May see an event again after a crash. A rejection stops the follower, which then starts over
   * from its checkpoints.
   * @param signal aborts when the follower stops, loses a lease or starts over: what waits for the outside world rejects then
   */
  handle(events: readonly StoredEvent[], signal: AbortSignal): Promise<PutOff | void>;
  /**
   * Called before a process that is alone starts at the very beginning of a log: what an earlier version, or another log, has left is
   * put away. Where processes share the work nothing is put away behind the others' backs.
   */
  beginAnew?(): Promise<void>;
}

export interface FollowerParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Default: this process is alone with its data. */
  readonly sharing?: Sharing;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** Between two saves of the checkpoints: what a crash lets be done again. */
const saveEveryMs = 100;
/** More than so many events put off, and a batch is read only now and then: those behind it may be what can be done. */
const putOffMax = 512;
const readOnAfterMs = 30_000;

/**
 * Hands the feed, as far as it is of the partitions that this process holds, to one worker, and keeps how far each has come. A
 * checkpoint is a low-water mark: everything at or below it is done; what was done above it is done again, harmlessly, after a crash.
 */
export class Follower {
  private readonly sharing: Sharing;
  private held: Held = new Map();
  private lost: Lost = () => undefined;
  private isRefused = false;
  /** Where each held partition stood when it was restored: events up to there are done. Empty while nothing is followed. */
  private starts: ReadonlyMap<number, FeedPosition> = new Map();
  private inHand = new BatchesInHand('start');
  private saved: FeedPosition = 'start';
  private savedReached: FeedPosition = 'start';

  constructor(
    private readonly work: FollowerWork,
    private readonly parts: FollowerParts,
  ) {
    this.sharing = parts.sharing ?? alone;
  }

  get name(): string {
    return this.work.name;
  }

  /**
   * How many events wait to be done, here or in the processes that work on them now; counted up to `atMost`.
   * @throws ReadModelOfAnotherLog, or another error that says what is the matter, while what is done is of another log
   */
  async lag(atMost: number): Promise<number> {
    const { eventFeed } = this.parts;
    if (this.starts.size === this.sharing.partitions) {
      // Of what is done above the mark, because something below is put off, nothing waits.
      const [undone, end] = [this.inHand.undone(), this.inHand.end];
      return Math.min(atMost, undone + (await eventFeed.countAfter(end, this.work, atMost)));
    }
    const marks = new Map([...(await this.savedMarks()), ...this.marks(this.inHand.reached)]);
    return eventFeed.countAfter(lowest([...marks.values()]), this.work, atMost);
  }

  /**
   * Works until `signal` aborts, whatever happens on the way; then puts down what it holds.
   * @param held checkpoints are refused under the epoch of a lease that somebody else has taken over
   * @param lost is told of partitions whose checkpoints are refused: others are at work on them, or were under a later epoch
   */
  async run(signal: AbortSignal, held: Held = everything, lost: Lost = () => undefined): Promise<void> {
    const { clock, journal } = this.parts;
    this.held = held;
    this.lost = lost;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const startedAt = clock.monotonicMs();
      try {
        await this.follow(signal);
      } catch (error) {
        // Work that was put down because the service stops is no failure.
        if (signal.aborted) break;
        journal.error(`Follower ${this.name} stopped and starts over from its checkpoint`, { failures }, error);
      }
      if (clock.monotonicMs() - startedAt > longestPauseMs) failures = 0;
      await clock.sleep(backoffMs(failures, firstPauseMs, longestPauseMs), signal);
    }
    this.held = new Map();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const starts = await this.restore();
    const from = lowest([...starts.values()]);
    this.inHand = new BatchesInHand(from);
    this.starts = starts;
    try {
      await this.followFrom(from, signal);
    } finally {
      // How far this run had come says nothing any more: the log may be put back before the next.
      this.starts = new Map();
    }
  }

  private async followFrom(from: FeedPosition, signal: AbortSignal): Promise<void> {
    this.saved = this.savedReached = from;
    this.isRefused = false;
    const stop = new AbortController();
    const stopWith = AbortSignal.any([signal, stop.signal]);
    const saving = this.saveNowAndThen(stopWith);
    let failure: Error | undefined;
    const fail = (error: unknown): void => {
      failure ??= error instanceof Error ? error : new Error(String(error));
      stop.abort();
    };
    const inFlight = new Set<Promise<void>>();
    const putOff = new Set<Promise<void>>();
    const until = (set: Set<Promise<void>>, promise: Promise<void>): void => {
      const ended = promise.catch(fail).finally(() => set.delete(ended));
      set.add(ended);
    };
    const { batchMax, batchesMax } = this.work;
    try {
      for await (const batch of this.parts.eventFeed.follow(from, this.work, stopWith, batchMax)) {
        until(
          inFlight,
          this.handle(batch, stopWith, (later) => until(putOff, later)),
        );
        while (inFlight.size >= batchesMax) await Promise.race(inFlight);
        if (this.isFull) await this.untilThereIsRoom(putOff, stopWith);
        if (stopWith.aborted) break;
      }
    } catch (error) {
      fail(error);
    }
    await Promise.all(inFlight);
    await Promise.all(putOff);
    stop.abort();
    await saving;
    await this.save();
    if (failure) throw failure;
  }

  /** @param waitFor what the batch has put off, which it is not held up by */
  private async handle(batch: FeedBatch, signal: AbortSignal, waitFor: (later: Promise<void>) => void): Promise<void> {
    const events = batch.events.filter((event) => this.isToDo(event));
    const { inHand } = this;
    const begun = inHand.begin(batch.position, events.length);
    const putOff = events.length > 0 ? await this.work.handle(events, signal) : undefined;
    if (!putOff) return inHand.finish(begun);
    inHand.putOff(begun, putOff.events);
    waitFor(putOff.done.then(() => inHand.finish(begun)));
  }

  private async untilThereIsRoom(putOff: ReadonlySet<Promise<void>>, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const longEnough = this.parts.clock.sleep(readOnAfterMs, AbortSignal.any([signal, waiting.signal]));
    const isOver = longEnough.then(() => true);
    const isDone = () => Promise.race([...putOff].map((one) => one.then(() => !this.isFull)));
    while (!(await Promise.race([isOver, isDone()])));
    waiting.abort();
  }

  private get isFull(): boolean {
    return this.inHand.undone('put_off') > putOffMax;
  }

  private isToDo({ stream, position }: StoredEvent): boolean {
    const start = this.starts.get(this.work.partitionOf(stream) % this.sharing.partitions);
    return start !== undefined && isBeyond(position, start);
  }

  private async saveNowAndThen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.parts.clock.sleep(saveEveryMs, signal);
      await this.save();
    }
  }

  private async save(): Promise<void> {
    this.inHand.shorten();
    const { mark, reached } = this.inHand;
    try {
      if (mark !== this.saved) this.tellRefused(await this.saveMarks(this.name, mark));
      this.saved = mark;
      // Only for those who ask how far this process is; whoever goes on from here does what was put off again.
      if (reached !== mark && reached !== this.savedReached) await this.saveMarks(this.reachedName, reached);
      this.savedReached = reached;
    } catch (error) {
      // Not saved is only done again after a restart.
      this.parts.journal.warn(`Checkpoint of ${this.name} was not saved; it will be with the next batch`, {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Resolves to the partitions whose checkpoints were refused. */
  private async saveMarks(name: string, position: FeedPosition): Promise<readonly number[]> {
    const { checkpoints, eventLog } = this.parts;
    const saves = [...this.marks(position)].map(async ([partition, mark]) => {
      const epoch = this.held.get(partition) ?? 0;
      const saved = await checkpoints.save(name, partition, { logId: eventLog.logId, position: mark, epoch });
      return saved === 'stale' ? [partition] : [];
    });
    return (await Promise.all(saves)).flat();
  }

  /** Once in a run: its own checkpoints only grow, so a later epoch is on record. */
  private tellRefused(partitions: readonly number[]): void {
    if (partitions.length === 0 || this.isRefused) return;
    this.isRefused = true;
    this.parts.journal.warn(
      `Checkpoints of ${this.name} are refused: others work on these partitions, or did under a later epoch`,
      { partitions: partitions.join(',') },
    );
    this.lost(partitions);
  }

  /** The latest epoch under which a checkpoint of each partition was kept. */
  async latestEpochs(): Promise<ReadonlyMap<number, number>> {
    const saved = await this.parts.checkpoints.load(this.name);
    return new Map([...saved].map(([partition, { epoch }]) => [partition, epoch]));
  }

  private get reachedName(): string {
    return `${this.name}/reached`;
  }

  /** How far each held partition has come. */
  private marks(position: FeedPosition): ReadonlyMap<number, FeedPosition> {
    return new Map(
      [...this.starts].map(([partition, start]) => [partition, isBeyond(position, start) ? position : start]),
    );
  }

  /** How far each partition has come, as far as its holder has saved it, be it of another release. */
  private async savedMarks(): Promise<ReadonlyMap<number, FeedPosition>> {
    const { checkpoints, eventFeed } = this.parts;
    const own = await this.savedForThisLog();
    if (own === undefined) throw this.ofAnotherLog();
    const names = [this.reachedName, ...(this.work.otherNames ?? [])];
    const others = await Promise.all(names.map((name) => checkpoints.load(name)));
    const end = await eventFeed.end();
    const markOf = (partition: number): FeedPosition =>
      furthest([own, ...others].flatMap((saved) => this.positionIn(saved.get(partition), end) ?? []));
    return new Map(Array.from({ length: this.sharing.partitions }, (_, n) => [n, markOf(n)] as const));
  }

  private positionIn(saved: Checkpoint | undefined, end: FeedPosition): FeedPosition | undefined {
    return saved && this.isOfThisLog(saved, end) ? saved.position : undefined;
  }

  /** Where each held partition goes on. */
  private async restore(): Promise<ReadonlyMap<number, FeedPosition>> {
    const saved = (await this.savedForThisLog()) ?? (await this.startOver());
    if (saved.size === 0 && !this.isShared) await this.work.beginAnew?.();
    return new Map([...this.held.keys()].map((partition) => [partition, saved.get(partition)?.position ?? 'start']));
  }

  /** undefined: the log is another one, or was put back from an older backup, and what was done is of events that may never have happened. */
  private async savedForThisLog(): Promise<ReadonlyMap<number, Checkpoint> | undefined> {
    const { checkpoints, eventFeed } = this.parts;
    const saved = await checkpoints.load(this.name);
    const end = await eventFeed.end();
    return [...saved.values()].every((checkpoint) => this.isOfThisLog(checkpoint, end)) ? saved : undefined;
  }

  private isOfThisLog({ logId, position }: Checkpoint, end: FeedPosition): boolean {
    return logId === this.parts.eventLog.logId && !isBeyond(position, end);
  }

  private async startOver(): Promise<ReadonlyMap<number, Checkpoint>> {
    const found = this.ofAnotherLog();
    if (found instanceof ReadModelOfAnotherLog) throw found;
    this.parts.journal.warn(found.message);
    for (const name of [this.name, this.reachedName]) await this.parts.checkpoints.forget(name);
    return new Map();
  }

  /** What is to be done about it: by a person where others may be reading what was written, else by this follower. */
  private ofAnotherLog(): Error {
    return this.work.beginAnew && this.isShared
      ? new ReadModelOfAnotherLog(this.name)
      : new Error(`What ${this.name} has done is of another event log, or of a later state of it; it starts over`);
  }

  private get isShared(): boolean {
    return this.sharing.partitions !== alone.partitions;
  }
}

export class ReadModelOfAnotherLog extends Error {
  override readonly name = 'ReadModelOfAnotherLog';
  constructor(follower: string) {
    super(
      `What ${follower} has written is of another event log, or of a later state of this one. End all workers and run: npm run payments -- rebuild`,
    );
  }
}

const lowest = (positions: readonly FeedPosition[]): FeedPosition =>
  positions.reduce((low, position) => (isBeyond(low, position) ? position : low), positions[0] ?? 'start');

const furthest = (positions: readonly FeedPosition[]): FeedPosition =>
  positions.reduce((far, position) => (isBeyond(position, far) ? position : far), 'start');
