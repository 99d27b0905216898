import type { Checkpoints } from '../ports/checkpoints.js';
import type { Clock } from '../ports/clock.js';
import type { EventFeed, FeedBatch, FeedPosition } from '../ports/event-feed.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import { backoffMs } from './backoff.js';

/** What one follower does with the feed (design D6). */
export interface FollowerWork {
  /** Names its checkpoint; what must start over gets another name. */
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  /** Events read at once. */
  readonly batchMax: number;
  /** Batches under way at once; more than one when an event may wait for the outside world. */
  readonly batchesMax: number;
  /**
   * Resolves when every event of the batch is done or parked. Begun in the order of the feed; the next may begin before
   * this one is done. May see an event again after a crash. A rejection stops the follower, which then starts over
   * from its checkpoint.
   * @param signal aborts when the follower stops, loses its lease or starts over: what waits for the outside world rejects then
   */
  handle(events: readonly StoredEvent[], signal: AbortSignal): Promise<void>;
  /** Called before it starts at the very beginning of a log: what an earlier version, or another log, has left is put away. */
  beginAnew?(): Promise<void>;
}

export interface FollowerParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  readonly journal: Journal;
}

interface Pending {
  readonly position: FeedPosition;
  done: boolean;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** One worker does all of a follower's work; partitions that share it out come with a number of their own. */
const partition = 0;
/** Of a process that nobody can take over from, since it alone has the data. */
const soleEpoch = 1;

/**
 * Hands the feed to one worker and keeps how far it has come. The checkpoint is the low-water mark: everything at or below it is
 * done; what was done above it is done again, harmlessly, after a crash.
 */
export class Follower {
  private readonly pending: Pending[] = [];
  /** undefined: somebody else works, or nobody. */
  private position: FeedPosition | undefined;
  private saving: Promise<void> = Promise.resolve();
  private saveDue = false;
  private epoch = soleEpoch;

  constructor(
    private readonly work: FollowerWork,
    private readonly parts: FollowerParts,
  ) {}

  get name(): string {
    return this.work.name;
  }

  /** How many events wait to be done, here or in the process that works on them now; counted up to `atMost`. */
  async lag(atMost: number): Promise<number> {
    const position = this.position ?? (await this.saved()) ?? 'start';
    return this.parts.eventFeed.countAfter(position, this.work, atMost);
  }

  /**
   * Works until `signal` aborts, whatever happens on the way; then puts down what it holds.
   * @param epoch of the lease under which it works: its checkpoints are refused once somebody else has taken over
   */
  async run(signal: AbortSignal, epoch = soleEpoch): Promise<void> {
    const { clock, journal } = this.parts;
    this.epoch = epoch;
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
    this.position = undefined;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const from = await this.restore();
    this.position = from;
    this.pending.length = 0;
    const stop = new AbortController();
    const stopWith = AbortSignal.any([signal, stop.signal]);
    let failure: Error | undefined;
    const inFlight = new Set<Promise<void>>();
    const { batchMax, batchesMax } = this.work;
    for await (const batch of this.parts.eventFeed.follow(from, this.work, stopWith, batchMax)) {
      const handled = this.handle(batch, stopWith).catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
        stop.abort();
      });
      inFlight.add(handled);
      void handled.finally(() => inFlight.delete(handled));
      while (inFlight.size >= batchesMax) await Promise.race(inFlight);
      if (stopWith.aborted) break;
    }
    await Promise.all(inFlight);
    await this.saving;
    if (failure) throw failure;
  }

  private async handle(batch: FeedBatch, signal: AbortSignal): Promise<void> {
    const entry: Pending = { position: batch.position, done: false };
    this.pending.push(entry);
    if (batch.events.length > 0) await this.work.handle(batch.events, signal);
    entry.done = true;
    this.advance();
  }

  /** Moves the low-water mark past everything that is done from the front. */
  private advance(): void {
    let moved = false;
    while (this.pending[0]?.done) {
      this.position = this.pending.shift()?.position ?? this.position;
      moved = true;
    }
    if (moved) this.saveSoon();
  }

  /** One save at a time; what moved meanwhile goes into the next. */
  private saveSoon(): void {
    if (this.saveDue) return;
    this.saveDue = true;
    this.saving = this.saving.then(async () => {
      this.saveDue = false;
      await this.save();
    });
  }

  private async save(): Promise<void> {
    const { checkpoints, eventLog, journal } = this.parts;
    const { logId } = eventLog;
    const position = this.position;
    if (position === undefined) return;
    try {
      await checkpoints.save(this.name, partition, { logId, position, epoch: this.epoch });
    } catch (error) {
      // Not saved is only done again after a restart.
      journal.warn(`Checkpoint of ${this.name} was not saved; it will be with the next batch`, {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  private async restore(): Promise<FeedPosition> {
    const saved = await this.saved();
    if (saved !== undefined) return saved;
    await this.work.beginAnew?.();
    return 'start';
  }

  /** undefined: nothing was saved, or of another log. */
  private async saved(): Promise<FeedPosition | undefined> {
    const saved = await this.parts.checkpoints.load(this.name, partition);
    return saved?.logId === this.parts.eventLog.logId ? saved.position : undefined;
  }
}
