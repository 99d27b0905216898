import type Database from 'better-sqlite3';
import type {
  CollectionDeclaration,
  DocumentQuery,
  Documents,
  PackedDocument,
  StoredDocument,
} from '../../application/ports/documents.js';
import { DocumentLoad } from './document-load.js';
import { ensureSchema, isMade } from './document-schema.js';
import { DocumentTable } from './document-table.js';
import type { GroupCommit } from './group-commit.js';
import { readFrom } from './reading.js';

/**
 * A table for each collection, made or altered when the collection is first used. In `documents.db` each call is done when it
 * returns and nothing waits for a disk, since after a power cut the documents are folded again from their checkpoint.
 */
export class EmbeddedDocuments implements Documents {
  private readonly tables = new Map<string, DocumentTable>();

  /** @param group where each change must be durable when it resolves, those that arrive together share one wait for the disk */
  constructor(
    private readonly database: Database.Database,
    private readonly group?: GroupCommit,
  ) {}

  get(collection: CollectionDeclaration, id: string): Promise<StoredDocument | undefined> {
    return this.read(collection, undefined, (table) => table.get(id));
  }

  getMany(collection: CollectionDeclaration, ids: readonly string[]): Promise<readonly StoredDocument[]> {
    return this.read(collection, [], (table) => table.getMany(ids));
  }

  find<Shapes extends string>(
    collection: CollectionDeclaration<Shapes>,
    query: DocumentQuery<Shapes>,
  ): Promise<readonly StoredDocument[]> {
    return this.read(collection, [], (table) => table.find(query));
  }

  write(collection: CollectionDeclaration, batch: readonly StoredDocument[]): Promise<void> {
    return this.change(collection, (table) => {
      const duplicates = table.write(batch);
      return () => {
        if (duplicates[0] !== undefined) throw duplicates[0];
      };
    });
  }

  insertIfAbsent(collection: CollectionDeclaration, document: StoredDocument): Promise<boolean> {
    return this.change(collection, (table) => {
      const inserted = table.insertIfAbsent(document);
      return () => inserted;
    });
  }

  replace(collection: CollectionDeclaration, document: StoredDocument, seen: number): Promise<boolean> {
    return this.change(collection, (table) => {
      const replaced = table.replaceSeen(document, seen);
      return () => replaced;
    });
  }

  clear(collection: CollectionDeclaration): Promise<void> {
    return this.change(collection, (table) => {
      table.clear();
      return () => undefined;
    });
  }

  async replaceAll(
    collection: CollectionDeclaration,
    batches: AsyncIterable<readonly PackedDocument[]>,
  ): Promise<void> {
    this.table(collection).beginAnew();
    const load = await this.inTransaction(() => new DocumentLoad(this.database, collection));
    for await (const batch of batches) await this.inTransaction(() => load.add(batch));
    await this.inTransaction(() => load.end());
    // Its statements were made for the tables that are gone.
    this.tables.delete(collection.name);
  }

  /** Beside a running service nothing is made; a collection that the service has not used yet has nothing in it. */
  private read<T>(collection: CollectionDeclaration, nothing: T, read: (table: DocumentTable) => T): Promise<T> {
    const { database } = this;
    return readFrom(database, () =>
      database.readonly && !isMade(database, collection) ? nothing : read(this.table(collection)),
    );
  }

  private inTransaction<T>(work: () => T): Promise<T> {
    return readFrom(this.database, () => this.database.transaction(work).immediate());
  }

  private async change<T>(collection: CollectionDeclaration, change: (table: DocumentTable) => () => T): Promise<T> {
    if (this.group) {
      const table = this.table(collection);
      return (await this.group.run(() => change(table)))();
    }
    return readFrom(this.database, () => {
      const table = this.table(collection);
      return this.database.transaction(() => change(table)).immediate()();
    });
  }

  private table(declaration: CollectionDeclaration): DocumentTable {
    const known = this.tables.get(declaration.name);
    if (known?.declaration === declaration) return known;
    if (!this.database.readonly) ensureSchema(this.database, declaration);
    const made = new DocumentTable(this.database, declaration);
    this.tables.set(declaration.name, made);
    return made;
  }
}
