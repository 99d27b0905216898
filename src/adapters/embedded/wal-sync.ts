import type Database from 'better-sqlite3';
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const fdatasyncLater = promisify(fdatasync);

/** Makes durable what was committed. */
export interface DiskSync {
  /** Resolves when every commit made so far is durable. */
  sync(): Promise<void>;
  syncNow(): void;
  close(): void;
}

/**
 * Waits for the disk in SQLite's place, and off the event loop: under `synchronous = NORMAL` a commit only writes the write-ahead
 * log, and is durable once that file is synced. Before a checkpoint, and when it begins the file anew, SQLite still syncs by itself.
 */
export class WalSync implements DiskSync {
  private file: number | undefined;

  constructor(private readonly database: Database.Database) {
    database.pragma('synchronous = NORMAL');
  }

  sync(): Promise<void> {
    return fdatasyncLater(this.opened());
  }

  syncNow(): void {
    fdatasyncSync(this.opened());
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  /** SQLite holds no locks on this file, which closing it here would drop. It stays the same for as long as the database is open. */
  private opened(): number {
    return (this.file ??= openSync(`${this.database.name}-wal`, 'r+'));
  }
}
