import { on } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { openEmbeddedLog } from '../adapters/embedded/embedded-log.js';
import { foldedStreams } from '../application/projections/folded-streams.js';
import type { FeedPosition } from '../application/ports/event-feed.js';
import type { Share } from '../application/ports/whole-streams.js';
import type { Durations } from '../domain/payments/durations.js';
import { withProjection } from './projections.js';

/** A share of a rebuild, folded in a thread of its own (folding-threads.ts). */
export interface FoldingTask {
  readonly folder: string;
  /** Its name. */
  readonly projection: string;
  readonly durations: Durations;
  readonly until: FeedPosition;
  readonly share: Share;
}

/** One batch is on its way while the next is folded. */
const aheadMax = 2;

const fold = async (
  { folder, projection: name, durations, until, share }: FoldingTask,
  port: MessagePort,
): Promise<void> => {
  const { wholeStreams, close } = openEmbeddedLog({ folder, readOnly: true });
  const takenBatches = on(port, 'message');
  let ahead = 0;
  const batches = withProjection(name, durations, (projection) =>
    foldedStreams(projection, wholeStreams, until, share),
  );
  for await (const batch of batches) {
    port.postMessage(batch);
    ahead += 1;
    if (ahead < aheadMax) continue;
    await takenBatches.next();
    ahead -= 1;
  }
  close();
  port.close();
};

// Whoever starts this file gives it the task that it is made for.
if (parentPort) await fold(workerData as FoldingTask, parentPort);
