import { describe, expect, it } from '@jest/globals';
import { openForWriting } from '../../../src/adapters/embedded/database-file.js';
import { EmbeddedEventLog } from '../../../src/adapters/embedded/event-log.js';
import { eventsFile } from '../../../src/adapters/embedded/file-kinds.js';
import { GroupCommit } from '../../../src/adapters/embedded/group-commit.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { someEvent, upTo } from '../../contracts/some-events.js';

const openLog = () => {
  const database = openForWriting(':memory:', eventsFile);
  const commits: number[] = [];
  const position = database.prepare<[], number>('SELECT max(position) FROM events').pluck();
  const log = new EmbeddedEventLog('log', database, () => commits.push(position.get() ?? 0));
  return { database, commits, log };
};

describe('appends that arrive together', () => {
  it('are committed together, and announced once', async () => {
    const { log, commits, database } = openLog();
    await Promise.all(upTo(100).map((n) => log.append(`payment-${n}`, [someEvent()], 'none')));
    expect(commits).toEqual([100]);
    expect(database.prepare('SELECT first, last FROM event_groups').all()).toEqual([{ first: 1, last: 100 }]);
  });

  it('are not announced when nothing was written', async () => {
    const { log, commits } = openLog();
    await log.append('payment-1', [someEvent()], 'none');
    await Promise.all(upTo(10).map(() => log.append('payment-1', [someEvent()], 'none')));
    expect(commits).toEqual([1]);
  });

  it('are all refused when their commit fails, leave nothing, and hold nobody up who comes later', async () => {
    const { log, commits, database } = openLog();
    await log.append('payment-1', [someEvent()], 'none');
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages + 5}`);
    const large = { text: 'x'.repeat(10_000) };
    const results = await Promise.allSettled([
      log.append('payment-1', [someEvent()], 0),
      ...upTo(10).map((n) => log.append(`payment-new-${n}`, [someEvent(large)], 'none')),
    ]);
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailable);
    }
    expect(await log.read('payment-1')).toHaveLength(1);
    expect(await log.read('payment-new-0')).toEqual([]);
    expect(commits).toEqual([1]);

    database.pragma('max_page_count = 1000000');
    const later = [log.append('payment-1', [someEvent()], 0), log.append('payment-new-0', [someEvent()], 'none')];
    expect(await Promise.all(later)).toEqual([
      { type: 'appended', revision: 1, position: '0000000000000002' },
      { type: 'appended', revision: 0, position: '0000000000000003' },
    ]);
  });
});

describe('work that arrives together', () => {
  it('is refused alone when it refuses itself', async () => {
    const database = openForWriting(':memory:', eventsFile);
    const group = new GroupCommit(database);
    const refuse = (): never => {
      throw new RangeError('not this one');
    };
    const results = await Promise.allSettled([group.run(() => 1), group.run(refuse), group.run(() => 3)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('is all refused when the commit itself fails, whatever its own outcome was', async () => {
    const database = openForWriting(':memory:', eventsFile);
    database.pragma('foreign_keys = ON');
    database.exec(`
      CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)`);
    const group = new GroupCommit(database);
    const [insertParent, insertOrphan] = ['INSERT INTO parents VALUES (1)', 'INSERT INTO children VALUES (7)'].map(
      (sql) => () => database.exec(sql),
    );
    const results = await Promise.allSettled([insertParent, insertOrphan].map((work) => group.run(() => work?.())));
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailable);
    }
    expect(database.prepare('SELECT count(*) FROM parents').pluck().get()).toBe(0);
    expect(await group.run(() => 'later')).toBe('later');
  });
});
