import type { BenchStores } from './bench-stores.js';

/** @param folder makes one that is thrown away with the others */
export const embeddedStores = (folder: (name: string) => string): BenchStores => ({
  servers: null,
  events: 300_000,
  fresh: (name) => ({ dataDir: folder(name), servers: null }),
  raw: {
    appends: { script: 'appends/raw-sqlite-append-task.js', what: 'raw better-sqlite3, same groups' },
    feed: { script: 'replay/raw-sqlite-feed-task.js', what: 'raw feed' },
    documents: { script: 'replay/raw-sqlite-documents-task.js', what: 'raw document writes' },
  },
  close: () => Promise.resolve(),
});
