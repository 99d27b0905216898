import type { Json } from '../../domain/json.js';
import type { FeedFilter, FeedPosition } from './event-feed.js';
import type { StoredEvent } from './event-log.js';

/** An event as a projection sees it. Of its metadata it may use the time, so that nothing else need be read in a replay. */
export type ToldEvent = Omit<StoredEvent, 'position' | 'metadata'> & { readonly metadata: { readonly time?: Json } };

/** A stream from its first event on; never empty. */
export type WholeStream = readonly [ToldEvent, ...ToldEvent[]];

/** One of `of` parts of about the same size, which together are everything. */
export interface Share {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

export const everything: Share = { index: 0, of: 1 };

/**
 * Reads the log stream after stream, for folding everything anew: so each document is made once, whatever lies between the events of
 * its stream. Only a store that keeps streams together on a disk beside us can do it.
 */
export interface WholeStreams {
  /** Each stream in one piece, up to and with the event at `until`. @throws StoreUnavailable */
  read(filter: FeedFilter, until: FeedPosition, share?: Share): AsyncIterable<readonly WholeStream[]>;
}
