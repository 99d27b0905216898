import { PinoJournal } from '../../adapters/pino/pino-journal.js';
import { openDataFolder } from '../../adapters/embedded/data-folder.js';
import { SystemClock } from '../../adapters/system/system-clock.js';
import { methodProjection } from '../../application/methods/method-projection.js';
import { ParkedKeys } from '../../application/parking/parked-keys.js';
import { paymentProjection } from '../../application/payments/payment-projection.js';
import { rebuild, type RebuildParts } from '../../application/projections/rebuild.js';
import type { Projection } from '../../application/projections/projection.js';
import { readConfig } from '../config.js';
import { progressBar, readArgs, say, type CliCommand } from './command.js';

const countMax = 1_000_000_000;

/** Folds the read models anew from the log; the service must be stopped. */
export const rebuildCommand: CliCommand = {
  name: 'rebuild',
  usage: '',
  does: 'folds the read models anew (stop the service first)',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const config = readConfig(process.env);
    const stores = openDataFolder({ folder: config.dataDir });
    const journal = new PinoJournal({ service: config.serviceName, level: 'error' });
    const parkedKeys = new ParkedKeys(stores.records, new SystemClock(), journal);
    const parts: RebuildParts = { ...stores, checkpoints: stores.projectionCheckpoints, parkedKeys };
    const one = async <Fold>(projection: Projection<Fold>): Promise<void> => {
      const total = await stores.eventFeed.countAfter('start', projection, countMax);
      const bar = progressBar(projection.name);
      const events = await rebuild(projection, parts, (done) => bar(done, total));
      const { name } = projection;
      say(values.json ? JSON.stringify({ projection: name, events }) : `${name}: folded from ${events} events`);
    };
    try {
      await one(paymentProjection(config.durations));
      await one(methodProjection);
      return 0;
    } finally {
      stores.close();
    }
  },
};
