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
const recentMax = 5_000;

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
  /** What has just been written need not be read back. The longest untouched first. */
  private readonly recent = new Map<string, Folded<Fold>>();

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
    this.recent.clear();
    return this.documents.clear(this.projection.collection);
  }

  async handle(events: readonly StoredEvent[]): Promise<void> {
    try {
      await this.write(await this.fold(events));
    } catch (error) {
      // What was folded may not have been written, and starting over has to write it.
      this.recent.clear();
      throw error;
    }
  }

  /** The documents that change, in no particular order. Later events may be folded before these are written. */
  async fold(events: readonly StoredEvent[]): Promise<readonly StoredDocument[]> {
    const working = await this.before(events);
    const changed = new Set<string>();
    for (const event of events) {
      const id = this.projection.idOf(event.stream);
      const before = working.get(id) ?? nothingFolded;
      if (this.parked.has(id) || event.revision <= before.revision) continue;
      const after = await this.applied(id, event, before);
      if (after === undefined) continue;
      working.set(id, after);
      changed.add(id);
    }
    return [...changed].flatMap((id) => this.remembered(id, working.get(id)));
  }

  write(batch: readonly StoredDocument[]): Promise<void> {
    return this.documents.write(this.projection.collection, batch);
  }

  /** Where the ids of a batch stand. Who begins in it is not looked for. */
  private async before(events: readonly StoredEvent[]): Promise<Map<string, Folded<Fold>>> {
    const working = new Map<string, Folded<Fold>>();
    const unknown: string[] = [];
    for (const { stream, revision } of events) {
      const id = this.projection.idOf(stream);
      if (working.has(id)) continue;
      const recent = this.recent.get(id);
      working.set(id, recent ?? nothingFolded);
      if (recent === undefined && revision > 0) unknown.push(id);
    }
    for (const { id, revision, document } of await this.documents.getMany(this.projection.collection, unknown))
      working.set(id, { fold: this.projection.resume(document), revision });
    return working;
  }

  /** undefined: it could not be folded. */
  private async applied(id: string, event: StoredEvent, before: Folded<Fold>): Promise<Folded<Fold> | undefined> {
    const isNext = event.revision === before.revision + 1;
    try {
      const events = isNext ? [event] : await this.missed(event, before.revision);
      const fold = events.reduce((folded, next) => this.projection.fold(folded, next, id), before.fold);
      return { fold, revision: event.revision };
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.park(id, event, error);
      return undefined;
    }
  }

  private missed({ stream, revision }: StoredEvent, after: number): Promise<readonly StoredEvent[]> {
    return this.eventLog.read(stream, { from: after + 1, limit: revision - after });
  }

  private remembered(id: string, folded: Folded<Fold> | undefined): readonly StoredDocument[] {
    if (folded?.fold === undefined) return [];
    const { fold, revision } = folded;
    this.recent.delete(id);
    this.recent.set(id, folded);
    for (const oldest of this.recent.keys()) {
      if (this.recent.size <= recentMax) break;
      this.recent.delete(oldest);
    }
    return [{ id, revision, document: this.projection.document(fold) }];
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
