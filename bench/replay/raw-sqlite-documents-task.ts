import Database from 'better-sqlite3';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { answerTask } from '../processes/task.js';
import type { RawDocuments, RawDocumentsTask } from './raw-tasks.js';

type Value = string | number | Buffer;
type Row = [rowid: number, ...Value[]];

const rowsAtOnce = 1_000;
const documents = '"documents of payments"';
const elements = '"elements of payments"';

/**
 * The least that anybody must do to keep these documents in SQLite: put each finished row once into the same tables with the
 * same indexes. Documents per second; reading them from where they are is not counted.
 */
const rawDocuments = ({ place, into }: RawDocumentsTask): RawDocuments => {
  const source = new Database(join(place.dataDir, 'documents.db'), { readonly: true });
  const target = new Database(join(into.dataDir, 'documents.db'));
  target.pragma('journal_mode = WAL');
  target.pragma('synchronous = NORMAL');
  const made = source
    .prepare<[], string>("SELECT sql FROM sqlite_master WHERE tbl_name LIKE '% of payments' AND sql IS NOT NULL")
    .pluck();
  for (const sql of made.all()) target.exec(sql);
  const [count, ms] = copied(source, target);
  source.close();
  target.close();
  return { count, perSecond: count / (ms / 1_000) };
};

const copied = (source: Database.Database, target: Database.Database): [count: number, ms: number] => {
  const next = source
    .prepare<[number, number], Row>(`SELECT rowid, * FROM ${documents} WHERE rowid > ? ORDER BY rowid LIMIT ?`)
    .raw();
  const ofDocument = source
    .prepare<[number, number], [string, string, number]>(
      `SELECT e.field, e.value, e.document FROM ${documents} d CROSS JOIN json_each(d.search) s
       CROSS JOIN ${elements} e ON e.field = 'search' AND e.value = s.value AND e.document = d.rowid
       WHERE d.rowid BETWEEN ? AND ?`,
    )
    .raw();
  const columns = next.columns().length - 1;
  const add = target.prepare<Value[]>(`INSERT INTO ${documents} VALUES (${Array(columns).fill('?').join(', ')})`);
  const addElement = target.prepare<[string, string, number]>(`INSERT INTO ${elements} VALUES (?, ?, ?)`);
  const write = target.transaction((rows: readonly Row[], found: readonly [string, string, number][]) => {
    for (const [, ...values] of rows) add.run(...values);
    for (const element of found) addElement.run(...element);
  });
  let [count, ms] = [0, 0];
  for (let rows = next.all(0, rowsAtOnce); rows.length > 0; rows = next.all(rows.at(-1)?.[0] ?? 0, rowsAtOnce)) {
    const found = ofDocument.all(rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0);
    const startedAt = performance.now();
    write(rows, found);
    ms += performance.now() - startedAt;
    count += rows.length;
  }
  return [count, ms];
};

await answerTask((task: RawDocumentsTask) => Promise.resolve(rawDocuments(task)));
