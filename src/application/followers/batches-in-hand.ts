import type { FeedPosition } from '../ports/event-feed.js';

/** A batch that was read. */
export interface BatchInHand {
  readonly position: FeedPosition;
  readonly stage: 'at_work' | 'put_off' | 'done';
  /** Not done yet. */
  readonly events: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What was read of the feed and is not done up to its end, in the order of the feed: how far a run has come. */
export class BatchesInHand {
  private batches: Mutable<BatchInHand>[] = [];

  /** @param done everything at or below it is done */
  constructor(private done: FeedPosition) {}

  begin(position: FeedPosition, events: number): BatchInHand {
    const batch: BatchInHand = { position, stage: 'at_work', events };
    this.batches.push(batch);
    return batch;
  }

  putOff(batch: BatchInHand, events: number): void {
    Object.assign(batch, { stage: 'put_off', events });
  }

  finish(batch: BatchInHand): void {
    Object.assign(batch, { stage: 'done', events: 0 });
    while (this.batches[0]?.stage === 'done') this.done = this.batches.shift()?.position ?? this.done;
  }

  /** The low-water mark: everything at or below it is done. */
  get mark(): FeedPosition {
    return this.done;
  }

  /** Everything at or below it is done or put off. */
  get reached(): FeedPosition {
    const atWork = this.batches.findIndex(({ stage }) => stage === 'at_work');
    const before = atWork === -1 ? this.batches.at(-1) : this.batches[atWork - 1];
    return before?.position ?? this.done;
  }

  /** Where the last one ends that was read. */
  get end(): FeedPosition {
    return this.batches.at(-1)?.position ?? this.done;
  }

  /** Events that were read and are not done. */
  undone(stage?: BatchInHand['stage']): number {
    return this.batches.reduce((sum, batch) => sum + (!stage || batch.stage === stage ? batch.events : 0), 0);
  }

  /** Of several done in a row the last tells all: what is put off for long must not make a long list. */
  shorten(): void {
    this.batches = this.batches.filter(({ stage }, n) => stage !== 'done' || this.batches[n + 1]?.stage !== 'done');
  }
}
