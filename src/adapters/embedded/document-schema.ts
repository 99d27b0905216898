import type Database from 'better-sqlite3';
import { arrayFields } from '../../application/documents/declared-query.js';
import { declaredFields, fieldReader } from '../../application/packing/declared-fields.js';
import { indexedFields } from '../../application/documents/indexed-fields.js';
import type { CollectionDeclaration, FieldPath } from '../../application/ports/documents.js';
import type { JsonObject } from '../../domain/json.js';
import { columnValue, elementsOf } from './document-values.js';

/**
 * How a collection lies in SQLite: a table with the document as JSON text (once), its revision, and a column for each field that
 * an index or a shape names; for fields with arrays of strings, a second table with their elements.
 */
export interface CollectionSchema {
  /** Quoted, ready for SQL. */
  readonly table: string;
  readonly elements: string;
  /** Where a load gathers what will stand in the two (document-load.ts). */
  readonly loading: string;
  readonly loadingElements: string;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly field: FieldPath;
  /** Quoted, ready for SQL. */
  readonly name: string;
  readonly holdsArray: boolean;
  readonly read: (document: JsonObject) => ReturnType<typeof columnValue>;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const indexName = (collection: string, index: string): string => quoted(`${collection}.${index}`);

export const schemaOf = (collection: CollectionDeclaration): CollectionSchema => {
  const arrays = arrayFields(collection);
  return {
    table: quoted(tableName(collection)),
    elements: quoted(`elements of ${collection.name}`),
    loading: quoted(`loading documents of ${collection.name}`),
    loadingElements: quoted(`loading elements of ${collection.name}`),
    columns: declaredFields(collection).map((field) => column(field, arrays.includes(field))),
  };
};

/** Makes what is declared and not there yet; removes what is no longer declared. Documents stay, whatever changes around them. */
export const ensureSchema = (database: Database.Database, collection: CollectionDeclaration): void =>
  database
    .transaction(() => {
      const schema = schemaOf(collection);
      createTables(database, schema);
      const wanted = indexStatements(collection, schema);
      dropIndexes(database, collection, wanted);
      fill(database, schema, alterColumns(database, collection, schema));
      for (const [name, sql] of wanted) if (!existingIndexes(database, collection).has(name)) database.exec(sql);
    })
    .immediate();

export const isMade = (database: Database.Database, collection: CollectionDeclaration): boolean =>
  database
    .prepare<[string]>("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
    .get(tableName(collection)) !== undefined;

const tableName = ({ name }: CollectionDeclaration): string => `documents of ${name}`;

const column = (field: FieldPath, holdsArray: boolean): Column => {
  const read = fieldReader(field);
  return { field, name: quoted(field), holdsArray, read: (document) => columnValue(read(document)) };
};

/** Neither type converts what is put in; the second tells that the elements are kept as well. */
export const typeOf = ({ holdsArray }: Column): string => (holdsArray ? 'ARRAY BLOB' : 'BLOB');

/** The id is in an index that is made like the others: a load makes it when all documents are there. */
export const ownColumns = '_id TEXT NOT NULL, _revision INTEGER NOT NULL, _document TEXT NOT NULL';

const createTables = (database: Database.Database, { table, elements }: CollectionSchema): void => {
  database.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (${ownColumns});
    CREATE TABLE IF NOT EXISTS ${elements} (
      field TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (field, value, document)
    ) WITHOUT ROWID`);
};

const byId = { name: '_id', fields: [{ field: '_id', order: 'asc' }], unique: true } as const;

/** By the name of the index. */
export const indexStatements = (
  collection: CollectionDeclaration,
  { table }: CollectionSchema,
): ReadonlyMap<string, string> =>
  new Map(
    [byId, ...collection.indexes.filter(({ eachElement }) => !eachElement)].map((index) => {
      const columns = indexedFields(collection, index).map(({ field, order }) => `${quoted(field)} ${order}`);
      const name = indexName(collection.name, index.name);
      return [
        `${collection.name}.${index.name}`,
        `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} (${columns.join(', ')})`,
      ];
    }),
  );

const existingIndexes = (database: Database.Database, collection: CollectionDeclaration): ReadonlyMap<string, string> =>
  new Map(
    database
      .prepare<[string], [string, string]>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
      )
      .raw()
      .all(tableName(collection)),
  );

const dropIndexes = (
  database: Database.Database,
  collection: CollectionDeclaration,
  wanted: ReadonlyMap<string, string>,
): void => {
  for (const [name, sql] of existingIndexes(database, collection)) {
    if (wanted.get(name) !== sql) database.exec(`DROP INDEX ${quoted(name)}`);
  }
};

/** Answers the columns that are new and have yet to be filled. */
const alterColumns = (
  database: Database.Database,
  collection: CollectionDeclaration,
  { table, elements, columns }: CollectionSchema,
) => {
  const present = new Map(
    database
      .prepare<[string], [string, string]>(
        "SELECT name, type FROM pragma_table_info(?) WHERE name NOT IN ('_id', '_revision', '_document')",
      )
      .raw()
      .all(tableName(collection)),
  );
  const wanted = new Map(columns.map((one) => [one.field, one]));
  for (const [name, type] of present) {
    const still = wanted.get(name);
    if (still !== undefined && typeOf(still) === type) continue;
    database.exec(`ALTER TABLE ${table} DROP COLUMN ${quoted(name)}`);
    database.prepare<[string]>(`DELETE FROM ${elements} WHERE field = ?`).run(name);
    present.delete(name);
  }
  const added = columns.filter(({ field }) => !present.has(field));
  for (const one of added) database.exec(`ALTER TABLE ${table} ADD COLUMN ${one.name} ${typeOf(one)}`);
  return added;
};

const rowsAtOnce = 1_000;

const fill = (database: Database.Database, { table, elements }: CollectionSchema, added: readonly Column[]): void => {
  if (added.length === 0) return;
  const next = database
    .prepare<[number, number], [rowid: number, document: string]>(
      `SELECT rowid, _document FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .raw();
  const update = database.prepare(
    `UPDATE ${table} SET ${added.map(({ name }) => `${name} = ?`).join(', ')} WHERE rowid = ?`,
  );
  const addElement = database.prepare<[string, string, number]>(`INSERT OR IGNORE INTO ${elements} VALUES (?, ?, ?)`);
  for (let rows = next.all(0, rowsAtOnce); rows.length > 0; rows = next.all(rows.at(-1)?.[0] ?? 0, rowsAtOnce)) {
    for (const [rowid, text] of rows) {
      const document = JSON.parse(text) as JsonObject;
      update.run(...added.map(({ read }) => read(document)), rowid);
      for (const { field, holdsArray, read } of added) {
        if (holdsArray) for (const element of elementsOf(read(document))) addElement.run(field, element, rowid);
      }
    }
  }
};
