import Database from 'better-sqlite3';
import { join } from 'node:path';
import { inMemory } from './data-files.js';
import { DataFolderRefused } from './data-folder-refused.js';
import { makeFolder } from './make-folder.js';
import { messageOf, sqliteCode } from './sqlite-errors.js';

/**
 * A connection that nobody refers to any more is closed when its memory is collected, and its lock would go with it: whoever only
 * writes on, and has no use for the way to give the folder back, would share it with the next process that comes.
 */
const held = new Set<Database.Database>();

/**
 * Makes the folder where it is not there, and keeps every other process from writing in it until it is released or this process is
 * gone, by whatever death: it is a SQLite lock on `lock.db`, and the kernel drops it with the process. The file also names the
 * process, for the message only.
 * @throws DataFolderRefused when another process (or another part of this one) has it
 */
export const lockFolder = (folder: string): (() => void) => {
  if (folder === inMemory) return () => undefined;
  makeOrRefuse(folder);
  const path = join(folder, 'lock.db');
  const database = new Database(path, { timeout: 0 });
  try {
    noteHolder(database);
    // Reserves writing for as long as it stays open; others can still read who holds it.
    database.exec('BEGIN IMMEDIATE');
    held.add(database);
    return () => {
      held.delete(database);
      database.close();
    };
  } catch (error) {
    const message = explain(folder, path, database, error);
    database.close();
    throw new DataFolderRefused(message, { cause: error });
  }
};

const makeOrRefuse = (folder: string): void => {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new DataFolderRefused(`${folder} cannot be made (${messageOf(error)}): choose another DATA_DIR`, {
      cause: error,
    });
  }
};

const noteHolder = (database: Database.Database): void => {
  database
    .transaction(() => {
      database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL); DELETE FROM holder');
      database.prepare('INSERT INTO holder (pid) VALUES (?)').run(process.pid);
    })
    .immediate();
};

const explain = (folder: string, path: string, database: Database.Database, error: unknown): string => {
  if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) {
    return `${folder} is in use by another process${holder(database)}: stop it, or choose another DATA_DIR`;
  }
  return `${path} cannot be used (${messageOf(error)}): delete it, it holds nothing but the lock`;
};

const holder = (database: Database.Database): string => {
  try {
    const pid = database.prepare<[], number>('SELECT pid FROM holder').pluck().get();
    return pid === undefined ? '' : ` (pid ${pid})`;
  } catch {
    return '';
  }
};
