import { isMissing } from '../../adapters/embedded/data-files.js';
import { eventsFile } from '../../adapters/embedded/file-kinds.js';
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
import { readSettings, type Settings } from '../config.js';
import { foldingOf } from '../folding-threads.js';
import { openStores, type Stores } from '../stores.js';
import { eventsIn, progressBar, readArgs, say, WrongUse, type CliCommand } from './command.js';

const clock = new SystemClock();

/** Folds the read models anew from the log. Refused while a worker lives, on the embedded stores while the service runs. */
export const rebuildCommand: CliCommand = {
  name: 'rebuild',
  usage: '',
  does: 'folds the read models anew (stop every worker first)',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const settings = readSettings(process.env);
    refuseWithoutLog(settings);
    const stores = await openStores(settings);
    const folded = (name: string, events: number): void =>
      say(values.json ? JSON.stringify({ projection: name, events }) : `${name}: folded from ${events} events`);
    try {
      const work = () => rebuildAll(settings, stores, folded);
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

/** Opened for writing, a mistyped DATA_DIR would become an installation of its own. @throws WrongUse */
const refuseWithoutLog = ({ eventStoreDb, dataDir }: Settings): void => {
  if (eventStoreDb === null && isMissing(dataDir, eventsFile))
    throw new WrongUse(`There is no ${eventsFile.name} in ${dataDir}: is DATA_DIR right?`);
};

const rebuildAll = async (
  settings: Settings,
  stores: Stores,
  folded: (name: string, events: number) => void,
): Promise<void> => {
  const journal = new PinoJournal({ service: settings.serviceName, level: 'error' });
  const parts: RebuildParts = {
    ...stores,
    checkpoints: stores.projectionCheckpoints,
    parkedKeys: new ParkedKeys(stores.records, clock, journal),
    sharing: stores.shared ? shared : alone,
  };
  const one = async <Fold>(projection: Projection<Fold>): Promise<void> => {
    const total = await eventsIn(stores.eventFeed, projection);
    const bar = progressBar(projection.name);
    const folding = foldingOf(stores, settings, total);
    const events = await rebuild(projection, { ...parts, ...(folding && { folding }) }, (done) => bar(done, total));
    folded(projection.name, events);
  };
  await one(paymentProjection(settings.durations));
  await one(methodProjection);
};
