/**
 * Background work is cut into so many parts, by stream (design D6). One for each inbox stream, so that a payment's events,
 * notifications and doubts are all in the same part. Never changed: followers would not find their checkpoints.
 */
export const partitionCount = 16;

/** Of an id that ends in a hexadecimal digit of a hash, as payment ids do. */
export const partitionOfHash = (id: string): number => Number.parseInt(id.slice(-1), 16);

/** The partitions that a process works on, and the epoch of its lease on each. */
export type Held = ReadonlyMap<number, number>;

/** Tells that these are worked on by others, whatever the leases say: a later epoch than ours is on record. */
export type Lost = (partitions: readonly number[]) => void;

/** Into how many parts the work is cut: many where processes share it, one where a single process has the data to itself. */
export interface Sharing {
  readonly partitions: number;
}

/** Nobody else can take over, since nobody else has the data. */
export const alone: Sharing = { partitions: 1 };
export const shared: Sharing = { partitions: partitionCount };

/** Everything there is, of a process that is alone. */
export const everything: Held = new Map([[0, 1]]);
