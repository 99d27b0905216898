import type { FeedPosition } from './event-feed.js';

/** How far a follower has come: everything at or below `position` is done or parked (design D6). */
export interface Checkpoint {
  /** The log that the position belongs to. */
  readonly logId: string;
  readonly position: FeedPosition;
  /** Of the lease under which it was written; a smaller one is refused. */
  readonly epoch: number;
}

export interface Checkpoints {
  /** By partition; those that have never saved one are left out. */
  load(follower: string): Promise<ReadonlyMap<number, Checkpoint>>;

  /**
   * Only moves forward: `stale` when the stored epoch is greater, or the same log's stored position is beyond it.
   * A checkpoint of another log replaces what stands there. The same one again is `saved`.
   */
  save(follower: string, partition: number, checkpoint: Checkpoint): Promise<'saved' | 'stale'>;

  /** Forgets all partitions of a follower, for a rebuild. */
  forget(follower: string): Promise<void>;
}
