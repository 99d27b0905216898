import type Database from 'better-sqlite3';
import type { CollectionDeclaration, PackedDocument } from '../../application/ports/documents.js';
import { indexStatements, ownColumns, schemaOf, typeOf } from './document-schema.js';
import type { CollectionSchema } from './document-schema.js';
import { columnValue, elementsOf } from './document-values.js';
import type { ColumnValue } from './document-values.js';

/**
 * Fills a collection anew. Keeping up six indexes row by row is five sixths of a rebuild's writing, so the rows go into tables
 * without any, beside the collection's own, which stand empty with their indexes meanwhile; at the end they change places in the
 * transaction that makes the indexes. So nobody ever asks a table without its indexes, and what a crash leaves is thrown away by the
 * next load or `clear`. Each method must be called in a transaction; they are far apart, since documents come in slowly.
 */
export class DocumentLoad {
  private readonly schema: CollectionSchema;
  private readonly statements: ReturnType<typeof prepareStatements>;
  private loaded = 0;

  /** What stood in the collection is gone from here on. */
  constructor(
    private readonly database: Database.Database,
    private readonly declaration: CollectionDeclaration,
  ) {
    this.schema = schemaOf(declaration);
    const { table, elements, loading, loadingElements, columns } = this.schema;
    dropLoading(database, this.schema);
    database.exec(`
      DELETE FROM ${table};
      DELETE FROM ${elements};
      CREATE TABLE ${loading} (${[ownColumns, ...columns.map((column) => `${column.name} ${typeOf(column)}`)].join(', ')});
      CREATE TABLE ${loadingElements} (field TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL)`);
    this.statements = prepareStatements(database, this.schema);
  }

  add(batch: readonly PackedDocument[]): void {
    for (const { id, revision, text, fields } of batch) {
      this.loaded += 1;
      const values = fields.map(columnValue);
      this.statements.add.run(this.loaded, id, revision, text, ...values);
      this.addElements(this.loaded, values);
    }
  }

  end(): void {
    const { table, elements, loading, loadingElements } = this.schema;
    this.database.exec(`
      DROP TABLE ${table};
      ALTER TABLE ${loading} RENAME TO ${table};
      ${[...indexStatements(this.declaration, this.schema).values()].join(';\n')};
      DELETE FROM ${elements};
      INSERT INTO ${elements} SELECT field, value, document FROM ${loadingElements} ORDER BY field, value, document;
      DROP TABLE ${loadingElements}`);
  }

  private addElements(document: number, values: readonly ColumnValue[]): void {
    this.schema.columns.forEach(({ field, holdsArray }, n) => {
      const value = values[n];
      if (!holdsArray || value === undefined) return;
      for (const element of elementsOf(value)) this.statements.addElement.run(field, element, document);
    });
  }
}

/** What a load that never ended has left. */
export const dropLoading = (database: Database.Database, { loading, loadingElements }: CollectionSchema): void =>
  void database.exec(`DROP TABLE IF EXISTS ${loading}; DROP TABLE IF EXISTS ${loadingElements}`);

const prepareStatements = (database: Database.Database, { loading, loadingElements, columns }: CollectionSchema) => {
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const placeholders = columns.map(() => ', ?').join('');
  return {
    add: database.prepare<[number, string, number, string, ...ColumnValue[]]>(
      `INSERT INTO ${loading} (rowid, _id, _revision, _document${names}) VALUES (?, ?, ?, ?${placeholders})`,
    ),
    addElement: database.prepare<[string, string, number]>(`INSERT INTO ${loadingElements} VALUES (?, ?, ?)`),
  };
};
