/**
 * The code of an error of SQLite, such as `SQLITE_BUSY`; undefined for any other error. Known by name, not by class: the native
 * module keeps the error class of who loaded it first, which under Jest is another test file's.
 */
export const sqliteCode = (error: unknown): string | undefined => (isSqliteError(error) ? error.code : undefined);

export const messageOf = (error: unknown): string =>
  error instanceof Error || isSqliteError(error) ? error.message : String(error);

interface SqliteError {
  readonly name: 'SqliteError';
  readonly code: string;
  readonly message: string;
}

const isSqliteError = (error: unknown): error is SqliteError =>
  typeof error === 'object' && error !== null && 'code' in error && 'name' in error && error.name === 'SqliteError';
