import type { Documents, StoredDocument } from '../ports/documents.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { FollowerWork } from '../followers/follower.js';
import type { Journal } from '../ports/journal.js';
import type { Projection } from './projection.js';

interface Working<Fold> {
  fold: Fold | undefined;
  /** -1: nothing folded yet. */
  revision: number;
  changed: boolean;
}

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

  constructor(
    private readonly projection: Projection<Fold>,
    private readonly documents: Documents,
    private readonly eventLog: EventLog,
    private readonly journal: Journal,
  ) {
    this.name = `projection:${projection.name}:${projection.version}`;
    this.streamPrefixes = projection.streamPrefixes;
  }

  async handle(events: readonly StoredEvent[]): Promise<void> {
    const { collection } = this.projection;
    const working = await this.workingOn(new Set(events.map(({ stream }) => this.projection.idOf(stream))));
    for (const event of events) {
      const id = this.projection.idOf(event.stream);
      if (!this.parked.has(id)) await this.apply(id, event, working);
    }
    await this.documents.write(collection, this.written(working));
  }

  private async workingOn(ids: ReadonlySet<string>): Promise<Map<string, Working<Fold>>> {
    const known = await this.documents.getMany(this.projection.collection, [...ids]);
    const working = new Map<string, Working<Fold>>();
    for (const { id, revision, document } of known)
      working.set(id, { fold: this.projection.resume(document), revision, changed: false });
    for (const id of ids) if (!working.has(id)) working.set(id, { fold: undefined, revision: -1, changed: false });
    return working;
  }

  private async apply(id: string, event: StoredEvent, working: Map<string, Working<Fold>>): Promise<void> {
    const current = working.get(id);
    if (current === undefined || event.revision <= current.revision) return;
    try {
      const missed =
        event.revision === current.revision + 1
          ? [event]
          : await this.eventLog.read(event.stream, {
              from: current.revision + 1,
              limit: event.revision - current.revision,
            });
      for (const next of missed) {
        current.fold = this.projection.fold(current.fold, next, id);
        current.revision = next.revision;
        current.changed = true;
      }
    } catch (error) {
      this.park(id, event, error);
    }
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

  private written(working: ReadonlyMap<string, Working<Fold>>): readonly StoredDocument[] {
    const batch: StoredDocument[] = [];
    for (const [id, { fold, revision, changed }] of working)
      if (changed && fold !== undefined) batch.push({ id, revision, document: this.projection.document(fold) });
    return batch;
  }
}
