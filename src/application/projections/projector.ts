import type { Documents, StoredDocument } from '../ports/documents.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../ports/event-log.js';
import type { FollowerWork } from '../followers/follower.js';
import type { ParkedKeys } from '../parking/parked-keys.js';
import { guardOf, revisionIn, versionIn } from './document-guard.js';
import { oneByOne, type Refused } from './one-by-one.js';
import { followerOf, otherVersionsOf, type Projection } from './projection.js';
import { withoutGap } from './without-gap.js';

/** What the events of one id up to `revision` come to: true for ever, whatever the documents hold meanwhile. */
interface Folded<Fold> {
  readonly fold: Fold | undefined;
  /** -1: nothing folded yet. */
  readonly revision: number;
}

const nothingFolded = { fold: undefined, revision: -1 };

/** An event with the id of the document that it belongs to. */
interface Named {
  readonly id: string;
  readonly event: StoredEvent;
}

/** Of payments that are under way; an entry is a few kilobytes. */
const keptMax = 5_000;

/** A store that gives no answer so often, each time to a whole batch, is asked whether a single document is at fault. */
const unansweredMax = 3;

/**
 * Folds a batch of events in memory and writes each document once (design D5). An event is applied only to the document of the
 * revision just before it: lower ones are skipped, after a gap the document is folded anew from its stream. So redelivery changes nothing.
 * The document of an event that cannot be folded, or which the store does not take, is parked: it stands still and leaves a gap to its later events, which then wait (D6).
 */
export class Projector<Fold> implements FollowerWork {
  readonly name: string;
  readonly otherNames: readonly string[];
  readonly streamPrefixes: readonly string[];
  readonly batchMax = 1_000;
  /** Documents of one id are written in the order of the feed. */
  readonly batchesMax = 1;
  /** What has just been written need not be read back. The longest unchanged first. */
  private readonly folded = new Map<string, Folded<Fold>>();
  /** By id, each with its stream. */
  private readonly unwritten = new Map<string, string>();
  /** Versions whose parked keys this one has still to release: it has tried all of it anew. */
  private earlierVersions: readonly number[];
  /** So many batches in a row have got no answer. */
  private unanswered = 0;

  constructor(
    private readonly projection: Projection<Fold>,
    private readonly documents: Documents,
    private readonly eventLog: EventLog,
    private readonly parkedKeys: ParkedKeys,
  ) {
    this.name = followerOf(projection);
    this.otherNames = otherVersionsOf(projection);
    this.streamPrefixes = projection.streamPrefixes;
    this.earlierVersions = Array.from({ length: projection.version - 1 }, (_, n) => n + 1);
  }

  partitionOf(stream: string): number {
    return this.projection.partitionOf(stream);
  }

  /** Documents of another log would hold the new ones off, and some may have no events here at all. */
  async beginAnew(): Promise<void> {
    this.forget();
    await this.parkedKeys.release(this.name);
    await this.documents.clear(this.projection.collection);
  }

  async handle(events: readonly StoredEvent[], signal?: AbortSignal): Promise<void> {
    try {
      await this.releaseEarlierVersions();
      await this.fold(events);
      await this.write(signal);
    } catch (error) {
      // What was folded may not have been written, and starting over has to write it.
      this.forget();
      throw error;
    }
  }

  /** Folded, but not written yet: so many documents. */
  get waiting(): number {
    return this.unwritten.size;
  }

  async fold(events: readonly StoredEvent[]): Promise<void> {
    const named = await this.named(events);
    await this.recall(named);
    for (const { id, event } of named) {
      const before = this.folded.get(id) ?? nothingFolded;
      if (event.revision > before.revision) await this.apply(id, event, before);
    }
  }

  async write(signal?: AbortSignal): Promise<void> {
    const batch: StoredDocument[] = [];
    for (const [id, stream] of this.unwritten) {
      try {
        batch.push(...this.documentOf(id));
      } catch (error) {
        await this.parkUnwritten(id, stream, error);
      }
    }
    for (const { document, error } of await this.writeBatch(batch, signal))
      await this.parkUnwritten(document.id, this.unwritten.get(document.id) ?? '', error);
    this.unwritten.clear();
    this.dropOldest();
  }

  /** Resolves to what the store does not take, though it takes the others. */
  private async writeBatch(batch: readonly StoredDocument[], signal?: AbortSignal): Promise<readonly Refused[]> {
    const write = (documents: readonly StoredDocument[]) => this.documents.write(this.projection.collection, documents);
    try {
      await write(batch);
      this.unanswered = 0;
      return [];
    } catch (error) {
      // An outage, most likely; but a store may also fall silent over a single document, again and again.
      if (error instanceof StoreUnavailable && (this.unanswered += 1) % unansweredMax !== 0) throw error;
      return oneByOne((document) => write([document]), batch, signal);
    }
  }

  /** What is of no document that is known here is parked under the name of its stream. */
  private async named(events: readonly StoredEvent[]): Promise<readonly Named[]> {
    const named: Named[] = [];
    for (const event of events) {
      try {
        named.push({ id: this.projection.idOf(event.stream), event });
      } catch (error) {
        await this.park(event.stream, event, error);
      }
    }
    return named;
  }

  /** Brings to mind where the ids of a batch stand. Whoever begins in it is not looked for. */
  private async recall(named: readonly Named[]): Promise<void> {
    const missing = new Set<string>();
    for (const { id, event } of named) {
      if (event.revision === 0 && !this.folded.has(id)) this.folded.set(id, nothingFolded);
      else if (!this.folded.has(id)) missing.add(id);
    }
    if (missing.size === 0) return;
    const found = await this.documents.getMany(this.projection.collection, [...missing]);
    for (const { id, revision: guard, document } of found)
      if (versionIn(guard) === this.projection.version)
        this.folded.set(id, { fold: this.projection.resume(document), revision: revisionIn(guard) });
  }

  private async apply(id: string, event: StoredEvent, before: Folded<Fold>): Promise<void> {
    try {
      const isNext = event.revision === before.revision + 1;
      if (!isNext && (await this.parkedKeys.holds(this.name, id, event.revision))) return;
      const events = isNext ? [event] : await this.missed(event, before.revision);
      const fold = events.reduce((folded, next) => this.projection.fold(folded, next, id), before.fold);
      // Deleted first, so that the map stays in the order of the last change.
      this.folded.delete(id);
      this.folded.set(id, { fold, revision: event.revision });
      this.unwritten.set(id, event.stream);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      await this.park(id, event, error);
    }
  }

  private async missed({ stream, revision }: StoredEvent, after: number): Promise<readonly StoredEvent[]> {
    const events = await this.eventLog.read(stream, { from: after + 1, limit: revision - after });
    return withoutGap(stream, events, after + 1, revision);
  }

  private documentOf(id: string): readonly StoredDocument[] {
    const { fold, revision } = this.folded.get(id) ?? nothingFolded;
    if (fold === undefined) return [];
    return [{ id, revision: guardOf(this.projection.version, revision), document: this.projection.document(fold) }];
  }

  private dropOldest(): void {
    for (const id of this.folded.keys()) {
      if (this.folded.size <= keptMax) return;
      this.folded.delete(id);
    }
  }

  private forget(): void {
    this.folded.clear();
    this.unwritten.clear();
  }

  private park(key: string, event: StoredEvent, error: unknown): Promise<void> {
    return this.parkedKeys.park({ follower: this.name, key, event, error, tries: 1 });
  }

  /** All its events could be folded, but what they come to cannot be shown, or not be kept. */
  private async parkUnwritten(id: string, stream: string, error: unknown): Promise<void> {
    const { revision } = this.folded.get(id) ?? nothingFolded;
    this.folded.delete(id);
    const [event] = await this.eventLog.read(stream, { from: revision, limit: 1 });
    if (event === undefined) throw error;
    await this.park(id, event, error);
  }

  private async releaseEarlierVersions(): Promise<void> {
    const { name } = this.projection;
    for (const version of this.earlierVersions) await this.parkedKeys.release(followerOf({ name, version }));
    this.earlierVersions = [];
  }
}
