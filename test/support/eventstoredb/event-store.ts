/** An event as a caller hands it over; EventStoreDB looks into none of it but the id. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface RecordedEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Where it begins in the log, in bytes: grows, with gaps. Commit and prepare position are the same, as in EventStoreDB 24. */
  readonly position: bigint;
  readonly createdMs: number;
}

export type Expected = 'any' | 'no-stream' | 'stream-exists' | number;

export type Written =
  /** `position` is missing where the same events stood there already. */
  | { readonly type: 'written'; readonly revision: number; readonly position: bigint | undefined }
  | { readonly type: 'wrong-expected-version'; readonly expected: Expected; readonly actual: number | 'no-stream' }
  | { readonly type: 'stream-deleted' }
  | { readonly type: 'too-large' };

export type StreamRead =
  | { readonly type: 'found'; readonly events: readonly RecordedEvent[] }
  | { readonly type: 'not-found' }
  | { readonly type: 'stream-deleted' };

/** Bytes of one append, as EventStoreDB has it by default. */
export const appendBytesMax = 1024 * 1024;

const metadataStreamOf = (stream: string): string => `$$${stream}`;
/** `$tb` of a stream that was deleted but may come back. */
const truncatedWhole = 2 ** 63 - 1;
const nobody = -1;

/**
 * What EventStoreDB keeps, in memory: streams, $all in the order of writing, stream metadata, deletion. No scavenging: what is
 * hidden by metadata is only hidden.
 */
export class EventStore {
  private readonly all: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly tombstoned = new Set<string>();
  /** By stream and event id. */
  private readonly revisions = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private end = 0n;

  append(stream: string, events: readonly ProposedEvent[], expected: Expected): Written {
    if (this.tombstoned.has(stream)) return { type: 'stream-deleted' };
    if (sizeOf(events) > appendBytesMax) return { type: 'too-large' };
    const place = this.placeOfRepeat(stream, events, expected);
    if (this.isWritten(stream, events, place))
      return { type: 'written', revision: place + events.length - 1, position: undefined };
    // Under `any`, a repeat that others were merged into is refused.
    const isMerged = expected === 'any' && place !== nobody;
    if (isMerged || !this.isAsExpected(stream, expected)) return this.wrongExpectedVersion(stream, expected);
    const head = this.headOf(stream);
    if (this.isDeleted(stream)) this.writeMetadata(stream, { $tb: head + 1 });
    for (const event of events) this.write(stream, event);
    this.announce();
    return { type: 'written', revision: head + events.length, position: this.all.at(-1)?.position };
  }

  /** Gone, until somebody appends again: then its revisions go on where they were. */
  delete(stream: string, expected: Expected): Written {
    return this.put(stream, expected, () => this.writeMetadata(stream, { $tb: truncatedWhole }));
  }

  /** Gone for ever. */
  tombstone(stream: string, expected: Expected): Written {
    return this.put(stream, expected, () => {
      this.write(stream, jsonEvent('$streamDeleted', {}));
      this.tombstoned.add(stream);
    });
  }

  readStream(stream: string, from: number | 'start' | 'end', direction: 'forwards' | 'backwards'): StreamRead {
    if (this.tombstoned.has(stream)) return { type: 'stream-deleted' };
    if (this.headOf(stream) === nobody || this.isDeleted(stream)) return { type: 'not-found' };
    const kept = this.keptOf(stream);
    const first = kept[0]?.revision ?? 0;
    const at = from === 'start' ? 0 : from === 'end' ? kept.length - 1 : from - first;
    if (direction === 'forwards') return { type: 'found', events: kept.slice(Math.max(0, at)) };
    return { type: 'found', events: kept.slice(0, Math.max(0, at + 1)).reverse() };
  }

  /** Events of $all from a position on, itself included unless `after`. */
  *allFrom(position: bigint, { after = false } = {}): Generator<RecordedEvent> {
    for (let n = this.indexOf(after ? position + 1n : position); n < this.all.length; n += 1) {
      const event = this.all[n];
      if (event) yield event;
    }
  }

  /** Backwards, from just before a position, or from the end. */
  *allBefore(position: bigint | 'end'): Generator<RecordedEvent> {
    for (let n = (position === 'end' ? this.all.length : this.indexOf(position)) - 1; n >= 0; n -= 1) {
      const event = this.all[n];
      if (event) yield event;
    }
  }

  /** Position of the last event. */
  get lastPosition(): bigint {
    return this.all.at(-1)?.position ?? -1n;
  }

  /** @returns what stops the listening */
  onWritten(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private put(stream: string, expected: Expected, change: () => void): Written {
    if (this.tombstoned.has(stream)) return { type: 'stream-deleted' };
    if (!this.isAsExpected(stream, expected)) return this.wrongExpectedVersion(stream, expected);
    change();
    this.announce();
    return { type: 'written', revision: this.headOf(stream), position: this.lastPosition };
  }

  private wrongExpectedVersion(stream: string, expected: Expected): Written {
    const head = this.headOf(stream);
    return { type: 'wrong-expected-version', expected, actual: head === nobody ? 'no-stream' : head };
  }

  /**
   * Where these events stand if they were appended before: after the expected revision, or where the first of them was written when
   * no place was expected. A repeat with others before it is therefore not recognized, as in EventStoreDB.
   */
  private placeOfRepeat(stream: string, events: readonly ProposedEvent[], expected: Expected): number {
    if (expected === 'no-stream') return 0;
    if (typeof expected === 'number') return expected + 1;
    return this.revisions.get(`${stream} ${events[0]?.id}`) ?? nobody;
  }

  private isWritten(stream: string, events: readonly ProposedEvent[], from: number): boolean {
    const written = this.streams.get(stream) ?? [];
    return from >= 0 && events.length > 0 && events.every(({ id }, n) => written[from + n]?.id === id);
  }

  private isAsExpected(stream: string, expected: Expected): boolean {
    const head = this.headOf(stream);
    if (expected === 'any') return true;
    if (expected === 'no-stream') return head === nobody || this.isDeleted(stream);
    if (expected === 'stream-exists') return head !== nobody && !this.isDeleted(stream);
    return expected === head;
  }

  private headOf(stream: string): number {
    return (this.streams.get(stream)?.length ?? 0) - 1;
  }

  private isDeleted(stream: string): boolean {
    const { $tb } = this.metadataOf(stream);
    return typeof $tb === 'number' && $tb >= truncatedWhole;
  }

  /** Events of a stream that its metadata lets through. */
  private keptOf(stream: string): readonly RecordedEvent[] {
    const { $tb, $maxCount, $maxAge } = this.metadataOf(stream);
    const written = this.streams.get(stream) ?? [];
    const from = Math.max(
      typeof $tb === 'number' ? $tb : 0,
      typeof $maxCount === 'number' ? written.length - $maxCount : 0,
    );
    const oldestMs = typeof $maxAge === 'number' ? Date.now() - $maxAge * 1_000 : 0;
    return written.slice(from).filter(({ createdMs }) => createdMs >= oldestMs);
  }

  private metadataOf(stream: string): Readonly<Record<string, unknown>> {
    const last = this.streams.get(metadataStreamOf(stream))?.at(-1);
    return last ? (JSON.parse(Buffer.from(last.data).toString()) as Record<string, unknown>) : {};
  }

  private writeMetadata(stream: string, change: Readonly<Record<string, unknown>>): void {
    this.write(metadataStreamOf(stream), jsonEvent('$metadata', { ...this.metadataOf(stream), ...change }));
  }

  private write(stream: string, event: ProposedEvent): void {
    const written = this.streams.get(stream) ?? [];
    this.streams.set(stream, written);
    this.end += BigInt(100 + stream.length + event.data.length + event.metadata.length);
    const recorded = { ...event, stream, revision: written.length, position: this.end, createdMs: Date.now() };
    written.push(recorded);
    this.revisions.set(`${stream} ${event.id}`, recorded.revision);
    this.all.push(recorded);
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }

  /** Of the first event at `position` or later. */
  private indexOf(position: bigint): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle]?.position ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const sizeOf = (events: readonly ProposedEvent[]): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);

const jsonEvent = (type: string, data: object): ProposedEvent => ({
  id: crypto.randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: new Uint8Array(),
});
