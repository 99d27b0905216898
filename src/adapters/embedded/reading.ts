import type Database from 'better-sqlite3';
import { StoreUnavailable } from '../../application/ports/event-log.js';
import { messageOf, sqliteCode } from './sqlite-errors.js';

/** Answers as a promise; what SQLite throws becomes StoreUnavailable. */
export const readFrom = <T>(database: Database.Database, read: () => T): Promise<T> => {
  try {
    return Promise.resolve(read());
  } catch (error) {
    return Promise.reject(asUnavailable(database, error));
  }
};

/** better-sqlite3 tells a closed database by a TypeError. */
const asUnavailable = (database: Database.Database, error: unknown): Error => {
  if (sqliteCode(error) !== undefined || !database.open) {
    return new StoreUnavailable(`${database.name} could not be used`, error);
  }
  return error instanceof Error ? error : new StoreUnavailable(messageOf(error), error);
};
