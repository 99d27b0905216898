import { parseArgs } from 'node:util';

export interface Options {
  /** Names of benchmarks; null: all. */
  readonly only: readonly string[] | null;
  readonly stores: 'embedded' | 'servers';
  /** In the log that is replayed and started on; null: as many as suit the stores. */
  readonly events: number | null;
  readonly quick: boolean;
  readonly markdown: boolean;
  readonly help: boolean;
}

export const usage = `npm run bench -- [--stores=eventstoredb,mongodb] [--only <names>] [--events <number>] [--full | --quick] [--markdown]

  --stores=embedded              SQLite in the service's own process (as without --stores)
  --stores=eventstoredb,mongodb  the servers that EVENTSTORE_URL and MONGODB_URI name: throw-away ones, since the run loads them as hard
                                 as it can, and its streams, payment_bench_…, stay there; its databases of that name are dropped
  --only <names>                 of NAMES (the last on the embedded stores only)
  --events <number>              in the log that is replayed, read and started on (300000; on servers 60000, on stand-ins 6000)
  --full                         5,000,000 events: takes many minutes
  --quick                        shows that everything runs; its figures say nothing
  --markdown                     the table as it stands in the README
`;

const eventsInFull = 5_000_000;
const eventsQuickly = 300;

/** @throws TypeError for what is not an option */
export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stores: { type: 'string', default: 'embedded' },
      only: { type: 'string' },
      events: { type: 'string' },
      full: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { full, quick, markdown, help } = values;
  const only = values.only?.split(',') ?? null;
  if (full && quick) throw new TypeError('--full and --quick exclude each other');
  const stores = storesIn(values.stores);
  const unlessGiven = full ? eventsInFull : quick ? eventsQuickly : null;
  const events = values.events === undefined ? unlessGiven : eventsIn(values.events);
  return { only, stores, events, quick, markdown, help };
};

const eventsIn = (text: string): number => {
  const events = Number(text);
  if (!Number.isSafeInteger(events) || events < 1) throw new TypeError('--events: must be a whole number from 1 on');
  return events;
};

const storesIn = (text: string): Options['stores'] => {
  const stores = text.split(',').sort().join();
  if (stores === 'embedded') return 'embedded';
  if (stores === 'eventstoredb,mongodb') return 'servers';
  throw new TypeError('--stores: must be embedded, or eventstoredb,mongodb');
};
