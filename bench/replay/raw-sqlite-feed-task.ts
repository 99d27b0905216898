import Database from 'better-sqlite3';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { answerTask } from '../processes/task.js';
import type { RawFeed, RawFeedTask } from './raw-tasks.js';

type Row = [position: number, data: string, metadata: string];

const rowsAtOnce = 2_000;

/** The least that anybody must do who reads a log in SQLite: fetch each row, in order, and parse its JSON. Events per second. */
const rawFeed = ({ place }: RawFeedTask): RawFeed => {
  const database = new Database(join(place.dataDir, 'events.db'), { readonly: true });
  const select = database
    .prepare<[number, number], Row>(
      'SELECT position, data, metadata FROM events WHERE position > ? ORDER BY position LIMIT ?',
    )
    .raw();
  const startedAt = performance.now();
  let events = 0;
  for (let rows = select.all(0, rowsAtOnce); rows.length > 0; rows = select.all(rows.at(-1)?.[0] ?? 0, rowsAtOnce)) {
    for (const [, data, metadata] of rows) {
      JSON.parse(data);
      JSON.parse(metadata);
    }
    events += rows.length;
  }
  database.close();
  return { perSecond: events / ((performance.now() - startedAt) / 1_000) };
};

await answerTask((task: RawFeedTask) => Promise.resolve(rawFeed(task)));
