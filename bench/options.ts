import { parseArgs } from 'node:util';

export interface Options {
  /** Names of benchmarks; null: all. */
  readonly only: readonly string[] | null;
  readonly stores: 'embedded' | 'servers';
  /** In the log that is replayed and started on. */
  readonly events: number;
  readonly quick: boolean;
  readonly markdown: boolean;
  readonly help: boolean;
}

export const usage = `npm run bench -- [--stores=eventstoredb,mongodb] [--only <names>] [--events <number>] [--full | --quick] [--markdown]

  --stores=embedded              SQLite in the service's own process (as without --stores)
  --stores=eventstoredb,mongodb  the servers that EVENTSTORE_URL and MONGODB_URI name: throw-away ones, since the run loads them as hard
                                 as it can, and its streams, payment_bench_…, stay there; its databases of that name are dropped
  --only <names>                 of NAMES
  --events <number>              in the log that is replayed and started on (300000; on servers 30000)
  --full                         5,000,000 events: takes many minutes
  --quick                        shows that everything runs; its figures say nothing
  --markdown                     the table as it stands in the README
`;

const eventsUsually = { embedded: 300_000, servers: 30_000 };
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
  const usually = quick ? eventsQuickly : eventsUsually[stores];
  const events = Number(values.events ?? (full ? eventsInFull : usually));
  if (!Number.isSafeInteger(events) || events < 1) throw new TypeError('--events: must be a whole number from 1 on');
  return { only, stores, events, quick, markdown, help };
};

const storesIn = (text: string): Options['stores'] => {
  const stores = text.split(',').sort().join();
  if (stores === 'embedded') return 'embedded';
  if (stores === 'eventstoredb,mongodb') return 'servers';
  throw new TypeError('--stores: must be embedded, or eventstoredb,mongodb');
};
