import { openDataFolder } from '../adapters/embedded/data-folder.js';
import { openEventStoreDb } from '../adapters/eventstoredb/open-event-store-db.js';
import { openMongoStores } from '../adapters/mongodb/stores.js';
import { declaredCollections } from '../application/documents/declared-collections.js';
import type { Checkpoints } from '../application/ports/checkpoints.js';
import type { Documents } from '../application/ports/documents.js';
import type { EventFeed } from '../application/ports/event-feed.js';
import type { EventLog } from '../application/ports/event-log.js';
import type { IdempotencyAnswers } from '../application/ports/idempotency-answers.js';
import type { Leases } from '../application/ports/leases.js';
import type { WrappedKeys } from '../application/ports/wrapped-keys.js';
import type { Config } from './config.js';

/** Everything that remembers, wherever it is kept. */
export interface StorePorts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly documents: Documents;
  readonly records: Documents;
  readonly projectionCheckpoints: Checkpoints;
  readonly workerCheckpoints: Checkpoints;
  readonly leases: Leases;
  readonly idempotencyAnswers: IdempotencyAnswers;
  readonly wrappedKeys: WrappedKeys;
}

export interface Stores extends StorePorts {
  /** Other processes may work on the same data, so background work needs a lease. */
  readonly shared: boolean;
  close(): Promise<void>;
}

/** @throws DataFolderRefused, StoreUnavailable */
export const openStores = ({ dataDir, servers }: Config): Promise<Stores> =>
  servers === null ? Promise.resolve(embedded(dataDir)) : onServers(servers);

const embedded = (folder: string): Stores => {
  const opened = openDataFolder({ folder });
  return { ...opened, shared: false, close: () => Promise.resolve(opened.close()) };
};

const onServers = async ({
  eventStoreUrl,
  streamPrefix,
  mongoUri,
  database,
}: NonNullable<Config['servers']>): Promise<Stores> => {
  const mongo = await openMongoStores({ uri: mongoUri, database, collections: declaredCollections });
  try {
    const events = await openEventStoreDb({ connectionString: eventStoreUrl, streamPrefix });
    return {
      ...mongo,
      shared: true,
      eventLog: events.eventLog,
      eventFeed: events.eventFeed,
      records: mongo.documents,
      close: async () => {
        await events.close();
        await mongo.close();
      },
    };
  } catch (error) {
    await mongo.close();
    throw error;
  }
};
