import { MongoClient, ReadConcern, type Db, type MongoClientOptions, type TopologyType } from 'mongodb';
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import type { CollectionDeclaration, Documents } from '../../application/ports/documents.js';
import type { IdempotencyAnswers } from '../../application/ports/idempotency-answers.js';
import type { Leases } from '../../application/ports/leases.js';
import type { WrappedKeys } from '../../application/ports/wrapped-keys.js';
import { checkpointCollections, MongoCheckpoints } from './checkpoints.js';
import { MongoDocuments } from './documents.js';
import { MongoIdempotencyAnswers } from './idempotency-answers.js';
import { MongoLeases } from './leases.js';
import { giveToLog, refuseUnlessOf, type LogBeside } from './log-identity.js';
import { unlessUnavailable } from './mongo-errors.js';
import { MongoWrappedKeys } from './wrapped-keys.js';

/** The stores in MongoDB: read models, and the records that are derived from nothing, side by side in one database. */
export interface MongoStores {
  /** For read models and records alike: each has a collection of its own. */
  readonly documents: Documents;
  readonly projectionCheckpoints: Checkpoints;
  readonly workerCheckpoints: Checkpoints;
  readonly leases: Leases;
  readonly idempotencyAnswers: IdempotencyAnswers;
  readonly wrappedKeys: WrappedKeys;
  /** Resolves when the primary answers. @throws StoreUnavailable */
  ping(): Promise<void>;
  /** Whatever comes later is StoreUnavailable. */
  close(): Promise<void>;
}

export interface MongoStoresOptions {
  /** `MONGODB_URI`. May hold a password: it stands in no error. */
  readonly uri: string;
  /** `MONGODB_DB` */
  readonly database: string;
  /** The log that everything there is about, and nothing of any other. */
  readonly log?: LogBeside;
  /** For looking only: what is not there is not made, but refused. */
  readonly readOnly?: true;
  /** Their indexes are made before anything is served; those of others when they are first used. */
  readonly collections?: readonly CollectionDeclaration[];
  /**
   * How long, in ms, a call waits for a primary to be found, for a connection to it, and for its answer, each; the driver tries
   * again once what cannot do harm twice. An election takes some seconds.
   */
  readonly answerWithinMs?: number;
}

/**
 * @throws StoreUnavailable when no server answers, StoreRefused when the database belongs to another log, has none of the log's keys, or
 * an older index is in the way, MongoParseError for a malformed `uri`
 */
export const openMongoStores = async (options: MongoStoresOptions): Promise<MongoStores> => {
  const client = new MongoClient(options.uri, clientOptions(options.answerWithinMs ?? defaultAnswerWithinMs));
  try {
    return await unlessUnavailable(() => open(client, options));
  } catch (error) {
    await client.close();
    throw error;
  }
};

const defaultAnswerWithinMs = 5_000;

const clientOptions = (answerWithinMs: number): MongoClientOptions => ({
  appName: 'payment-service',
  serverSelectionTimeoutMS: answerWithinMs,
  waitQueueTimeoutMS: answerWithinMs,
  connectTimeoutMS: answerWithinMs,
  socketTimeoutMS: answerWithinMs,
});

/**
 * Whatever the connection string says: what was just written must be found by who decides on it (a guarded write that was refused, a
 * claim, a sign of life), and it must stand after a failover. Only what may lag names another copy itself.
 */
export const databaseOf = (client: MongoClient, name: string, answerWithinMs: number): Db =>
  client.db(name, {
    readPreference: 'primary',
    readConcern: new ReadConcern('local'),
    writeConcern: { w: 'majority', wtimeoutMS: answerWithinMs },
  });

const open = async (
  client: MongoClient,
  { database: name, collections = [], log, readOnly, answerWithinMs = defaultAnswerWithinMs }: MongoStoresOptions,
): Promise<MongoStores> => {
  const isReplicated = await connect(client);
  const database = databaseOf(client, name, answerWithinMs);
  const wrappedKeys = new MongoWrappedKeys(database, isReplicated);
  if (log !== undefined) await (readOnly ? refuseUnlessOf : giveToLog)(database, log, wrappedKeys);
  const documents = new MongoDocuments(database, answerWithinMs);
  const projectionCheckpoints = new MongoCheckpoints(database, checkpointCollections.projections);
  const workerCheckpoints = new MongoCheckpoints(database, checkpointCollections.workers);
  await Promise.all([documents.prepare(collections), projectionCheckpoints.prepare(), workerCheckpoints.prepare()]);
  return {
    documents,
    projectionCheckpoints,
    workerCheckpoints,
    leases: new MongoLeases(database),
    idempotencyAnswers: new MongoIdempotencyAnswers(database),
    wrappedKeys,
    ping: async () => void (await unlessUnavailable(() => database.command({ ping: 1 }))),
    close: () => client.close(),
  };
};

/** Resolves to whether several servers keep the data. */
const connect = async (client: MongoClient): Promise<boolean> => {
  let topology: TopologyType = 'Unknown';
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    topology = newDescription.type;
  });
  await client.connect();
  return replicated.has(topology);
};

const replicated: ReadonlySet<TopologyType> = new Set(['ReplicaSetWithPrimary', 'Sharded', 'LoadBalanced']);
