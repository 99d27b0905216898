import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { DataFolderRefused } from '../../../src/adapters/embedded/data-folder-refused.js';
import { openToLook } from '../../../src/adapters/embedded/data-files.js';
import { documentsFile, stateFile } from '../../../src/adapters/embedded/file-kinds.js';
import { verifyLogFile, verifyRecordFiles } from '../../../src/adapters/embedded/verify.js';
import { parkedCollection } from '../../../src/application/parking/parked-collection.js';
import type { CollectionDeclaration } from '../../../src/application/ports/documents.js';
import { FeedInterrupted } from '../../../src/application/ports/event-feed.js';
import type { FeedBatch } from '../../../src/application/ports/event-feed.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { dataOf, someEvent, someEvents, upTo } from '../../contracts/some-events.js';
import { freshFolder } from './open-folder.js';

const all = { streamPrefixes: [] };
const events: CollectionDeclaration = { name: 'payments', indexes: [], shapes: {} };
const first = '0000000000000001';

/** Opens, uses and closes. */
const using = async <T>(folder: string, use: (stores: DataFolder) => Promise<T>): Promise<T> => {
  const stores = openDataFolder({ folder });
  try {
    return await use(stores);
  } finally {
    stores.close();
  }
};

/** A folder as a service leaves it: ten streams of ten events, a document, checkpoints, a key. */
const usedFolder = async (): Promise<string> => {
  const folder = freshFolder();
  await using(folder, async ({ eventLog, documents, projectionCheckpoints, workerCheckpoints, wrappedKeys }) => {
    for (const n of upTo(10))
      await Promise.all(upTo(10).map((m) => eventLog.append(`payment-${m}`, [someEvent({ n })], 'any')));
    await documents.write(events, [{ id: 'p', revision: 9, document: { n: 9 } }]);
    await projectionCheckpoints.save('payments', 0, { logId: eventLog.logId, position: first, epoch: 1 });
    await workerCheckpoints.save('notifier', 0, { logId: eventLog.logId, position: first, epoch: 1 });
    await wrappedKeys.addIfAbsent('customer:1', 'w1.wrapped');
  });
  return folder;
};

/** Opens a file past all checks. */
const inFile = (path: string, change: (database: Database.Database) => void): void => {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  change(database);
  database.close();
};

const refusal = (folder: string): string => {
  try {
    openDataFolder({ folder }).close();
  } catch (error) {
    if (error instanceof DataFolderRefused) return error.message;
    throw error;
  }
  return 'not refused';
};

const findingsIn = async (folder: string): Promise<readonly string[]> => {
  const messages: string[] = [];
  for (const checks of [verifyRecordFiles(folder), verifyLogFile(folder)])
    for await (const one of checks) if (one.type === 'finding') messages.push(`${one.file}: ${one.message}`);
  return messages;
};

const nextOf = (batches: AsyncIterable<FeedBatch>) => batches[Symbol.asyncIterator]().next();

describe('a data folder that is opened again', () => {
  it('has everything that was in it', async () => {
    const folder = await usedFolder();
    await using(
      folder,
      async ({ eventLog, eventFeed, documents, projectionCheckpoints, workerCheckpoints, wrappedKeys }) => {
        expect((await eventFeed.readAfter('start', all)).events).toHaveLength(100);
        expect(await dataOf(eventLog, 'payment-3')).toEqual(upTo(10).map((n) => ({ n })));
        expect(await eventLog.append('payment-3', [someEvent()], 9)).toEqual({
          type: 'appended',
          revision: 10,
          position: '0000000000000101',
        });
        expect(await documents.get(events, 'p')).toEqual({ id: 'p', revision: 9, document: { n: 9 } });
        expect((await projectionCheckpoints.load('payments')).get(0)?.position).toBe(first);
        expect((await workerCheckpoints.load('notifier')).get(0)?.position).toBe(first);
        expect(await wrappedKeys.load('customer:1')).toBe('w1.wrapped');
      },
    );
  });

  it('keeps the name of its log', async () => {
    const folder = freshFolder();
    const name = await using(folder, async ({ eventLog }) => eventLog.logId);
    expect(await using(folder, async ({ eventLog }) => eventLog.logId)).toBe(name);
    expect(await using(freshFolder(), async ({ eventLog }) => eventLog.logId)).not.toBe(name);
  });

  it('knows an append again that was made before', async () => {
    const folder = freshFolder();
    const [begun, group] = [someEvents(2), someEvents(64)];
    const append = () =>
      using(folder, ({ eventLog }) =>
        Promise.all([eventLog.append('payment-1', begun, 'none'), eventLog.append('inbox-1', group, 'any')]),
      );
    expect(await append()).toEqual(await append());
    expect(await using(folder, ({ eventFeed }) => eventFeed.countAfter('start', all, 1_000))).toBe(66);
  });

  it('is made, with the folders above it, when it is not there', async () => {
    const folder = join(freshFolder(), 'deep', 'data');
    await using(folder, ({ eventLog }) => eventLog.append('payment-1', [someEvent()], 'none'));
    expect(existsSync(join(folder, 'events.db'))).toBe(true);
  });
});

describe('closing', () => {
  it('writes what was handed over before, and refuses what comes after', async () => {
    const folder = freshFolder();
    const stores = openDataFolder({ folder });
    const appends = upTo(700).map((n) => stores.eventLog.append(`payment-${n}`, [someEvent()], 'none'));
    stores.close();
    expect((await Promise.all(appends)).every(({ type }) => type === 'appended')).toBe(true);
    await expect(stores.eventLog.append('payment-x', [someEvent()], 'none')).rejects.toThrow(StoreUnavailable);
    await expect(stores.eventLog.read('payment-1')).rejects.toThrow(StoreUnavailable);
    await expect(stores.documents.get(events, 'p')).rejects.toThrow(StoreUnavailable);
    expect(await using(folder, ({ eventFeed }) => eventFeed.countAfter('start', all, 1_000))).toBe(700);
  });

  it('interrupts who follows', async () => {
    const stores = openDataFolder({ folder: ':memory:' });
    const following = nextOf(stores.eventFeed.follow('start', all, new AbortController().signal));
    await stores.eventLog.append('payment-1', [someEvent()], 'none');
    expect((await following).done).toBe(false);
    const waiting = nextOf(stores.eventFeed.follow(first, all, new AbortController().signal));
    setTimeout(() => stores.close(), 20);
    await expect(waiting).rejects.toThrow(FeedInterrupted);
  });
});

describe('a data folder that is in use', () => {
  it('is refused to a second opener, by name and process, and free when it is closed', async () => {
    const folder = await usedFolder();
    const stores = openDataFolder({ folder });
    expect(refusal(folder)).toBe(
      `${folder} is in use by another process (pid ${process.pid}): stop it, or choose another DATA_DIR`,
    );
    stores.close();
    expect(refusal(folder)).toBe('not refused');
  });

  it('can be read beside the service, which goes on writing', async () => {
    const folder = await usedFolder();
    const stores = openDataFolder({ folder });
    const reader = openDataFolder({ folder, readOnly: true });
    const stop = new AbortController();
    const seen: FeedBatch[] = [];
    const following = (async () => {
      for await (const batch of reader.eventFeed.follow('start', { streamPrefixes: ['payment-5'] }, stop.signal)) {
        seen.push(batch);
        if (batch.events.at(-1)?.data['live'] === true) stop.abort();
      }
    })();
    await stores.eventLog.append('payment-5', [someEvent({ live: true })], 9);
    await following;
    expect(seen.flatMap((batch) => batch.events)).toEqual(await stores.eventLog.read('payment-5'));
    expect(reader.eventLog.logId).toBe(stores.eventLog.logId);
    expect(await reader.documents.get(events, 'p')).toEqual(await stores.documents.get(events, 'p'));
    reader.close();
    stores.close();
  });

  it('has nothing, for who only reads, in a collection that the service has not used yet', async () => {
    const folder = await usedFolder();
    const reader = openDataFolder({ folder, readOnly: true });
    for (const documents of [reader.documents, reader.records]) {
      expect(await documents.get(parkedCollection, 'p')).toBeUndefined();
      expect(await documents.getMany(parkedCollection, ['p'])).toEqual([]);
      expect(await documents.find(parkedCollection, { shape: 'newest', where: [], limit: 1 })).toEqual([]);
    }
    reader.close();
  });

  it('is not written by who only reads', async () => {
    const folder = await usedFolder();
    const reader = openDataFolder({ folder, readOnly: true });
    await expect(reader.eventLog.append('payment-1', [someEvent()], 'any')).rejects.toThrow(StoreUnavailable);
    await expect(reader.documents.write(events, [{ id: 'q', revision: 0, document: {} }])).rejects.toThrow(
      StoreUnavailable,
    );
    await expect(reader.workerCheckpoints.forget('notifier')).rejects.toThrow(StoreUnavailable);
    expect(await reader.eventFeed.countAfter('start', all, 1_000)).toBe(100);
    reader.close();
    expect(() => openDataFolder({ folder: freshFolder(), readOnly: true })).toThrow(
      /events\.db is not there: is DATA_DIR right\?/,
    );
  });
});

describe('a data folder whose files are not as they should be', () => {
  const damages: Record<string, { readonly damage: (folder: string) => void; readonly says: RegExp }> = {
    'the log begins with something else': {
      damage: (folder) =>
        writeFileSync(join(folder, 'events.db'), 'this is not a database, but it is long enough to be one', {
          flag: 'r+',
        }),
      says: /events\.db is not a database, or its beginning is damaged: stop the service and put back/,
    },
    'the log was cut off': {
      damage: (folder) => truncateSync(join(folder, 'events.db'), 16_384),
      says: /events\.db is damaged \(.+\): stop the service and put back/,
    },
    'a byte of the newest event has changed': {
      damage: (folder) =>
        inFile(join(folder, 'events.db'), (database) => {
          database.exec(`UPDATE events SET data = '{"n":8}' WHERE position = 100`);
        }),
      says: /events\.db is damaged \(events 0000000000000091 to 0000000000000100: not as they were written/,
    },
    'the newest event is gone': {
      damage: (folder) =>
        inFile(join(folder, 'events.db'), (database) => database.exec('DELETE FROM events WHERE position = 100')),
      says: /events\.db is damaged/,
    },
    'the log is a database of another program': {
      damage: (folder) => {
        rmSync(join(folder, 'events.db'));
        inFile(join(folder, 'events.db'), (database) => database.exec('CREATE TABLE theirs (a)'));
      },
      says: /events\.db is no events\.db of this service: move it away, or choose another DATA_DIR/,
    },
    'the log was written by a newer release': {
      damage: (folder) => inFile(join(folder, 'events.db'), (database) => database.pragma('user_version = 99')),
      says: /events\.db was written by a newer release \(schema version 99, this one knows \d+\): start that release/,
    },
    'the log is missing': {
      damage: (folder) => rmSync(join(folder, 'events.db')),
      says: /state\.db does not belong to the event log in use: .+, or stop the service and put back/,
    },
    'the key ring is missing': {
      damage: (folder) => rmSync(join(folder, 'state.db')),
      says: /state\.db is missing, and with it the keys of all personal data in the event log: stop the service and put back/,
    },
    'the key ring begins with something else': {
      damage: (folder) =>
        writeFileSync(join(folder, 'state.db'), 'this is not a database, but it is long enough to be one', {
          flag: 'r+',
        }),
      says: /state\.db is not a database, or its beginning is damaged: stop the service and put back/,
    },
    'the read models begin with something else': {
      damage: (folder) =>
        writeFileSync(join(folder, 'documents.db'), 'this is not a database, but it is long enough', { flag: 'r+' }),
      says: /documents\.db is not a database, or its beginning is damaged: delete it .+ rebuilt/,
    },
    'the lock is a text': {
      damage: (folder) =>
        writeFileSync(join(folder, 'lock.db'), 'locked? this is not a database, but it is long enough'),
      says: /lock\.db cannot be used \(.+\): delete it/,
    },
  };

  for (const [what, { damage, says }] of Object.entries(damages)) {
    it(`is refused in one line when ${what}`, async () => {
      const folder = await usedFolder();
      damage(folder);
      const message = refusal(folder);
      expect(message).toMatch(says);
      expect(message).not.toContain('\n');
      // Refused again, for the same reason: looking changes nothing, and the lock is free.
      expect(refusal(folder)).toBe(message);
    });
  }

  it('leaves a foreign file as it was', async () => {
    const folder = await usedFolder();
    rmSync(join(folder, 'events.db'));
    inFile(join(folder, 'events.db'), (database) => database.exec('CREATE TABLE theirs (a)'));
    const before = readFileSync(join(folder, 'events.db'));
    expect(refusal(folder)).toMatch(/no events\.db of this service/);
    expect(readFileSync(join(folder, 'events.db'))).toEqual(before);
  });

  it('is refused when the key ring is of another log', async () => {
    const [mine, other] = [await usedFolder(), await usedFolder()];
    copyFileSync(join(other, 'state.db'), join(mine, 'state.db'));
    expect(refusal(mine)).toMatch(/state\.db does not belong to the event log in use/);
  });

  it('is refused when the folder is a file', () => {
    const folder = join(freshFolder(), 'data');
    writeFileSync(folder, '');
    expect(refusal(folder)).toMatch(/data cannot be made \(.+\): choose another DATA_DIR/);
  });
});

describe('the read models', () => {
  const rebuilt = async (folder: string): Promise<void> =>
    using(folder, async ({ documents, projectionCheckpoints, workerCheckpoints, eventLog, wrappedKeys }) => {
      expect(await documents.get(events, 'p')).toBeUndefined();
      expect(await projectionCheckpoints.load('payments')).toEqual(new Map());
      expect((await workerCheckpoints.load('notifier')).get(0)?.position).toBe(first);
      expect(await eventLog.read('payment-3')).toHaveLength(10);
      expect(await wrappedKeys.load('customer:1')).toBe('w1.wrapped');
      await documents.write(events, [{ id: 'p', revision: 0, document: {} }]);
    });

  it('may be deleted: they are empty then, with their checkpoints, and nothing else is touched', async () => {
    const folder = await usedFolder();
    rmSync(join(folder, 'documents.db'));
    await rebuilt(folder);
  });

  it('are thrown away when they are of another log', async () => {
    const [mine, other] = [await usedFolder(), await usedFolder()];
    copyFileSync(join(other, 'documents.db'), join(mine, 'documents.db'));
    await rebuilt(mine);
  });

  it('are thrown away when they have seen events that the log no longer has', async () => {
    const folder = await usedFolder();
    await using(folder, ({ eventLog, projectionCheckpoints }) =>
      projectionCheckpoints.save('payments', 0, { logId: eventLog.logId, position: '0000000000000101', epoch: 1 }),
    );
    await rebuilt(folder);
  });

  it('are kept when their checkpoints are of a log elsewhere', async () => {
    const folder = await usedFolder();
    await using(folder, ({ projectionCheckpoints }) =>
      projectionCheckpoints.save('payments', 0, { logId: 'elsewhere', position: '9999/9999', epoch: 1 }),
    );
    await using(folder, async ({ documents }) => expect(await documents.get(events, 'p')).toBeDefined());
  });

  it('get the columns and indexes that a later release declares, and lose those that it does not', async () => {
    const folder = freshFolder();
    const shape = (field: string) => ({ index: 'only', equals: [field], optional: [], sort: [{ field: '_id', order: 'asc' }] }) as const; // prettier-ignore
    const byStatus: CollectionDeclaration<'it'> = {
      name: 'payments',
      indexes: [{ name: 'only', fields: [{ field: 'status', order: 'asc' }] }],
      shapes: { it: shape('status') },
    };
    const byNumber: CollectionDeclaration<'it'> = {
      name: 'payments',
      indexes: [{ name: 'only', fields: [{ field: 'numbers', order: 'asc' }], eachElement: true }],
      shapes: { it: shape('numbers') },
    };
    const find = (collection: CollectionDeclaration<'it'>, field: string, is: string) =>
      using(folder, async ({ documents }) =>
        (await documents.find(collection, { shape: 'it', where: [{ field, is }], limit: 9 })).map(({ id }) => id),
      );
    await using(
      folder,
      ({ documents }) =>
      documents.write(byStatus, upTo(2_500).map((n) => ({ id: `p${n}`, revision: 0, document: { status: `s${n}`, numbers: [`${n}`, `x${n}`] } }))), // prettier-ignore
    );
    expect(await find(byStatus, 'status', 's2499')).toEqual(['p2499']);
    expect(await find(byNumber, 'numbers', 'x1200')).toEqual(['p1200']);
    await using(folder, ({ documents }) =>
      documents.write(byNumber, [{ id: 'p1200', revision: 1, document: { status: 'new', numbers: ['x'] } }]),
    );
    expect(await find(byStatus, 'status', 'new')).toEqual(['p1200']);
    expect(await find(byStatus, 'status', 's1200')).toEqual([]);
    expect(await find(byNumber, 'numbers', 'x1200')).toEqual([]);
    expect(await find(byNumber, 'numbers', 'x')).toEqual(['p1200']);
  });
});

describe('a destroyed key', () => {
  it('is in none of the files any more, the others are', async () => {
    const folder = await usedFolder();
    const secret = (n: number): string => `w1.${'secret'.repeat(10)}-${n}.`;
    const inFiles = (n: number): boolean =>
      ['state.db', 'state.db-wal']
        .map((file) => join(folder, file))
        .some((path) => existsSync(path) && readFileSync(path).includes(secret(n)));
    await using(folder, async ({ wrappedKeys }) => {
      for (const n of upTo(300)) await wrappedKeys.addIfAbsent(`customer:${n}`, secret(n));
      for (const n of [150, 7, 151, 149]) await wrappedKeys.destroy(`customer:${n}`);
      expect(upTo(300).filter((n) => !inFiles(n))).toEqual([1, 7, 149, 150, 151]);
    });
  });
});

describe('verifying a data folder', () => {
  it('finds nothing in a sound one, also beside the service, and tells how far it is', async () => {
    const folder = await usedFolder();
    expect(await findingsIn(folder)).toEqual([]);
    await using(folder, async () => expect(await findingsIn(folder)).toEqual([]));
    const seen = [];
    for await (const one of verifyLogFile(folder)) seen.push(one);
    expect(seen).toEqual([{ type: 'progress', done: 100, total: 100 }]);
  });

  const remove = (folder: string, file: string): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, file + suffix), { force: true });
  };

  it('finds that the file with the keys is gone, and goes on with the others', async () => {
    const folder = await usedFolder();
    remove(folder, 'state.db');
    inFile(join(folder, 'events.db'), (database) => database.exec('DELETE FROM events WHERE position = 42'));
    expect(await findingsIn(folder)).toEqual([
      expect.stringMatching(
        /^state\.db: is missing, and with it the keys of all personal data in the event log: stop the service and put back/,
      ),
      'events.db: events 0000000000000041 to 0000000000000050: 1 missing',
      'events.db: stream payment-1: revision 5 does not follow the one before it',
    ]);
  });

  it('finds nothing when only the read models are gone, which are made anew', async () => {
    const folder = await usedFolder();
    remove(folder, 'documents.db');
    expect(await findingsIn(folder)).toEqual([]);
  });

  it('says of a file that is missing beside the log what that means', async () => {
    const folder = await usedFolder();
    for (const file of ['state.db', 'documents.db']) remove(folder, file);
    const looking = (kind: typeof stateFile) => () => openToLook(folder, kind).close();
    expect(looking(stateFile)).toThrow(/state\.db is missing, and with it the keys of all personal data/);
    expect(looking(documentsFile)).toThrow(
      /documents\.db is missing: it is made anew from the events at the next start$/,
    );
  });

  it('asks whether it is the right folder when nothing is there', async () => {
    await expect(findingsIn(freshFolder())).rejects.toThrow(/is not there: is DATA_DIR right\?/);
  });

  const changes: Record<string, { readonly sql: string; readonly finds: RegExp }> = {
    'an event that was changed long ago': {
      sql: `UPDATE events SET data = '{"n":-1}' WHERE position = 42`,
      finds: /^events\.db: events 0000000000000041 to 0000000000000050: not as they were written \(checksum\)$/,
    },
    'metadata that was changed': {
      sql: `UPDATE events SET metadata = '{}' WHERE position = 1`,
      finds: /not as they were written/,
    },
    'an event that is gone': {
      sql: 'DELETE FROM events WHERE position = 42',
      finds: /^events\.db: events 0000000000000041 to 0000000000000050: 1 missing$/,
    },
    'a whole group that is gone': {
      sql: 'DELETE FROM events WHERE position BETWEEN 41 AND 50; DELETE FROM event_groups WHERE first = 41',
      finds: /^events\.db: no group of events between 0000000000000040 and 0000000000000051$/,
    },
    'a gap in a stream': {
      sql: 'UPDATE events SET revision = 77 WHERE stream = 4 AND revision = 9',
      finds: /^events\.db: stream payment-3: revision 77 does not follow the one before it$/,
    },
    'an event that a filter would miss': {
      sql: 'UPDATE events SET category = 7 WHERE position = 42',
      finds: /^events\.db: stream payment-1: its events are in a category that is not theirs$/,
    },
  };
  for (const [what, { sql, finds }] of Object.entries(changes)) {
    it(`finds ${what}`, async () => {
      const folder = await usedFolder();
      inFile(join(folder, 'events.db'), (database) => database.exec(sql));
      expect((await findingsIn(folder)).some((message) => finds.test(message))).toBe(true);
    });
  }
});
