import type { JsonObject } from '../../domain/json.js';

/** An event as a store keeps it (design D9). `data` and `metadata` are plain JSON; what they mean is the codec's business. */
export interface NewEvent {
  /** UUIDv7, fresh for every decision; only the very same append repeated after a lost answer keeps its ids. */
  readonly id: string;
  readonly type: string;
  /** Schema version of `data`, from 1. */
  readonly version: number;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** Place in its stream, from 0, without gaps. */
  readonly revision: number;
  /** Place in the whole log. Text that sorts as the log does (zero-padded), opaque otherwise, good within this log only. */
  readonly position: string;
}

/** `none`: the stream must not exist yet. `any`: whatever stands there. A number: the revision of its last event. */
export type ExpectedRevision = number | 'none' | 'any';

export type AppendResult =
  | { readonly type: 'appended'; readonly revision: number; readonly position: string }
  /** Somebody appended since `expected` was read; `actual` is the stream's head now. Nothing was written. */
  | { readonly type: 'conflict'; readonly actual: number | 'none' };

/**
 * Every stream's history, only ever added to (design D1). Payment streams, the inbox and whatever else the service
 * remembers live here side by side.
 */
export interface EventLog {
  /** Names this log; a cursor or checkpoint of another log means nothing here. Never changes in a log's life. */
  readonly logId: string;

  /** Appends that arrive together are written together, to whatever streams: nothing is won by gathering them beforehand. */
  readonly gathersAppends?: true;

  /**
   * The events of a stream in order, from revision `from` (0) on, at most `limit` of them (all).
   * A stream that nobody has written has an empty history; that is no error.
   */
  read(stream: string, range?: { readonly from?: number; readonly limit?: number }): Promise<readonly StoredEvent[]>;

  /**
   * Adds events to the end of a stream: all of them or none, durable before it resolves.
   * The same append again (same ids, same expectation) answers `appended` and writes nothing.
   * @throws AppendTooLarge when the events are more than one append may carry
   * @throws StoreUnavailable when the store gave no answer: the events may stand or not
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;
}

/** One append may carry so many bytes of JSON (data and metadata together) on every adapter (eventstoredb-facts: 1 MiB). */
export const appendBytesMax = 1_000_000;

export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
  constructor(
    readonly stream: string,
    readonly bytes: number,
  ) {
    super(`An append of ${bytes} bytes to ${stream} is over the limit of ${appendBytesMax} bytes; split it`);
  }
}

/** What stands in a store is damaged, foreign or in use elsewhere. The message tells an operator, in one line, what to do. */
export class StoreRefused extends Error {
  override readonly name: string = 'StoreRefused';
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
  }
}
