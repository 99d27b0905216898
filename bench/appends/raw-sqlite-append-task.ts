import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SystemIds } from '../../src/adapters/system/system-ids.js';
import { answerTask } from '../processes/task.js';
import type { AppendTask } from './append-task.js';
import type { AppendResult } from './appending.js';
import { someEvents } from './some-event.js';

/**
 * The least that anybody must do to append durably: the same events in the same groups, each group one transaction, into one table
 * that keeps streams in order.
 */
const appended = ({ place, event, atOnce, forMs }: AppendTask): AppendResult => {
  mkdirSync(place.dataDir, { recursive: true });
  const database = new Database(join(place.dataDir, 'raw.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, type TEXT, data TEXT, metadata TEXT);
    CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)`);
  const insert = database.prepare<[string, number, string, string, string, string]>(
    'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const ids = new SystemIds();
  const appendGroup = database.transaction(() => {
    for (let n = 0; n < atOnce; n += 1) {
      const { id, type, data, metadata } = someEvents[event](ids.next());
      insert.run(`payment-${ids.next()}`, 0, id, type, JSON.stringify(data), JSON.stringify(metadata));
    }
  });
  const startedAt = performance.now();
  let groups = 0;
  for (; performance.now() - startedAt < forMs; groups += 1) appendGroup.immediate();
  const ms = performance.now() - startedAt;
  database.close();
  return { perSecond: (groups * atOnce) / (ms / 1_000), p50Ms: ms / groups };
};

await answerTask((task: AppendTask) => Promise.resolve(appended(task)));
