import { alone, type Sharing } from '../followers/partitions.js';
import type { Checkpoints } from '../ports/checkpoints.js';
import type { Documents } from '../ports/documents.js';
import type { EventFeed, FeedPosition } from '../ports/event-feed.js';
import type { EventLog } from '../ports/event-log.js';
import type { ParkedKeys } from '../parking/parked-keys.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';

export interface RebuildParts {
  readonly documents: Documents;
  readonly checkpoints: Checkpoints;
  readonly eventFeed: EventFeed;
  readonly eventLog: EventLog;
  readonly parkedKeys: ParkedKeys;
  /** Default: one process is alone with the data. */
  readonly sharing?: Sharing;
}

/** Small, so that what was read is soon forgotten. */
const pageEvents = 500;
/** Many, so that a payment whose events stand close together is written once. */
const documentsAtOnce = 5_000;

/**
 * Throws a read model away and folds it anew from the log (design D5), what was parked included. Nobody else may be writing it.
 * Resolves to the number of events read.
 */
export const rebuild = async <Fold>(
  projection: Projection<Fold>,
  { documents, checkpoints, eventFeed, eventLog, parkedKeys, sharing = alone }: RebuildParts,
  onProgress: (events: number) => void = () => undefined,
): Promise<number> => {
  const projector = new Projector(projection, documents, eventLog, parkedKeys);
  await checkpoints.forget(projector.name);
  await projector.beginAnew();
  let position: FeedPosition = 'start';
  let events = 0;
  for (;;) {
    const page = await eventFeed.readAfter(position, projector, pageEvents);
    await projector.fold(page.events);
    if (page.atEnd || projector.waiting >= documentsAtOnce) await projector.write();
    ({ position } = page);
    events += page.events.length;
    onProgress(events);
    if (page.atEnd) break;
  }
  for (let partition = 0; partition < sharing.partitions; partition += 1)
    await checkpoints.save(projector.name, partition, { logId: eventLog.logId, position, epoch: 1 });
  return events;
};
