import type { Documents, StoredDocument } from '../ports/documents.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../ports/event-log.js';
import type { FollowerWork } from '../followers/follower.js';
import type { Journal } from '../ports/journal.js';
import type { Projection } from './projection.js';

/** What the events of one id up to `revision` come to: true for ever, whatever the documents hold meanwhile. */
interface Folded<Fold> {
  readonly fold: Fold | undefined;
  /** -1: nothing folded yet. */
  readonly revision: number;
}

const nothingFolded = { fold: undefined, revision: -1 };

/** Of payments that are under way; an entry is a few kilobytes. */
const keptMax = 5_000;

/**
 * Folds a batch of events in memory and writes each document once (design D5). An event is applied only to the document of the
 * revision just before it: lower ones are skipped, after a gap the document is folded anew from its stream. So redelivery changes nothing.
 */
export class Projector<Fold> implements FollowerWork {
  readonly name: string;
  readonly streamPrefixes: readonly string[];
  readonly batchMax = 1_000;
  /** Documents of one id are written in the order of the feed. */
  readonly batchesMax = 1;
  /** A document whose event cannot be folded waits for a person; the others go on. */
  private readonly parked = new Set<string>();
  /** What has just been written need not be read back. The longest unchanged first. */
  private readonly folded = new Map<string, Folded<Fold>>();
  private readonly unwritten = new Set<string>();

  constructor(
    private readonly projection: Projection<Fold>,
    private readonly documents: Documents,
    private readonly eventLog: EventLog,
    private readonly journal: Journal,
  ) {
    this.name = `projection:${projection.name}:${projection.version}`;
    this.streamPrefixes = projection.streamPrefixes;
  }

  /** Documents of an earlier version would hold the new ones off, being of the same revisions. */
  beginAnew(): Promise<void> {
    this.forget();
    return this.documents.clear(this.projection.collection);
  }

  async handle(events: readonly StoredEvent[]): Promise<void> {
    try {
      await this.fold(events);
      await this.write();
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
    await this.recall(events);
    for (const event of events) {
      const id = this.projection.idOf(event.stream);
      const before = this.folded.get(id) ?? nothingFolded;
      if (!this.parked.has(id) && event.revision > before.revision) await this.apply(id, event, before);
    }
  }

  async write(): Promise<void> {
    const batch = [...this.unwritten].flatMap((id) => this.documentOf(id));
    await this.documents.write(this.projection.collection, batch);
    this.unwritten.clear();
    this.dropOldest();
  }

  /** Brings to mind where the ids of a batch stand. Whoever begins in it is not looked for. */
  private async recall(events: readonly StoredEvent[]): Promise<void> {
    const missing = new Set<string>();
    for (const { stream, revision } of events) {
      const id = this.projection.idOf(stream);
      if (revision === 0 && !this.folded.has(id)) this.folded.set(id, nothingFolded);
      else if (!this.folded.has(id)) missing.add(id);
    }
    if (missing.size === 0) return;
    for (const { id, revision, document } of await this.documents.getMany(this.projection.collection, [...missing]))
      this.folded.set(id, { fold: this.projection.resume(document), revision });
  }

  private async apply(id: string, event: StoredEvent, before: Folded<Fold>): Promise<void> {
    try {
      const isNext = event.revision === before.revision + 1;
      const events = isNext ? [event] : await this.missed(event, before.revision);
      const fold = events.reduce((folded, next) => this.projection.fold(folded, next, id), before.fold);
      // Deleted first, so that the map stays in the order of the last change.
      this.folded.delete(id);
      this.folded.set(id, { fold, revision: event.revision });
      this.unwritten.add(id);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.park(id, event, error);
    }
  }

  private missed({ stream, revision }: StoredEvent, after: number): Promise<readonly StoredEvent[]> {
    return this.eventLog.read(stream, { from: after + 1, limit: revision - after });
  }

  private documentOf(id: string): readonly StoredDocument[] {
    const { fold, revision } = this.folded.get(id) ?? nothingFolded;
    return fold === undefined ? [] : [{ id, revision, document: this.projection.document(fold) }];
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

  private park(id: string, event: StoredEvent, error: unknown): void {
    this.parked.add(id);
    this.journal.alarm(
      'parked_key',
      `The read model ${this.projection.name} cannot fold ${id}; its document stands still`,
      {
        stream: event.stream,
        revision: event.revision,
        type: event.type,
        error: error instanceof Error ? error.message : String(error),
      },
    );
  }
}
