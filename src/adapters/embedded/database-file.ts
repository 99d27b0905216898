import Database from 'better-sqlite3';
import { DataFolderRefused } from './data-folder-refused.js';
import type { FileKind } from './file-kinds.js';
import { messageOf, sqliteCode } from './sqlite-errors.js';

/** Pages in the write-ahead log before they are moved into the file: with twice as many, moving them takes over 10 ms at a time. */
const walPagesMax = 2_000;

/**
 * Opens one of our files for writing, makes it when it is new, and brings it to the present schema version.
 * @throws DataFolderRefused when it is damaged, not ours, or made by a newer release
 */
export const openForWriting = (path: string, kind: FileKind): Database.Database =>
  opened(path, kind, {}, (database) => {
    database.pragma(`page_size = ${kind.pageBytes}`);
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${kind.synchronous}`);
    database.pragma(`wal_autocheckpoint = ${walPagesMax}`);
    // References say what belongs to what; looking each of them up costs a tenth of the appends.
    database.pragma('foreign_keys = OFF');
    if (kind.secureDelete) database.pragma('secure_delete = ON');
    if (schemaVersion(database) < kind.migrations.length) migrate(database, kind);
  });

/**
 * Opens one of our files beside the process that writes it.
 * @throws DataFolderRefused also when it is missing or of an older schema version
 */
export const openForReading = (path: string, kind: FileKind): Database.Database =>
  opened(path, kind, { readonly: true, fileMustExist: true }, (database) => {
    const version = schemaVersion(database);
    if (version < kind.migrations.length) {
      throw new DataFolderRefused(
        `${path} is of schema version ${version}: start the service once, it brings it up to date`,
      );
    }
  });

/** Runs `use`, and puts what SQLite complains about into words. */
export const explained = <T>(path: string, kind: FileKind, use: () => T): T => {
  try {
    return use();
  } catch (error) {
    throw error instanceof DataFolderRefused
      ? error
      : new DataFolderRefused(explain(path, kind, error), { cause: error });
  }
};

const opened = (
  path: string,
  kind: FileKind,
  options: Database.Options,
  prepare: (database: Database.Database) => void,
): Database.Database => {
  const database = explained(path, kind, () => new Database(path, { timeout: 2_000, ...options }));
  try {
    explained(path, kind, () => {
      // Before anything is written: a file that is not ours stays as it is.
      refuseForeign(path, database, kind);
      prepare(database);
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

const refuseForeign = (path: string, database: Database.Database, kind: FileKind): void => {
  if (isEmpty(database)) return;
  if (database.pragma('application_id', { simple: true }) !== kind.applicationId) {
    throw new DataFolderRefused(`${path} is no ${kind.name} of this service: move it away, or choose another DATA_DIR`);
  }
  const version = schemaVersion(database);
  if (version > kind.migrations.length) {
    throw new DataFolderRefused(
      `${path} was written by a newer release (schema version ${version}, this one knows ${kind.migrations.length}): start that release`,
    );
  }
};

const migrate = (database: Database.Database, kind: FileKind): void => {
  database
    .transaction(() => {
      for (const migration of kind.migrations.slice(schemaVersion(database))) migration(database);
      database.pragma(`application_id = ${kind.applicationId}`);
      database.pragma(`user_version = ${kind.migrations.length}`);
    })
    .immediate();
};

const isEmpty = (database: Database.Database): boolean =>
  database.prepare<[], number>('SELECT count(*) FROM sqlite_master').pluck().get() === 0;

const schemaVersion = (database: Database.Database): number =>
  Number(database.pragma('user_version', { simple: true }));

const explain = (path: string, kind: FileKind, error: unknown): string => {
  const code = sqliteCode(error) ?? '';
  const reason = messageOf(error);
  if (code === 'SQLITE_NOTADB') return `${path} is not a database, or its beginning is damaged: ${kind.advice}`;
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR'))
    return `${path} is damaged (${reason}): ${kind.advice}`;
  if (code === 'SQLITE_BUSY') return `${path} is in use by another program: stop it, or choose another DATA_DIR`;
  if (code === 'SQLITE_FULL') return `${path} cannot be written, the disk is full: make room`;
  return `${path} cannot be opened (${reason}): look at the rights of the file and its folder`;
};
