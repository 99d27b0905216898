import { performance } from 'node:perf_hooks';
import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import { rebuild } from '../../src/application/projections/rebuild.js';
import { durations } from '../../src/domain/payments/durations.js';
import { silence } from '../processes/silence.js';
import { answerTask } from '../processes/task.js';

export interface Rebuilt {
  readonly events: number;
  readonly seconds: number;
  /** Greatest resident memory of the whole process, in bytes. */
  readonly peakBytes: number;
}

/** Folds the read model of payments from the whole log, as `payments rebuild` does. */
const rebuilt = async (folder: string): Promise<Rebuilt> => {
  const stores = openDataFolder({ folder });
  const startedAt = performance.now();
  const parts = { ...stores, checkpoints: stores.projectionCheckpoints, journal: silence };
  const events = await rebuild(paymentProjection(durations), parts);
  const seconds = (performance.now() - startedAt) / 1_000;
  stores.close();
  return { events, seconds, peakBytes: process.resourceUsage().maxRSS * 1_024 };
};

await answerTask(({ folder }: { readonly folder: string }) => rebuilt(folder));
