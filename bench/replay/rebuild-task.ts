import { performance } from 'node:perf_hooks';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { alone, shared } from '../../src/application/followers/partitions.js';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import { rebuild } from '../../src/application/projections/rebuild.js';
import { durations } from '../../src/domain/payments/durations.js';
import { foldingOf } from '../../src/infrastructure/folding-threads.js';
import { silence } from '../processes/silence.js';
import { answerTask } from '../processes/task.js';
import type { Place } from '../stores/bench-stores.js';
import { openPlace } from '../stores/open-place.js';

export type Rebuilt = {
  readonly events: number;
  readonly seconds: number;
  /** Greatest resident memory of the whole process, in bytes. */
  readonly peakBytes: number;
};

/** Folds the read model of payments from the whole log, as `payments rebuild` does. */
const rebuilt = async (place: Place): Promise<Rebuilt> => {
  const stores = await openPlace(place);
  const projection = paymentProjection(durations);
  // What an earlier round has left is thrown away before the clock runs.
  await stores.documents.clear(projection.collection);
  const startedAt = performance.now();
  const parkedKeys = new ParkedKeys(stores.records, new SystemClock(), silence);
  const total = await stores.eventFeed.countAfter('start', projection, Number.MAX_SAFE_INTEGER);
  const folding = foldingOf(stores, { dataDir: place.dataDir, durations }, total);
  const events = await rebuild(projection, {
    ...stores,
    checkpoints: stores.projectionCheckpoints,
    parkedKeys,
    sharing: stores.shared ? shared : alone,
    ...(folding && { folding }),
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await stores.close();
  return { events, seconds, peakBytes: process.resourceUsage().maxRSS * 1_024 };
};

await answerTask(({ place }: { readonly place: Place }) => rebuilt(place));
