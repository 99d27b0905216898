import Database from 'better-sqlite3';

const applicationId = 0x6d747273;
const schemaVersion = 1;

/** A file that is not a simulator's memory, one of another version, or one that another simulator holds. */
export class UnusableDataFile extends Error {
  override readonly name = 'UnusableDataFile';
}

interface Change {
  readonly collection: string;
  readonly id: string;
  readonly value: unknown;
}

/** Values by id, whole and immutable: a change replaces the value. */
export class Collection<T> {
  constructor(
    private readonly values_: Map<string, T>,
    private readonly changed: (id: string, value: T | undefined) => void,
  ) {}

  get(id: string): T | undefined {
    return this.values_.get(id);
  }

  /** In the order in which they were first put. */
  values(): IterableIterator<T> {
    return this.values_.values();
  }

  entries(): IterableIterator<[string, T]> {
    return this.values_.entries();
  }

  get size(): number {
    return this.values_.size;
  }

  put(id: string, value: T): void {
    this.values_.set(id, value);
    this.changed(id, value);
  }

  delete(id: string): void {
    if (this.values_.delete(id)) this.changed(id, undefined);
  }
}

/**
 * The simulator's memory: everything is held as plain values and read from there; changes of one turn of the event
 * loop go to SQLite together. `saved()` resolves once they are committed, so an answer that waited for it survives a
 * kill -9 (not a power cut: WAL with synchronous=NORMAL, since nobody's money is in here).
 */
export class Store {
  private readonly maps = new Map<string, Map<string, unknown>>();
  private pending = new Map<string, Change>();
  private flush: Promise<void> | undefined;
  private closed = false;

  private constructor(private readonly disk: Disk | undefined) {}

  /** Remembers in `file`. Throws UnusableDataFile when it cannot. */
  static open(file: string): Store {
    const disk = new Disk(file);
    const store = new Store(disk);
    for (const { collection, id, value } of disk.load()) store.map(collection).set(id, value);
    return store;
  }

  static inMemory(): Store {
    return new Store(undefined);
  }

  /** `T` is believed, not checked: only this simulator, at this schema version, writes the file. */
  collection<T>(name: string): Collection<T> {
    return new Collection<T>(this.map(name) as Map<string, T>, (id, value) => this.note(name, id, value));
  }

  /** Resolves when all changes made so far are committed; at once when there are none. */
  saved(): Promise<void> {
    return this.flush ?? Promise.resolve();
  }

  forget(): void {
    for (const map of this.maps.values()) map.clear();
    this.pending.clear();
    this.disk?.clear();
  }

  close(): void {
    this.write();
    this.closed = true;
    this.disk?.close();
  }

  private map(name: string): Map<string, unknown> {
    const known = this.maps.get(name);
    if (known) return known;
    const fresh = new Map<string, unknown>();
    this.maps.set(name, fresh);
    return fresh;
  }

  private note(collection: string, id: string, value: unknown): void {
    if (!this.disk || this.closed) return;
    this.pending.set(`${collection}\u0000${id}`, { collection, id, value });
    this.flush ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          this.write();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  private write(): void {
    const changes = [...this.pending.values()];
    this.pending = new Map();
    this.flush = undefined;
    if (changes.length > 0) this.disk?.write(changes);
  }
}

interface Row {
  readonly collection: string;
  readonly id: string;
  readonly value: string;
}

class Disk {
  private readonly database: Database.Database;
  private readonly upsert: Database.Statement<[string, string, string]>;
  private readonly remove: Database.Statement<[string, string]>;
  readonly write: (changes: readonly Change[]) => void;

  constructor(file: string) {
    this.database = openDatabase(file);
    // An upsert keeps the rowid, so that values are loaded in the order in which they were first put.
    this.upsert = this.database.prepare(
      'INSERT INTO memory (collection, id, value) VALUES (?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET value = excluded.value',
    );
    this.remove = this.database.prepare('DELETE FROM memory WHERE collection = ? AND id = ?');
    this.write = this.database.transaction((changes: readonly Change[]) => {
      for (const { collection, id, value } of changes) {
        if (value === undefined) this.remove.run(collection, id);
        else this.upsert.run(collection, id, JSON.stringify(value));
      }
    });
  }

  *load(): Generator<Change> {
    const rows = this.database.prepare<[], Row>('SELECT collection, id, value FROM memory ORDER BY rowid').iterate();
    for (const { collection, id, value } of rows) yield { collection, id, value: JSON.parse(value) as unknown };
  }

  clear(): void {
    this.database.exec('DELETE FROM memory');
  }

  close(): void {
    this.database.close();
  }
}

const openDatabase = (file: string): Database.Database => {
  const database = new Database(file, { timeout: 500 });
  try {
    prepareDatabase(database);
    return database;
  } catch (error) {
    database.close();
    throw new UnusableDataFile(explain(file, error));
  }
};

const explain = (file: string, error: unknown): string => {
  if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')
    return `${file} is in use by another simulator: stop it, or choose another DATA_DIR`;
  const reason = error instanceof Error ? error.message : String(error);
  return `${file} is not the memory of this simulator (${reason}): move it away or delete it`;
};

const prepareDatabase = (database: Database.Database): void => {
  database.pragma('locking_mode = EXCLUSIVE');
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_master').pluck().get());
  if (tables > 0 && database.pragma('application_id', { simple: true }) !== applicationId)
    throw new Error('foreign file');
  if (tables > 0 && database.pragma('user_version', { simple: true }) !== schemaVersion)
    throw new Error('other version');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma(`application_id = ${applicationId}`);
  database.pragma(`user_version = ${schemaVersion}`);
  database.exec(
    'CREATE TABLE IF NOT EXISTS memory (collection TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (collection, id))',
  );
};
