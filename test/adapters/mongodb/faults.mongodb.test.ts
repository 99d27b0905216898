import { beforeAll, describe, expect, it } from '@jest/globals';
import { IndexConflict } from '../../../src/adapters/mongodb/indexes.js';
import { openMongoStores, type MongoStores } from '../../../src/adapters/mongodb/stores.js';
import type { CollectionDeclaration, StoredDocument } from '../../../src/application/ports/documents.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { startOwnMongo, type TestMongo } from '../../support/mongodb/start.mjs';
import { Link } from './link.js';
import { atTheEnd, freshDatabase, serverUri, shellOn, storesAt } from './open-stores.js';

/** Longer than the driver waits, 500 ms, until it looks again for a server that has closed a connection. */
const answerWithinMs = 800;
/** Every call gives up by then: a server is looked for, then asked, and a read is asked once more. */
const boundMs = 4 * answerWithinMs;

const collection: CollectionDeclaration = {
  name: 'payments',
  indexes: [{ name: 'newest', fields: [{ field: 'created_at', order: 'desc' }] }],
  shapes: {
    newest: {
      index: 'newest',
      equals: [],
      optional: [],
      sort: [{ field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }], // prettier-ignore
    },
  },
};

const payment = (revision: number): StoredDocument => ({ id: 'p', revision, document: { n: revision } });

/** One call to each kind of store. */
const callsOf = (stores: MongoStores): Readonly<Record<string, () => Promise<unknown>>> => ({
  ping: () => stores.ping(),
  'reading a document': () => stores.documents.get(collection, 'p'),
  'reading a document from any copy': () => stores.documents.get(collection, 'p', 0),
  'finding documents': () => stores.documents.find(collection, { shape: 'newest', where: [], limit: 10 }),
  'writing documents': () => stores.documents.write(collection, [payment(7)]),
  'inserting a document': () => stores.documents.insertIfAbsent(collection, payment(0)),
  'saving a checkpoint': () => stores.workerCheckpoints.save('worker', 0, { logId: 'log', position: '1', epoch: 1 }),
  'taking a lease': () => stores.leases.take('lease', 'a', undefined),
  'claiming a key': () =>
    stores.idempotencyAnswers.claim({ key: 'k', fingerprint: 'f', owner: 'a', at: '2026-11-23T00:00:00.000Z' }, 60_000),
  'adding a key': () => stores.wrappedKeys.addIfAbsent('customer:1', 'wrapped'),
});

const outcomeOf = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    await call();
    return 'done';
  } catch (error) {
    return error instanceof StoreUnavailable ? 'unavailable' : String(error);
  }
};

/** Of all calls made at once. */
const outcomesOf = async (stores: MongoStores): Promise<Readonly<Record<string, string>>> => {
  const calls = Object.entries(callsOf(stores)).map(async ([name, call]) => [name, await outcomeOf(call)] as const);
  return Object.fromEntries(await Promise.all(calls));
};

const all = (stores: MongoStores, outcome: string) =>
  Object.fromEntries(Object.keys(callsOf(stores)).map((name) => [name, outcome]));

const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const begin = performance.now();
  const result = await work();
  expect(performance.now() - begin).toBeLessThan(ms);
  return result;
};

describe('a MongoDB that goes away', () => {
  let server: TestMongo;
  beforeAll(async () => {
    server = await startOwnMongo();
    atTheEnd(() => server.stop());
  });

  const linked = async () => {
    const link = await Link.to(server.uri);
    atTheEnd(() => link.end());
    const stores = await storesAt({ uri: link.uri, database: freshDatabase(), answerWithinMs });
    await stores.documents.get(collection, 'p');
    return { link, stores };
  };

  it('is unavailable while it is down, and serves the same stores when it is back', async () => {
    const own = await startOwnMongo();
    const stores = await storesAt({ uri: own.uri, database: freshDatabase(), answerWithinMs });
    expect(await outcomesOf(stores)).toEqual(all(stores, 'done'));
    await own.stop();
    expect(await within(boundMs, () => outcomesOf(stores))).toEqual(all(stores, 'unavailable'));
    const back = await startOwnMongo({ port: Number(new URL(own.uri).port) });
    atTheEnd(() => back.stop());
    expect(await outcomesOf(stores)).toEqual(all(stores, 'done'));
  });

  it('is unavailable when it takes requests and never answers', async () => {
    const { link, stores } = await linked();
    link.silence();
    expect(await within(boundMs, () => outcomesOf(stores))).toEqual(all(stores, 'unavailable'));
  });

  it('may have written documents though the answer was lost; writing them again is harmless', async () => {
    const { link, stores } = await linked();
    link.loseAnswerTo('update');
    await expect(stores.documents.write(collection, [payment(3)])).rejects.toThrow(StoreUnavailable);
    expect(await stores.documents.get(collection, 'p')).toEqual(payment(3));
    await stores.documents.write(collection, [payment(3)]);
    expect(await stores.documents.get(collection, 'p')).toEqual(payment(3));
  });

  it('asks the primary when a copy has not come to the revision that is wanted', async () => {
    const { link, stores } = await linked();
    await stores.documents.write(collection, [payment(3)]);
    const ofCopy = link.hold('find');
    const reading = stores.documents.get(collection, 'p', 5);
    const releaseCopy = await ofCopy;
    const ofPrimary = link.hold('find');
    releaseCopy();
    const releasePrimary = await ofPrimary;
    await stores.documents.write(collection, [payment(5)]);
    releasePrimary();
    expect(await reading).toEqual(payment(5));
  });

  it('writes a document after all that was refused for a value which is free a moment later', async () => {
    const { link, stores } = await linked();
    const orders: CollectionDeclaration = {
      name: 'orders',
      indexes: [{ name: 'by_order', fields: [{ field: 'order_id', order: 'asc' }], unique: true }],
      shapes: {},
    };
    const order = (id: string, orderId: string, revision = 0) => ({ id, revision, document: { order_id: orderId } });
    await stores.documents.write(orders, [order('a', 'same')]);
    const held = link.hold('find');
    const writing = stores.documents.write(orders, [order('b', 'same')]);
    const release = await held;
    await stores.documents.write(orders, [order('a', 'other', 1)]);
    release();
    await writing;
    expect(await stores.documents.get(orders, 'b')).toEqual(order('b', 'same'));
  });

  it('may have given a lease though the answer was lost; nobody else gets it as new', async () => {
    const { link, stores } = await linked();
    link.loseAnswerTo('insert');
    await expect(stores.leases.take('lease', 'a', undefined)).rejects.toThrow(StoreUnavailable);
    expect(await stores.leases.take('lease', 'b', undefined)).toBeUndefined();
    expect((await stores.leases.read(['lease'])).get('lease')?.holder).toBe('a');
  });

  it('may have kept a key though the answer was lost; adding another answers the kept one', async () => {
    const { link, stores } = await linked();
    link.loseAnswerTo('findAndModify');
    await expect(stores.wrappedKeys.addIfAbsent('customer:1', 'first')).rejects.toThrow(StoreUnavailable);
    expect(await stores.wrappedKeys.addIfAbsent('customer:1', 'second')).toBe('first');
  });

  it('may have taken a claim though the answer was lost; who claims knows it for its own', async () => {
    const { link, stores } = await linked();
    const claim = { key: 'k', fingerprint: 'f', owner: 'a', at: '2026-11-23T00:00:00.000Z' };
    link.loseAnswerTo('insert');
    expect(await stores.idempotencyAnswers.claim(claim, 60_000)).toEqual({ type: 'claimed' });
    expect(await stores.idempotencyAnswers.claim({ ...claim, owner: 'b' }, 60_000)).toEqual({ type: 'in_progress' });

    const later = { ...claim, owner: 'c', at: '2026-11-23T00:01:00.000Z' };
    link.loseAnswerTo('update');
    expect(await stores.idempotencyAnswers.claim(later, 60_000)).toEqual({ type: 'claimed' });
    expect(await stores.idempotencyAnswers.keep('k', 'c', { status: 201 })).toBe('kept');
  });

  it('is emptied in steps, each of them answered in time', async () => {
    const { link, stores } = await linked();
    const many = Array.from({ length: 2_500 }, (_, n) => ({ id: `p-${n}`, revision: 0, document: {} }));
    await stores.documents.write(collection, many);
    const left = async () =>
      (await stores.documents.find(collection, { shape: 'newest', where: [], limit: 3_000 })).length;
    const counts: number[] = [];
    let held = link.hold('delete');
    const clearing = stores.documents.clear(collection);
    for (let step = 0; step < 3; step += 1) {
      const release = await held;
      counts.push(await left());
      held = link.hold('delete');
      release();
    }
    await clearing;
    expect([counts, await left()]).toEqual([[2_500, 1_500, 500], 0]);
  });

  it('is asked what the service needs, whatever its connection string says; the server stops when nobody waits any more', async () => {
    const link = await Link.to(server.uri);
    atTheEnd(() => link.end());
    const uri = `${link.uri}&readPreference=secondary&readConcernLevel=available&w=1&journal=false`;
    const stores = await storesAt({ uri, database: freshDatabase(), answerWithinMs });
    await stores.documents.get(collection, 'p');
    await stores.documents.find(collection, { shape: 'newest', where: [], limit: 10 });
    await stores.leases.take('lease', 'a', undefined);
    await stores.leases.read(['lease']);
    const finds = link.sent('find');
    expect(finds).toHaveLength(3);
    expect(finds.filter((find) => /secondary|available/.test(find) || !find.includes('local'))).toEqual([]);
    expect(finds.filter((find) => find.includes('maxTimeMS'))).toHaveLength(1);
    expect(link.sent('insert').every((insert) => insert.includes('majority'))).toBe(true);
  });

  it('is unavailable once the stores are closed', async () => {
    const stores = await openMongoStores({ uri: server.uri, database: freshDatabase(), answerWithinMs });
    await stores.close();
    expect(await outcomesOf(stores)).toEqual(all(stores, 'unavailable'));
  });

  it('is not opened where nobody listens, and the password stands in no message', async () => {
    const opening = openMongoStores({ uri: 'mongodb://payments:pass-word@127.0.0.1:1', database: 'payments', answerWithinMs }); // prettier-ignore
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('pass-word');
  });
});

describe('an older index in the way of a declared one', () => {
  it('keeps the stores from opening, and says which to look at', async () => {
    const database = freshDatabase();
    const shell = await shellOn(database);
    await shell.collection('payments').createIndex({ updated_at: 1 }, { name: 'newest' });
    const opening = openMongoStores({ uri: serverUri(), database, collections: [collection] });
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IndexConflict);
    expect(String(error)).toContain('payments.newest');
  });
});
