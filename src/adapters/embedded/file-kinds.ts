import type Database from 'better-sqlite3';

/** Brings a file from one schema version to the next; runs in a transaction. */
export type Migration = (database: Database.Database) => void;

/** What one of our files is: how it is known, how it came to its present shape, and what to do when it cannot be used. */
export interface FileKind {
  readonly name: string;
  /** Stands in the header of the file: "is this one of ours, and which". */
  readonly applicationId: number;
  /** The first makes a new file. A released one is never changed; what is new comes behind it. */
  readonly migrations: readonly Migration[];
  /** Of a new file. Small where commits are small, since each writes whole pages; else as large as a few rows. */
  readonly pageBytes: 4_096 | 8_192;
  /** FULL: a commit survives a power cut. NORMAL: it survives the death of the process, and a power cut takes the newest only. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** What is deleted or replaced is overwritten in the file as well. */
  readonly secureDelete?: true;
  /** What the operator should do when the file is damaged. */
  readonly advice: string;
  /** What it means when the log is there and this file beside it is not. */
  readonly whenMissing: string;
}

const identity = 'CREATE TABLE identity (log_id TEXT NOT NULL) STRICT';

const checkpoints = `
  CREATE TABLE checkpoints (
    follower TEXT NOT NULL, partition INTEGER NOT NULL,
    log_id TEXT NOT NULL, position TEXT NOT NULL, epoch INTEGER NOT NULL,
    PRIMARY KEY (follower, partition)
  ) STRICT, WITHOUT ROWID`;

/**
 * Streams are numbered, so that the index by stream grows where the young streams are; indexed by their names (whose ids are
 * random) each event of a group would touch a page of its own, which is three times slower (docs/decisions).
 */
const eventsSchema = `
  ${identity};
  CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, category INTEGER NOT NULL REFERENCES categories (id)
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (id),
    revision INTEGER NOT NULL,
    category INTEGER NOT NULL REFERENCES categories (id),
    -- 1 on the first event of an append that expected nothing: such an append is known again by it.
    unguarded INTEGER,
    id TEXT NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,
    data TEXT NOT NULL, metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE INDEX events_by_category ON events (category, position);
  CREATE INDEX events_unguarded ON events (id) WHERE unguarded = 1;
  -- One row for each commit; the checksum is over its events (event-rows.ts).
  CREATE TABLE event_groups (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT`;

const stateSchema = `
  ${identity};
  ${checkpoints};
  CREATE TABLE leases (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, epoch INTEGER NOT NULL, beat INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE idempotency_answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, owner TEXT NOT NULL, claimed_at TEXT NOT NULL,
    -- NULL while the request runs.
    answer TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE wrapped_keys (
    id TEXT PRIMARY KEY,
    -- NULL: destroyed, for ever.
    wrapped TEXT
  ) STRICT, WITHOUT ROWID`;

const fromBackup = 'stop the service and put back the files of the last backup, all of DATA_DIR together';

export const eventsFile: FileKind = {
  name: 'events.db',
  applicationId: 0x70617965,
  migrations: [(database) => database.exec(eventsSchema)],
  pageBytes: 4_096,
  synchronous: 'FULL',
  advice: fromBackup,
  whenMissing: `is missing: ${fromBackup}`,
};

export const stateFile: FileKind = {
  name: 'state.db',
  applicationId: 0x70617973,
  migrations: [(database) => database.exec(stateSchema)],
  pageBytes: 4_096,
  synchronous: 'FULL',
  secureDelete: true,
  advice: fromBackup,
  whenMissing: `is missing, and with it the keys of all personal data in the event log: ${fromBackup}`,
};

/** Read models; their tables are made from what is declared beside each collection (document-table.ts). */
export const documentsFile: FileKind = {
  name: 'documents.db',
  applicationId: 0x70617964,
  migrations: [(database) => database.exec(`${identity}; ${checkpoints}`)],
  pageBytes: 8_192,
  synchronous: 'NORMAL',
  advice: 'delete it (with its -wal and -shm): it is rebuilt from the events at the next start',
  whenMissing: 'is missing: it is made anew from the events at the next start',
};
