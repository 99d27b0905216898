import type { Resumable } from '../parking/resume-parked-key.js';
import type { Documents } from '../ports/documents.js';
import type { EventLog } from '../ports/event-log.js';
import { guardOf } from './document-guard.js';
import { followerOf, type Projection } from './projection.js';
import { withoutGap } from './without-gap.js';

/** Folds a document that stood still anew from its stream, with everything that has waited. A newer one stays as it is. */
export const foldAgain = <Fold>(projection: Projection<Fold>, documents: Documents, eventLog: EventLog): Resumable => ({
  follower: followerOf(projection),
  async again({ stream }) {
    const id = projection.idOf(stream);
    let fold: Fold | undefined;
    let revision = -1;
    for (const event of withoutGap(stream, await eventLog.read(stream), 0)) {
      fold = projection.fold(fold, event, id);
      ({ revision } = event);
    }
    if (fold === undefined) throw new Error(`${stream} is not in the log`);
    const written = { id, revision: guardOf(projection.version, revision), document: projection.document(fold) };
    await documents.write(projection.collection, [written]);
    return null;
  },
});
