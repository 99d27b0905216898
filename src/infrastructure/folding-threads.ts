import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { foldingHere, type FoldedBatch, type Folding } from '../application/projections/folded-streams.js';
import type { Durations } from '../domain/payments/durations.js';
import type { Settings } from './config.js';
import type { FoldingTask } from './folding-thread.js';
import type { LogPorts } from './stores.js';

export interface FoldingThreads {
  /** Where `events.db` is. */
  readonly folder: string;
  readonly durations: Durations;
  readonly threads: number;
  /** What each runs; folding-thread.js. */
  readonly script?: URL;
}

/** A thread starts in a fifth of a second, in which this many events are folded without one. */
const eventsWorthThreads = 20_000;
/** Each takes 40 to 50 MB, and a rebuild shall need no more than 300 MB (design, "Performance"). */
const threadsMax = 2;

/** How so many events of a log under `dataDir` are folded for a rebuild; undefined: the log is on a server. */
export const foldingOf = (
  { wholeStreams }: Pick<LogPorts, 'wholeStreams'>,
  { dataDir: folder, durations }: Pick<Settings, 'dataDir' | 'durations'>,
  events: number,
): Folding | undefined => {
  if (wholeStreams === undefined) return undefined;
  const threads = Math.min(availableParallelism(), threadsMax);
  return events < eventsWorthThreads || threads < 2
    ? foldingHere(wholeStreams)
    : foldingInThreads({ folder, durations, threads });
};

/** In MB: a batch and what it is folded from are small, so nothing is gained by collecting it late. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 64 };

/**
 * Folds in threads that each read a share of the streams, beside the one that writes the documents: folding is two thirds of
 * a rebuild, and pure. Its batches come in no particular order.
 */
export const foldingInThreads =
  ({ folder, durations, threads, script = beside }: FoldingThreads): Folding =>
  ({ name }, until) => {
    const taskOf = (index: number): FoldingTask => ({
      folder,
      projection: name,
      durations,
      until,
      share: { index, of: threads },
    });
    const tasks = Array.from({ length: threads }, (_, index) => taskOf(index));
    return batchesFrom(() => tasks.map((workerData) => new Worker(script, { workerData, resourceLimits })));
  };

/** What a thread waits for before it goes on. */
const taken = 'taken';

const beside = new URL('./folding-thread.js', import.meta.url);

/** Until all of them have ended, or one has failed. */
async function* batchesFrom(start: () => readonly Worker[]): AsyncGenerator<FoldedBatch, void> {
  const workers = start();
  const came: { readonly batch: FoldedBatch; readonly worker: Worker }[] = [];
  let running = workers.length;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  for (const worker of workers) {
    worker.on('message', (batch: FoldedBatch) => {
      came.push({ batch, worker });
      wake();
    });
    worker.once('error', (error) => {
      failure ??= error;
      wake();
    });
    worker.once('exit', () => {
      running -= 1;
      wake();
    });
  }
  try {
    for (;;) {
      const next = came.shift();
      if (failure) throw failure;
      if (next) {
        next.worker.postMessage(taken);
        yield next.batch;
      } else if (running > 0) await new Promise<void>((resolve) => (wake = resolve));
      else return;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
