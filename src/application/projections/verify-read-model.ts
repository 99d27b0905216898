import type { Clock } from '../ports/clock.js';
import type { CollectionDeclaration, Documents, Scalar, StoredDocument } from '../ports/documents.js';
import { isBeyond, type EventFeed, type FeedPosition } from '../ports/event-feed.js';
import { StoreUnavailable, type EventLog } from '../ports/event-log.js';
import { revisionIn } from './document-guard.js';
import type { Projection } from './projection.js';
import { verdictOn, type Verdict } from './verify-stream.js';

/** A stream, or the document that is folded from it, is not as it should be. */
export interface StreamFinding {
  readonly type: 'finding';
  readonly stream: string;
  readonly message: string;
}

/** How far the check has come: so many events of the feed. */
export interface EventsSeen {
  readonly type: 'progress';
  readonly done: number;
}

export interface VerifyParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly documents: Documents;
  readonly clock: Clock;
}

/** Small, since each stream that begins in a page is held whole. */
const pageEvents = 500;
/** Documents whose follower may not have come to them yet, looked at once more together. */
const behindMax = 1_000;
/** Waited for in one run, not for each. */
const catchUpWithinMs = 5_000;
const lookAgainEveryMs = 250;

/**
 * Holds every stream of a read model against its document. Works beside running services: what is behind is looked at again a little
 * later. Needs the memory of a page, however long the log is.
 * @throws StoreUnavailable
 */
export async function* verifyReadModel<Fold>(
  projection: Projection<Fold>,
  parts: VerifyParts,
): AsyncGenerator<StreamFinding | EventsSeen, void> {
  const end = await parts.eventFeed.end();
  const laggards = new Laggards(projection.collection, parts);
  let position: FeedPosition = 'start';
  for (let done = 0, atEnd = false; !atEnd;) {
    const page = await parts.eventFeed.readAfter(position, projection, pageEvents);
    const begun = page.events.filter(({ revision }) => revision === 0).map(({ stream }) => stream);
    for (const [stream, verdict] of await verdictsOn(projection, parts, begun)) {
      if (verdict.type === 'wrong') yield finding(stream, verdict.message);
      if (verdict.type === 'behind') laggards.add(stream, verdict);
    }
    ({ position } = page);
    atEnd = page.atEnd || !isBeyond(end, position);
    if (atEnd || laggards.size >= behindMax) yield* laggards.lookAgain();
    yield { type: 'progress', done: (done += page.events.length) };
  }
}

const verdictsOn = async <Fold>(
  projection: Projection<Fold>,
  { eventLog, documents }: VerifyParts,
  streams: readonly string[],
): Promise<readonly (readonly [stream: string, verdict: Verdict])[]> => {
  // Documents first: what is appended meanwhile makes a stream longer, so a document that has seen more than its stream has is wrong.
  const stored = await documentsOf(projection, documents, streams);
  return Promise.all(
    streams.map(async (stream) => [stream, await verdictIn(projection, eventLog, stream, stored.get(stream))] as const),
  );
};

const verdictIn = async <Fold>(
  projection: Projection<Fold>,
  eventLog: EventLog,
  stream: string,
  stored: StoredDocument | undefined,
): Promise<Verdict> => {
  try {
    return verdictOn(projection, stream, await eventLog.read(stream), stored);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return { type: 'wrong', message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/** By stream. */
const documentsOf = async <Fold>(
  projection: Projection<Fold>,
  documents: Documents,
  streams: readonly string[],
): Promise<ReadonlyMap<string, StoredDocument>> => {
  const streamOf = new Map(streams.flatMap((stream) => idIn(projection, stream).map((id) => [id, stream] as const)));
  const found = await documents.getMany(projection.collection, [...streamOf.keys()]);
  return new Map(found.map((stored) => [streamOf.get(stored.id) ?? '', stored]));
};

/** None: the stream is of nothing that has a document, which is told when it is folded. */
const idIn = <Fold>(projection: Projection<Fold>, stream: string): readonly string[] => {
  try {
    return [projection.idOf(stream)];
  } catch {
    return [];
  }
};

/**
 * Tells the documents of whose stream the log has nothing. `shape` lists all of them; each is looked for under the name that
 * `streamOf` gives it.
 * @throws StoreUnavailable
 */
export async function* verifyOrigins<Shapes extends string>(
  collection: CollectionDeclaration<Shapes>,
  shape: Shapes,
  streamOf: (id: string) => string,
  { documents, eventLog }: Pick<VerifyParts, 'documents' | 'eventLog'>,
): AsyncGenerator<StreamFinding, void> {
  let after: readonly Scalar[] | undefined;
  do {
    const page = await documents.find(collection, { shape, where: [], limit: pageEvents, ...(after && { after }) });
    const missing = await Promise.all(
      page.map(async ({ id }) =>
        (await eventLog.read(streamOf(id), { limit: 1 })).length === 0 ? [streamOf(id)] : [],
      ),
    );
    for (const stream of missing.flat()) yield finding(stream, 'has a document and no events');
    const last = page.at(-1);
    after = last && collection.shapes[shape].sort.map(({ field }) => valueOf(last, field));
  } while (after);
}

const valueOf = ({ id, document }: StoredDocument, field: string): Scalar => {
  const value = field === '_id' ? id : document[field];
  return typeof value === 'object' || value === undefined ? null : value;
};

interface Behind {
  readonly stream: string;
  readonly head: number;
}

/** Documents that lacked the last events of their streams. */
class Laggards {
  private readonly behind = new Map<string, Behind>();
  private patienceMs = catchUpWithinMs;

  constructor(
    private readonly collection: CollectionDeclaration,
    private readonly parts: VerifyParts,
  ) {}

  get size(): number {
    return this.behind.size;
  }

  add(stream: string, { id, head }: { readonly id: string; readonly head: number }): void {
    this.behind.set(id, { stream, head });
  }

  /** Tells those that do not catch up, and forgets all. */
  async *lookAgain(): AsyncGenerator<StreamFinding, void> {
    let seen = await this.revisions();
    while (this.behind.size > 0 && this.patienceMs > 0) {
      await this.parts.clock.sleep(lookAgainEveryMs);
      this.patienceMs -= lookAgainEveryMs;
      seen = await this.revisions();
    }
    for (const [id, { stream, head }] of this.behind) yield finding(stream, lateness(seen.get(id), head));
    this.behind.clear();
  }

  /** Of those that are still behind. */
  private async revisions(): Promise<ReadonlyMap<string, number>> {
    const found = await this.parts.documents.getMany(this.collection, [...this.behind.keys()]);
    const seen = new Map(found.map(({ id, revision }) => [id, revisionIn(revision)]));
    for (const [id, { head }] of this.behind) if ((seen.get(id) ?? -1) >= head) this.behind.delete(id);
    return seen;
  }
}

const lateness = (revision: number | undefined, head: number): string =>
  revision === undefined
    ? 'has no document'
    : `its document stands still at revision ${revision}, while it ends at ${head}`;

const finding = (stream: string, message: string): StreamFinding => ({ type: 'finding', stream, message });
