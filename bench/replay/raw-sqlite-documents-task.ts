import Database from 'better-sqlite3';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { answerTask } from '../processes/task.js';
import type { RawDocuments, RawDocumentsTask } from './raw-tasks.js';

type Value = string | number | Buffer;
type Row = [rowid: number, ...Value[]];
type Element = [field: string, value: string, document: number];

const rowsAtOnce = 1_000;
const documents = '"documents of payments"';
const elements = '"elements of payments"';

/**
 * The least that anybody must do to keep these documents in SQLite: put each finished row once into the same tables, and then make the
 * same indexes. Documents per second; reading them from where they are is not counted.
 */
const rawDocuments = ({ place, into }: RawDocumentsTask): RawDocuments => {
  const source = new Database(join(place.dataDir, 'documents.db'), { readonly: true });
  const target = new Database(join(into.dataDir, 'documents.db'));
  target.pragma('page_size = 8192');
  target.pragma('journal_mode = WAL');
  target.pragma('synchronous = NORMAL');
  const made = source
    .prepare<[string], string>(
      "SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name LIKE '% of payments' AND sql IS NOT NULL",
    ) // prettier-ignore
    .pluck();
  for (const sql of made.all('table')) target.exec(sql);
  const [count, copyMs] = copiedRows(source, target);
  const elementsMs = copiedElements(source, target);
  const startedAt = performance.now();
  for (const sql of made.all('index')) target.exec(sql);
  const indexMs = performance.now() - startedAt;
  source.close();
  target.close();
  return { count, perSecond: count / ((copyMs + elementsMs + indexMs) / 1_000) };
};

const copiedRows = (source: Database.Database, target: Database.Database): [count: number, ms: number] => {
  const next = source
    .prepare<[number, number], Row>(`SELECT rowid, * FROM ${documents} WHERE rowid > ? ORDER BY rowid LIMIT ?`)
    .raw();
  const columns = next.columns().length - 1;
  const add = target.prepare<Value[]>(`INSERT INTO ${documents} VALUES (${Array(columns).fill('?').join(', ')})`);
  const write = target.transaction((rows: readonly Row[]) => {
    for (const [, ...values] of rows) add.run(...values);
  });
  let [count, ms] = [0, 0];
  for (let rows = next.all(0, rowsAtOnce); rows.length > 0; rows = next.all(rows.at(-1)?.[0] ?? 0, rowsAtOnce)) {
    ms += msOf(() => write(rows));
    count += rows.length;
  }
  return [count, ms];
};

/** In the order of their table. */
const copiedElements = (source: Database.Database, target: Database.Database): number => {
  const next = source
    .prepare<[string, string, number, number], Element>(
      `SELECT field, value, document FROM ${elements} WHERE (field, value, document) > (?, ?, ?)
       ORDER BY field, value, document LIMIT ?`,
    )
    .raw();
  const add = target.prepare<Element>(`INSERT INTO ${elements} VALUES (?, ?, ?)`);
  const write = target.transaction((found: readonly Element[]) => {
    for (const element of found) add.run(...element);
  });
  let ms = 0;
  let last: Element = ['', '', 0];
  for (let found = next.all(...last, rowsAtOnce); found.length > 0; found = next.all(...last, rowsAtOnce)) {
    const batch = found;
    ms += msOf(() => write(batch));
    last = batch.at(-1) ?? last;
  }
  return ms;
};

const msOf = (work: () => void): number => {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
};

await answerTask((task: RawDocumentsTask) => Promise.resolve(rawDocuments(task)));
