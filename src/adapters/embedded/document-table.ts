import type Database from 'better-sqlite3';
import { AskedTwice } from '../../application/caching/asked-twice.js';
import { DuplicateKey } from '../../application/ports/documents.js';
import type {
  CollectionDeclaration,
  DocumentQuery,
  FieldPath,
  StoredDocument,
} from '../../application/ports/documents.js';
import type { JsonObject } from '../../domain/json.js';
import { dropLoading } from './document-load.js';
import { toSql } from './document-query.js';
import { schemaOf } from './document-schema.js';
import type { CollectionSchema, Column } from './document-schema.js';
import { elementsOf, nothing, sameValue } from './document-values.js';
import type { ColumnValue } from './document-values.js';
import { preparedOnce } from './prepared-statements.js';
import { sqliteCode } from './sqlite-errors.js';

type DocumentRow = [id: string, revision: number, document: string];

/** A payment's document takes about 7 KB when it is parsed. */
const recentMax = 10_000;

/** What a document is found by, beginning or ceasing to be so. */
interface ElementMove {
  readonly field: FieldPath;
  readonly element: string;
  readonly document: number;
  readonly to: 'add' | 'remove';
}

/** One collection, ready for use; its schema is in place (document-schema.ts). What writes must be called in a transaction. */
export class DocumentTable {
  private readonly schema: CollectionSchema;
  private readonly statements: ReturnType<typeof prepareStatements>;
  /**
   * Neither read nor parsed again. Whoever changes a document forgets it here in the same turn of the event loop, so what is kept is
   * what is stored.
   */
  private readonly recent = new AskedTwice<StoredDocument>(recentMax);

  constructor(
    private readonly database: Database.Database,
    readonly declaration: CollectionDeclaration,
  ) {
    this.schema = schemaOf(declaration);
    this.statements = prepareStatements(database, this.schema);
  }

  get(id: string): StoredDocument | undefined {
    const known = this.recent.get(id);
    if (known) return known;
    const row = this.statements.get.get(id);
    const found = row && toDocument(row);
    // What another process writes would not be forgotten here.
    if (found && !this.database.readonly) this.recent.offer(id, found);
    return found;
  }

  getMany(ids: readonly string[]): readonly StoredDocument[] {
    return this.statements.getMany.all(JSON.stringify(ids)).map(toDocument);
  }

  find(query: DocumentQuery): readonly StoredDocument[] {
    const { sql, values } = toSql(this.declaration, this.schema, query);
    return this.statements
      .find(sql)
      .all(...values)
      .map(toDocument);
  }

  /** Answers those that could not be written; they are as they were. */
  write(batch: readonly StoredDocument[]): readonly DuplicateKey[] {
    const moves: ElementMove[] = [];
    const duplicates = batch.flatMap((stored) => duplicateIn(() => moves.push(...this.writeOne(stored))));
    this.moveElements(moves);
    return duplicates;
  }

  /** @throws DuplicateKey; the document is then not there */
  insertIfAbsent(stored: StoredDocument): boolean {
    if (this.statements.before.get(stored.id) !== undefined) return false;
    this.moveElements(this.insert(stored));
    return true;
  }

  /** @throws DuplicateKey; the document is then as it was */
  replaceSeen(stored: StoredDocument, seen: number): boolean {
    const before = this.statements.before.get(stored.id);
    if (before === undefined) return false;
    const [rowid, revision, ...values] = before;
    if (revision !== seen) return false;
    this.moveElements(this.replace(rowid, values, stored));
    return true;
  }

  /** Everything in it is about to be replaced, past this table. */
  beginAnew(): void {
    this.recent.clear();
  }

  clear(): void {
    this.recent.clear();
    dropLoading(this.database, this.schema);
    this.statements.clear.run();
    this.statements.clearElements.run();
  }

  private writeOne(stored: StoredDocument): readonly ElementMove[] {
    const before = this.statements.before.get(stored.id);
    if (before === undefined) return this.insert(stored);
    const [rowid, revision, ...values] = before;
    return revision < stored.revision ? this.replace(rowid, values, stored) : [];
  }

  private insert({ id, revision, document }: StoredDocument): readonly ElementMove[] {
    const values = this.schema.columns.map(({ read }) => read(document));
    const rowid = this.unlessDuplicate(id, () =>
      Number(this.statements.insert.run(id, revision, JSON.stringify(document), ...values).lastInsertRowid),
    );
    return this.schema.columns.flatMap((column, n) => movesOf(column, rowid, nothing, values[n] ?? nothing));
  }

  /** Most events leave most indexed fields alone: only the columns that differ are set, so only their indexes are touched. */
  private replace(
    rowid: number,
    before: readonly ColumnValue[],
    { id, revision, document }: StoredDocument,
  ): readonly ElementMove[] {
    const changes = this.schema.columns
      .map((column, n) => ({ column, before: before[n] ?? nothing, after: column.read(document) }))
      .filter((change) => !sameValue(change.before, change.after));
    this.recent.forget(id);
    const update = this.statements.update(changes.map(({ column }) => `, ${column.name} = ?`).join(''));
    const values = changes.map(({ after }) => after);
    this.unlessDuplicate(id, () => update.run(revision, JSON.stringify(document), ...values, rowid));
    return changes.flatMap((change) => movesOf(change.column, rowid, change.before, change.after));
  }

  /** In the order of their index, so that a batch touches each of its pages once; a fifth of a rebuild's writing. */
  private moveElements(moves: readonly ElementMove[]): void {
    const { addElement, removeElement } = this.statements;
    for (const { field, element, document, to } of [...moves].sort(byElement))
      (to === 'add' ? addElement : removeElement).run(field, element, document);
  }

  private unlessDuplicate<T>(id: string, write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
      throw new DuplicateKey(this.declaration.name, id);
    }
  }
}

const duplicateIn = (write: () => void): readonly DuplicateKey[] => {
  try {
    write();
    return [];
  } catch (error) {
    if (error instanceof DuplicateKey) return [error];
    throw error;
  }
};

const movesOf = (
  { field, holdsArray }: Column,
  document: number,
  before: ColumnValue,
  after: ColumnValue,
): readonly ElementMove[] => {
  if (!holdsArray) return [];
  const [old, now] = [elementsOf(before), elementsOf(after)];
  return [
    ...old
      .filter((element) => !now.includes(element))
      .map((element) => ({ field, element, document, to: 'remove' as const })),
    ...now
      .filter((element) => !old.includes(element))
      .map((element) => ({ field, element, document, to: 'add' as const })),
  ];
};

/** Stable, so that what is added and removed again in one batch stays in this order. */
const byElement = (one: ElementMove, other: ElementMove): number => {
  if (one.element !== other.element) return one.element < other.element ? -1 : 1;
  return 0;
};

const toDocument = ([id, revision, document]: DocumentRow): StoredDocument => ({
  id,
  revision,
  document: JSON.parse(document) as JsonObject,
});

const prepareStatements = (database: Database.Database, { table, elements, columns }: CollectionSchema) => {
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const placeholders = columns.map(() => ', ?').join('');
  return {
    get: database.prepare<[string], DocumentRow>(`SELECT _id, _revision, _document FROM ${table} WHERE _id = ?`).raw(),
    getMany: database
      .prepare<[string], DocumentRow>(
        `SELECT _id, _revision, _document FROM ${table} WHERE _id IN (SELECT value FROM json_each(?))`,
      )
      .raw(),
    find: preparedOnce((sql) => database.prepare<ColumnValue[], DocumentRow>(sql).raw()),
    before: database
      .prepare<[string], [rowid: number, revision: number, ...ColumnValue[]]>(
        `SELECT rowid, _revision${names} FROM ${table} WHERE _id = ?`,
      )
      .raw(),
    insert: database.prepare<[string, number, string, ...ColumnValue[]]>(
      `INSERT INTO ${table} (_id, _revision, _document${names}) VALUES (?, ?, ?${placeholders})`,
    ),
    update: preparedOnce((assignments) =>
      database.prepare<ColumnValue[]>(`UPDATE ${table} SET _revision = ?, _document = ?${assignments} WHERE rowid = ?`),
    ),
    addElement: database.prepare<[string, string, number]>(
      `INSERT INTO ${elements} (field, value, document) VALUES (?, ?, ?)`,
    ),
    removeElement: database.prepare<[string, string, number]>(
      `DELETE FROM ${elements} WHERE field = ? AND value = ? AND document = ?`,
    ),
    clear: database.prepare(`DELETE FROM ${table}`),
    clearElements: database.prepare(`DELETE FROM ${elements}`),
  };
};
