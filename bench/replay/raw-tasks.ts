import type { Place } from '../stores/bench-stores.js';

/** Reads the events of a built log and does nothing with them. */
export interface RawFeedTask {
  readonly place: Place;
  /** So many are there. */
  readonly events: number;
}

/** Writes the finished documents of a built log once more, `into` another place. */
export interface RawDocumentsTask {
  readonly place: Place;
  readonly into: Place;
}

/** Events. */
export type RawFeed = { readonly perSecond: number };

/** Documents, and how many there are. */
export type RawDocuments = { readonly perSecond: number; readonly count: number };
