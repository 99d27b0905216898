import { openEmbeddedLog } from '../adapters/embedded/embedded-log.js';
import { openEmbeddedRecords } from '../adapters/embedded/embedded-records.js';
import { lockFolder } from '../adapters/embedded/folder-lock.js';
import { declaredCollections } from '../application/documents/declared-collections.js';
import type { Checkpoints } from '../application/ports/checkpoints.js';
import type { Documents } from '../application/ports/documents.js';
import type { EventFeed } from '../application/ports/event-feed.js';
import type { EventLog } from '../application/ports/event-log.js';
import type { IdempotencyAnswers } from '../application/ports/idempotency-answers.js';
import type { Leases } from '../application/ports/leases.js';
import type { WholeStreams } from '../application/ports/whole-streams.js';
import type { WrappedKeys } from '../application/ports/wrapped-keys.js';
import type { Settings } from './config.js';

/** What happened. */
export interface LogPorts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  /** Under DATA_DIR only. */
  readonly wholeStreams?: WholeStreams;
}

/** What is folded from the log, and what else has to be remembered beside it. */
export interface RecordPorts {
  readonly documents: Documents;
  readonly records: Documents;
  readonly projectionCheckpoints: Checkpoints;
  readonly workerCheckpoints: Checkpoints;
  readonly leases: Leases;
  readonly idempotencyAnswers: IdempotencyAnswers;
  readonly wrappedKeys: WrappedKeys;
}

/** Everything that remembers, wherever it is kept. */
export type StorePorts = LogPorts & RecordPorts;

export interface Stores extends StorePorts {
  /** Other processes may work on the same data, so background work needs leases. */
  readonly shared: boolean;
  close(): Promise<void>;
}

/** What of the configuration says where the stores are. */
export type StorePlaces = Pick<Settings, 'dataDir' | 'eventStoreDb' | 'mongoDb'>;

/** `readOnly`: for looking, also beside running services; nothing is begun or made. */
interface Access {
  readonly readOnly?: true;
}

type Closing = () => unknown;

/**
 * The log and its records, each on its server or, where none is named, under DATA_DIR (R9). What is under DATA_DIR is locked: then
 * this process is the only one.
 * @throws StoreRefused, StoreUnavailable
 */
export const openStores = (places: StorePlaces, access: Access = {}): Promise<Stores> =>
  closingOnFailure(async (opened) => {
    const shared = isShared(places);
    if (!shared && !access.readOnly) opened.push(lockFolder(places.dataDir));
    const log = await openLogHalf(places, access);
    opened.push(log.close);
    const records = await openRecordsHalf(places, log, access);
    opened.push(records.close);
    return { ...log, ...records, shared, close: () => closeAll(opened) };
  });

/** For looking at the log alone. @throws StoreRefused, StoreUnavailable */
export const openLogToLook = (places: StorePlaces): Promise<LogPorts & { readonly close: Closing }> =>
  openLogHalf(places, { readOnly: true });

/** Nothing is kept under DATA_DIR, which one process has for itself. */
export const isShared = ({ eventStoreDb, mongoDb }: StorePlaces): boolean => eventStoreDb !== null && mongoDb !== null;

// The servers' clients take their time to load, and a third of the memory: only where a server is named.

const openLogHalf = async (
  { eventStoreDb, dataDir }: StorePlaces,
  access: Access,
): Promise<LogPorts & { readonly close: Closing }> => {
  if (eventStoreDb === null) return openEmbeddedLog({ folder: dataDir, ...access });
  const { openEventStoreDb } = await import('../adapters/eventstoredb/open-event-store-db.js');
  return openEventStoreDb({ ...eventStoreDb, ...access });
};

const openRecordsHalf = async (
  { mongoDb, dataDir }: StorePlaces,
  log: LogPorts,
  access: Access,
): Promise<RecordPorts & { readonly close: Closing }> => {
  if (mongoDb === null) return openEmbeddedRecords({ folder: dataDir, ...access }, log);
  const { openMongoStores } = await import('../adapters/mongodb/stores.js');
  const beside = { logId: log.eventLog.logId, hasEvents: () => hasEvents(log) };
  const mongo = await openMongoStores({ ...mongoDb, ...access, log: beside, collections: declaredCollections });
  return { ...mongo, records: mongo.documents };
};

const hasEvents = async ({ eventFeed }: LogPorts): Promise<boolean> =>
  (await eventFeed.countAfter('start', { streamPrefixes: [] }, 1)) > 0;

const closingOnFailure = async <T>(open: (opened: Closing[]) => Promise<T>): Promise<T> => {
  const opened: Closing[] = [];
  try {
    return await open(opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
};

/** What was opened last first. */
const closeAll = async (opened: Closing[]): Promise<void> => {
  for (const close of opened.splice(0).reverse()) await close();
};
