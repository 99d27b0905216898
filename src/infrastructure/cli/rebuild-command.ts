import { PinoJournal } from '../../adapters/pino/pino-journal.js';
import { SystemClock } from '../../adapters/system/system-clock.js';
import { SystemIds } from '../../adapters/system/system-ids.js';
import { leaseTiming } from '../../application/followers/partition-holder.js';
import { alone, shared } from '../../application/followers/partitions.js';
import { withoutWorkers } from '../../application/followers/without-workers.js';
import { methodProjection } from '../../application/methods/method-projection.js';
import { ParkedKeys } from '../../application/parking/parked-keys.js';
import { paymentProjection } from '../../application/payments/payment-projection.js';
import { rebuild, type RebuildParts } from '../../application/projections/rebuild.js';
import type { Projection } from '../../application/projections/projection.js';
import { readConfig, type Config } from '../config.js';
import { foldingOf } from '../folding-threads.js';
import { openStores, type Stores } from '../stores.js';
import { eventsIn, progressBar, readArgs, say, type CliCommand } from './command.js';

const clock = new SystemClock();

/** Folds the read models anew from the log. Refused while a worker lives, on the embedded stores while the service runs. */
export const rebuildCommand: CliCommand = {
  name: 'rebuild',
  usage: '',
  does: 'folds the read models anew (stop every worker first)',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const config = readConfig(process.env);
    const stores = await openStores(config);
    const folded = (name: string, events: number): void =>
      say(values.json ? JSON.stringify({ projection: name, events }) : `${name}: folded from ${events} events`);
    try {
      const work = () => rebuildAll(config, stores, folded);
      const { leases } = stores;
      // Under DATA_DIR a lock keeps everybody away.
      if (stores.shared) await withoutWorkers(new SystemIds().next(), { leases, clock, timing: leaseTiming }, work);
      else await work();
      return 0;
    } finally {
      await stores.close();
    }
  },
};

const rebuildAll = async (
  config: Config,
  stores: Stores,
  folded: (name: string, events: number) => void,
): Promise<void> => {
  const journal = new PinoJournal({ service: config.serviceName, level: 'error' });
  const parts: RebuildParts = {
    ...stores,
    checkpoints: stores.projectionCheckpoints,
    parkedKeys: new ParkedKeys(stores.records, clock, journal),
    sharing: stores.shared ? shared : alone,
  };
  const one = async <Fold>(projection: Projection<Fold>): Promise<void> => {
    const total = await eventsIn(stores.eventFeed, projection);
    const bar = progressBar(projection.name);
    const folding = foldingOf(stores, config, total);
    const events = await rebuild(projection, { ...parts, ...(folding && { folding }) }, (done) => bar(done, total));
    folded(projection.name, events);
  };
  await one(paymentProjection(config.durations));
  await one(methodProjection);
};
