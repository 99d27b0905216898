import { describe, expect, it } from '@jest/globals';
import { openMongoStores, type MongoStoresOptions } from '../../../src/adapters/mongodb/stores.js';
import { StoreRefused } from '../../../src/application/ports/event-log.js';
import { freshDatabase, serverUri, shellOn, storesAt } from './open-stores.js';

const emptyLog = { logId: 'log-1', hasEvents: () => Promise.resolve(false) };
const usedLog = { logId: 'log-1', hasEvents: () => Promise.resolve(true) };

const fresh = async () => {
  const database = freshDatabase();
  const shell = await shellOn(database);
  const at = (log: MongoStoresOptions['log'], readOnly = false): MongoStoresOptions => ({
    uri: serverUri(),
    database,
    ...(log && { log }),
    ...(readOnly && { readOnly }),
  });
  return { database, shell, at };
};

describe('a database without the keys of its log', () => {
  it('is refused in one line that says what to do, and left as it is', async () => {
    const { database, shell, at } = await fresh();
    const opening = openMongoStores(at(usedLog));
    await expect(opening).rejects.toBeInstanceOf(StoreRefused);
    await expect(opening).rejects.toThrow(
      new RegExp(`^MONGODB_DB: no keys are in ${database}, .*put back MongoDB's last backup \\(docs/operations.md, "When the keys are lost"\\)$`),
    );
    expect(await shell.listCollections().toArray()).toEqual([]);
  }); // prettier-ignore

  it('is refused as well when it was given to the log before, also to who only looks', async () => {
    const { at } = await fresh();
    await storesAt(at(emptyLog));
    await expect(openMongoStores(at(usedLog))).rejects.toThrow(/no keys are in/);
    await expect(openMongoStores(at(usedLog, true))).rejects.toThrow(/no keys are in/);
    await storesAt(at(emptyLog, true));
  });

  it('is where everything begins beside a log without events, as often as it is started', async () => {
    const { at } = await fresh();
    for (const _start of [1, 2]) await storesAt(at(emptyLog));
  });

  it('is opened by all replicas that begin together, though one of them has made a payment already', async () => {
    const { at } = await fresh();
    const first = await storesAt(at(emptyLog));
    const second = {
      logId: 'log-1',
      hasEvents: async () => {
        await first.wrappedKeys.addIfAbsent('customer:u-1', 'wrapped');
        return true;
      },
    };
    const { wrappedKeys } = await storesAt(at(second));
    expect(await wrappedKeys.load('customer:u-1')).toBe('wrapped');
  });

  it('is no such one while a single key is there, be it destroyed, and then the log is not even asked', async () => {
    const { at } = await fresh();
    const { wrappedKeys } = await storesAt(at(emptyLog));
    await wrappedKeys.destroy('customer:u-1');
    await storesAt(at({ logId: 'log-1', hasEvents: () => Promise.reject(new Error('asked')) }));
  });
});
