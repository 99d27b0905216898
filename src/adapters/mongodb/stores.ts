import { MongoClient, type MongoClientOptions, type TopologyType } from 'mongodb';
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
  const client = new MongoClient(options.uri, clientOptions(options.answerWithinMs ?? 5_000));
  try {
    return await unlessUnavailable(() => open(client, options));
  } catch (error) {
    await client.close();
    throw error;
  }
};

const clientOptions = (answerWithinMs: number): MongoClientOptions => ({
  appName: 'payment-service',
  writeConcern: { w: 'majority', wtimeoutMS: answerWithinMs },
  serverSelectionTimeoutMS: answerWithinMs,
  waitQueueTimeoutMS: answerWithinMs,
  connectTimeoutMS: answerWithinMs,
  socketTimeoutMS: answerWithinMs,
});

const open = async (
  client: MongoClient,
  { database: name, collections = [], log, readOnly }: MongoStoresOptions,
): Promise<MongoStores> => {
  const isReplicated = await connect(client);
  const database = client.db(name);
  const wrappedKeys = new MongoWrappedKeys(database, isReplicated);
  if (log !== undefined) await (readOnly ? refuseUnlessOf : giveToLog)(database, log, wrappedKeys);
  const documents = new MongoDocuments(database);
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
