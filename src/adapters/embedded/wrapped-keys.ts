import type Database from 'better-sqlite3';
import type { WrappedKey, WrappedKeys } from '../../application/ports/wrapped-keys.js';
import type { GroupCommit } from './group-commit.js';
import { readFrom } from './reading.js';

/** The key ring in `state.db`. A destroyed key leaves a row without a key. */
export class EmbeddedWrappedKeys implements WrappedKeys {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    private readonly database: Database.Database,
    private readonly group: GroupCommit,
  ) {
    this.statements = prepareStatements(database);
  }

  load(id: string): Promise<WrappedKey | 'destroyed' | undefined> {
    return readFrom(this.database, () => this.stored(id));
  }

  addIfAbsent(id: string, wrapped: WrappedKey): Promise<WrappedKey | 'destroyed'> {
    return this.group.run(() => {
      this.statements.add.run(id, wrapped);
      return this.stored(id) ?? wrapped;
    });
  }

  idsBetween(from: string, before: string, limit: number): Promise<readonly string[]> {
    return readFrom(this.database, () => this.statements.between.all(from, before, limit));
  }

  /** Its bytes are overwritten in the file (`secureDelete`, file-kinds.ts) and gone from the write-ahead log too. */
  async destroy(id: string): Promise<void> {
    await this.group.run(() => this.statements.destroy.run(id));
    await readFrom(this.database, () => this.database.pragma('wal_checkpoint(TRUNCATE)'));
  }

  private stored(id: string): WrappedKey | 'destroyed' | undefined {
    const row = this.statements.load.get(id);
    return row && (row.wrapped ?? 'destroyed');
  }
}

const prepareStatements = (database: Database.Database) => ({
  load: database.prepare<[string], { readonly wrapped: string | null }>(
    'SELECT wrapped FROM wrapped_keys WHERE id = ?',
  ),
  add: database.prepare<[string, string]>(
    'INSERT INTO wrapped_keys (id, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING',
  ),
  between: database
    .prepare<[string, string, number], string>(
      'SELECT id FROM wrapped_keys WHERE id >= ? AND id < ? AND wrapped IS NOT NULL ORDER BY id LIMIT ?',
    )
    .pluck(),
  destroy: database.prepare<[string]>(
    'INSERT INTO wrapped_keys (id, wrapped) VALUES (?, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL',
  ),
});
