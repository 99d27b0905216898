import { alone, type Sharing } from '../followers/partitions.js';
import type { ParkedKeys } from '../parking/parked-keys.js';
import type { Checkpoints } from '../ports/checkpoints.js';
import type { Documents } from '../ports/documents.js';
import type { EventFeed, FeedPosition } from '../ports/event-feed.js';
import type { EventLog } from '../ports/event-log.js';
import type { Folding, Unfoldable } from './folded-streams.js';
import { followerOf, type Projection } from './projection.js';
import { Projector } from './projector.js';

export interface RebuildParts {
  readonly documents: Documents;
  readonly checkpoints: Checkpoints;
  readonly eventFeed: EventFeed;
  readonly eventLog: EventLog;
  readonly parkedKeys: ParkedKeys;
  /** Where the log can be read stream by stream, which is several times as fast as in its order. */
  readonly folding?: Folding;
  /** Default: one process is alone with the data. */
  readonly sharing?: Sharing;
}

/** How far a rebuild has come. */
interface Rebuilt {
  /** So many were read. */
  readonly events: number;
  readonly position: FeedPosition;
}

type OnProgress = (events: number) => void;

/**
 * Throws a read model away and folds it anew from the log (design D5), what was parked included. Nobody else may be writing it. Begun
 * and not ended, it is begun again at the next start, since there is no checkpoint before its end. Resolves to the number of events read.
 */
export const rebuild = async <Fold>(
  projection: Projection<Fold>,
  parts: RebuildParts,
  onProgress: OnProgress = () => undefined,
): Promise<number> => {
  const { checkpoints, eventLog, folding, sharing = alone } = parts;
  const follower = followerOf(projection);
  await checkpoints.forget(follower);
  const { events, position } = await (folding
    ? streamByStream(projection, folding, parts, onProgress)
    : inOrder(projection, parts, onProgress));
  for (let partition = 0; partition < sharing.partitions; partition += 1)
    await checkpoints.save(follower, partition, { logId: eventLog.logId, position, epoch: 1 });
  return events;
};

/** Each document is folded and written once, all of them by the fastest way that the store has. */
const streamByStream = async <Fold>(
  projection: Projection<Fold>,
  folding: Folding,
  { documents, eventFeed, parkedKeys }: RebuildParts,
  onProgress: OnProgress,
): Promise<Rebuilt> => {
  const follower = followerOf(projection);
  await parkedKeys.release(follower);
  const position = await eventFeed.end();
  let events = 0;
  const folded = async function* () {
    for await (const batch of folding(projection, position)) {
      for (const one of batch.unfoldable) await park(follower, one, parkedKeys);
      yield batch.documents;
      onProgress((events += batch.events));
    }
  };
  await documents.replaceAll(projection.collection, folded());
  return { events, position };
};

/** Its later events wait for it, as they would in the live read model. */
const park = async (
  follower: string,
  { key, event, last, error }: Unfoldable,
  parkedKeys: ParkedKeys,
): Promise<void> => {
  await parkedKeys.park({ follower, key, event, error, tries: 1 });
  if (last > event.revision) await parkedKeys.holds(follower, key, last);
};

/** Small, so that what was read is soon forgotten. */
const pageEvents = 500;
/** Many, so that a payment whose events stand close together is written once. */
const documentsAtOnce = 5_000;

/** As the live read model is folded, in larger batches. */
const inOrder = async <Fold>(
  projection: Projection<Fold>,
  { documents, eventFeed, eventLog, parkedKeys }: RebuildParts,
  onProgress: OnProgress,
): Promise<Rebuilt> => {
  const projector = new Projector(projection, documents, eventLog, parkedKeys);
  await projector.beginAnew();
  let position: FeedPosition = 'start';
  let events = 0;
  for (;;) {
    const page = await eventFeed.readAfter(position, projector, pageEvents);
    await projector.fold(page.events);
    if (page.atEnd || projector.waiting >= documentsAtOnce) await projector.write();
    ({ position } = page);
    onProgress((events += page.events.length));
    if (page.atEnd) return { events, position };
  }
};
