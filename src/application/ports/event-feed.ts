import type { StoredEvent } from './event-log.js';

/** Where a reader of the feed stands: after the event of this position, or before the first. */
export type FeedPosition = string | 'start';

export interface FeedFilter {
  /** Only events of streams whose name begins with one of these. Empty: all streams. */
  readonly streamPrefixes: readonly string[];
}

/** What was read in one go: events that pass the filter, in the order of the log. */
export interface FeedBatch {
  readonly events: readonly StoredEvent[];
  /** The reader stands here now, also past events that the filter left out. */
  readonly position: FeedPosition;
  /** Nothing stood after `position` when it was read. */
  readonly atEnd: boolean;
}

/** All events of the log, in order, none missing and none twice (design D1). An event shows up only once it is durable. */
export interface EventFeed {
  /**
   * The next events after `after`, at most `limit` (1,000) of them. At the end: no events, `atEnd`.
   * @throws StoreUnavailable
   */
  readAfter(after: FeedPosition, filter: FeedFilter, limit?: number): Promise<FeedBatch>;

  /**
   * Batches from `after` on, then live: waits when there is nothing, goes on when there is. An event is delivered within
   * milliseconds of its append. The next batch is read when the last was taken, so a slow consumer slows itself only.
   * A batch without events moves the position past what the filter left out. Ends when `signal` aborts.
   * @throws FeedInterrupted when the store ends the subscription: follow again from the last position
   */
  follow(after: FeedPosition, filter: FeedFilter, signal: AbortSignal, batchMax?: number): AsyncIterable<FeedBatch>;

  /** How many events that pass the filter stand after `after`; counting stops at `atMost`. */
  countAfter(after: FeedPosition, filter: FeedFilter, atMost: number): Promise<number>;

  /**
   * Where the log ends now. No position that was read before lies beyond it, unless the log has been put back from an older
   * backup since (`isBeyond`).
   * @throws StoreUnavailable
   */
  end(): Promise<FeedPosition>;
}

/** Whether who stands at `position` has seen events that a log which ends at `end` does not have. */
export const isBeyond = (position: FeedPosition, end: FeedPosition): boolean =>
  position !== 'start' && (end === 'start' || position > end);

export class FeedInterrupted extends Error {
  override readonly name = 'FeedInterrupted';
  constructor(cause: unknown) {
    super('The event feed was interrupted; follow it again from the last position', { cause });
  }
}
