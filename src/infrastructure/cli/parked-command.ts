import { PinoJournal } from '../../adapters/pino/pino-journal.js';
import { SystemClock } from '../../adapters/system/system-clock.js';
import type { ParkedKey } from '../../application/parking/parked-key.js';
import { ParkedKeys, type ParkedCursor } from '../../application/parking/parked-keys.js';
import { readSettings } from '../config.js';
import { openStores } from '../stores.js';
import { readArgs, say, type CliCommand } from './command.js';

const pageSize = 100;

/** What could not be worked on and waits for a person; also beside a running service. */
export const parkedCommand: CliCommand = {
  name: 'parked',
  usage: '',
  does: 'lists what could not be worked on and waits to be resumed',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const settings = readSettings(process.env);
    const stores = await openStores(settings, { readOnly: true });
    try {
      const journal = new PinoJournal({ service: settings.serviceName, level: 'error' });
      const parkedKeys = new ParkedKeys(stores.records, new SystemClock(), journal);
      let count = 0;
      for await (const parked of stillParked(parkedKeys)) {
        count += 1;
        say(values.json ? JSON.stringify(parked) : linesOf(parked));
      }
      if (!values.json) say(count === 0 ? 'Nothing is parked' : howToResume);
      return 0;
    } finally {
      await stores.close();
    }
  },
};

async function* stillParked(parkedKeys: ParkedKeys): AsyncGenerator<ParkedKey> {
  let after: ParkedCursor | null = null;
  do {
    const page = await parkedKeys.list('parked', pageSize, after);
    yield* page.parkedKeys;
    after = page.next;
  } while (after !== null);
}

const linesOf = ({ id, follower, key, event, error, tries, first_parked_at, waiting_revision }: ParkedKey): string =>
  [
    `${id}  since ${first_parked_at}, tries: ${tries}`,
    `  ${follower} cannot work on ${key}: ${event.type}, ${event.stream}@${event.revision}${waiting_revision === null ? '' : `; later events wait, up to ${waiting_revision}`}`,
    `  ${error}`,
  ].join('\n');

const howToResume = 'Once the fault is mended: POST /payments/parked-keys/<id>/resume, as operator';
