import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { MongoClient } from 'mongodb';
import { connectionStringMistake } from '../../src/adapters/eventstoredb/connection-string.js';
import type { BenchStores } from './bench-stores.js';

/** The servers cannot be measured. One line for each reason. */
export class ServersMissing extends Error {
  override readonly name = 'ServersMissing';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

const answersWithinMs = 5_000;
const eventsUsually = 60_000;
/** mongo-java-server looks at every document when a guarded write finds none; with some thousands a batch is not answered in time. */
const eventsOnStandIn = 6_000;

const names = {
  EVENTSTORE_URL: 'must name a running EventStoreDB, such as esdb://127.0.0.1:2113?tls=false',
  MONGODB_URI: 'must name a running MongoDB, such as mongodb://127.0.0.1:27017',
};

/**
 * EVENTSTORE_URL and MONGODB_URI. Every place has streams with a prefix and a database of its own. The databases are dropped at the
 * end; EventStoreDB gives nothing back before a scavenge, so the streams stay.
 * @throws ServersMissing
 */
export const openServerStores = async (
  variables: Variables,
  folder: (name: string) => string,
): Promise<BenchStores> => {
  const { EVENTSTORE_URL: eventStoreUrl, MONGODB_URI: mongoUri } = variables;
  if (!eventStoreUrl || !mongoUri) throw new ServersMissing(missingIn(variables));
  const [eventStoreDb, mongo] = await Promise.allSettled([eventStoreDbAt(eventStoreUrl), mongoDbAt(mongoUri)]);
  if (eventStoreDb.status === 'rejected' || mongo.status === 'rejected') {
    if (mongo.status === 'fulfilled') await mongo.value.client.close();
    throw new ServersMissing([...whyNot('EVENTSTORE_URL', eventStoreDb), ...whyNot('MONGODB_URI', mongo)]);
  }
  const { client, version, isStandIn } = mongo.value;
  const run = `payment_bench_${randomUUID().slice(0, 8)}`;
  const databases: string[] = [];
  return {
    servers: `EventStoreDB ${eventStoreDb.value}, MongoDB ${version}`,
    events: isStandIn ? eventsOnStandIn : eventsUsually,
    fresh: (name) => {
      const database = `${run}_${databases.length + 1}`;
      databases.push(database);
      return { dataDir: folder(name), servers: { eventStoreUrl, streamPrefix: `${database}.`, mongoUri, database } };
    },
    raw: {
      appends: { script: 'appends/raw-eventstoredb-append-task.js', what: 'raw client, single appends' },
      feed: { script: 'replay/raw-eventstoredb-feed-task.js', what: 'raw filtered subscription' },
      documents: { script: 'replay/raw-mongodb-documents-task.js', what: 'raw bulkWrite' },
    },
    close: async () => {
      for (const database of databases) await client.db(database).dropDatabase();
      await client.close();
    },
  };
};

const missingIn = (variables: Variables): readonly string[] =>
  Object.entries(names).flatMap(([name, what]) => (variables[name] ? [] : [`${name}: ${what}`]));

const whyNot = (name: keyof typeof names, result: PromiseSettledResult<unknown>): readonly string[] => {
  if (result.status === 'fulfilled') return [];
  const reason: unknown = result.reason;
  return [`${name}: cannot be used: ${reason instanceof Error ? reason.message : String(reason)}`];
};

/** Resolves to the version that it tells. */
const eventStoreDbAt = async (url: string): Promise<string> => {
  const mistake = connectionStringMistake(url);
  if (mistake !== undefined) throw new Error(mistake);
  const client = EventStoreDBClient.connectionString(url);
  try {
    // The client has asked for the server's methods, and with them comes its version.
    const features = await Promise.race([client['capabilities'], silence()]);
    return features.serverVersion;
  } finally {
    await client.dispose();
  }
};

const silence = async (): Promise<never> => {
  await pause(answersWithinMs, undefined, { ref: false });
  throw new Error(`no answer within ${answersWithinMs} ms`);
};

interface ConnectedMongo {
  readonly client: MongoClient;
  readonly version: string;
  /** Every MongoDB tells which sources it was built from. */
  readonly isStandIn: boolean;
}

const mongoDbAt = async (uri: string): Promise<ConnectedMongo> => {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: answersWithinMs });
  try {
    const { version, gitVersion } = await client.db('admin').command({ buildInfo: 1 });
    const isStandIn = gitVersion === undefined;
    return { client, isStandIn, version: isStandIn ? `${String(version)} (stand-in, in memory)` : String(version) };
  } catch (error) {
    await client.close();
    throw error;
  }
};
