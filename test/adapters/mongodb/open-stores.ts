import { afterAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient, type Db } from 'mongodb';
import { openMongoStores } from '../../../src/adapters/mongodb/stores.js';
import type { MongoStores, MongoStoresOptions } from '../../../src/adapters/mongodb/stores.js';

/** The server of this run: the one that jest.stores.config.mjs has started, or the one that MONGODB_URI names. */
export const serverUri = (): string => {
  const uri = process.env['TEST_MONGODB_URI'] ?? process.env['MONGODB_URI'];
  if (uri === undefined) throw new Error('MONGODB_URI must name a MongoDB; npm run test:stores brings one of its own');
  return uri;
};

const cleanups: (() => Promise<unknown>)[] = [];

export const atTheEnd = (cleanup: () => Promise<unknown>): void => void cleanups.push(cleanup);

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export const freshDatabase = (): string => `payments_test_${randomUUID().slice(0, 8)}`;

/** Stores that are closed with the test file. */
export const storesAt = async (options: MongoStoresOptions): Promise<MongoStores> => {
  const stores = await openMongoStores(options);
  atTheEnd(() => stores.close());
  return stores;
};

/** The database as a MongoDB shell sees it; 64-bit integers stay what they are. Dropped with the test file. */
export const shellOn = async (database: string): Promise<Db> => {
  const client = await new MongoClient(serverUri(), { promoteLongs: false }).connect();
  atTheEnd(async () => {
    await client.db(database).dropDatabase();
    await client.close();
  });
  return client.db(database);
};

let shared: Promise<MongoStores> | undefined;

/** Stores in a database of this test file's own, opened once. */
export const sharedStores = (): Promise<MongoStores> => {
  shared ??= (async () => {
    const database = freshDatabase();
    await shellOn(database);
    return storesAt({ uri: serverUri(), database });
  })();
  return shared;
};
