import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isBeyond } from '../../application/ports/event-feed.js';
import type { FeedPosition } from '../../application/ports/event-feed.js';
import { DataFolderRefused } from './data-folder-refused.js';
import { explained, openForReading, openForWriting } from './database-file.js';
import { emptyGroup, EventGroups } from './event-groups.js';
import { positionText } from './event-rows.js';
import { documentsFile, eventsFile, stateFile } from './file-kinds.js';
import type { FileKind } from './file-kinds.js';

export const inMemory = ':memory:';

/** Where the files are, and how they are opened. */
export interface DataFolderOptions {
  /** `DATA_DIR`; must be there, and locked by who writes. `:memory:`: nothing is kept. */
  readonly folder: string;
  /** Beside a running service, for looking only: what writes is refused with StoreUnavailable. */
  readonly readOnly?: true;
}

/** What the files of the records have to fit to, wherever the log is kept. */
export interface LogBeside {
  readonly logId: string;
  readonly end: FeedPosition;
  /** Then there are keys somewhere with which its personal data was sealed. */
  readonly hasEvents: boolean;
}

/** The log, whole as far as its newest events tell. @throws DataFolderRefused */
export const openEventsFile = (options: DataFolderOptions): Database.Database =>
  openFile(options, eventsFile, (database, path) => {
    identified(database);
    checkLastGroup(path, database);
  });

/** The only file that nothing can replace: whoever sealed personal data needs its keys. @throws DataFolderRefused */
export const openStateFile = (options: DataFolderOptions, log: LogBeside): Database.Database => {
  if (!options.readOnly && log.hasEvents && isMissing(options.folder, stateFile)) {
    throw new DataFolderRefused(`${pathOf(options.folder, stateFile)} ${stateFile.whenMissing}`);
  }
  return openFile(options, stateFile, (database, path) => {
    if (identified(database, log.logId) !== log.logId)
      throw new DataFolderRefused(
        `${path} does not belong to the event log in use: name the log that it belongs to, or choose another DATA_DIR, or ${stateFile.advice}`,
      );
  });
};

/** Read models of another log, or of events that are gone, are thrown away and made anew. @throws DataFolderRefused */
export const openDocumentsFile = (options: DataFolderOptions, log: LogBeside): Database.Database => {
  let fits = true;
  const open = (): Database.Database =>
    openFile(options, documentsFile, (database) => {
      fits = identified(database, log.logId) === log.logId && !isAhead(database, log);
    });
  const documents = open();
  if (fits) return documents;
  documents.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(pathOf(options.folder, documentsFile) + suffix, { force: true });
  return open();
};

export const isMissing = (folder: string, kind: FileKind): boolean =>
  folder !== inMemory && !existsSync(pathOf(folder, kind));

/** Beside the process that writes it. @throws DataFolderRefused */
export const openToLook = (folder: string, kind: FileKind): Database.Database => {
  const path = pathOf(folder, kind);
  if (!isMissing(folder, kind)) return openForReading(path, kind);
  // Alone it is missing; with the others it was never there.
  const says = isMissing(folder, eventsFile)
    ? 'is not there: is DATA_DIR right? The service makes it at its first start'
    : kind.whenMissing;
  throw new DataFolderRefused(`${path} ${says}`);
};

/** @param check of what was opened for writing; closes it again when that throws */
const openFile = (
  { folder, readOnly }: DataFolderOptions,
  kind: FileKind,
  check: (database: Database.Database, path: string) => void,
): Database.Database => {
  if (readOnly) return openToLook(folder, kind);
  const path = pathOf(folder, kind);
  const database = openForWriting(path, kind);
  try {
    explained(path, kind, () => check(database, path));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

const pathOf = (folder: string, { name }: FileKind): string => (folder === inMemory ? inMemory : join(folder, name));

/** The log that a file belongs to; a new file is given to `logId` first. */
const identified = (database: Database.Database, logId: string = randomUUID()): string => {
  const known = logIdIn(database);
  if (known === undefined) database.prepare('INSERT INTO identity (log_id) VALUES (?)').run(logId);
  return known ?? logId;
};

const logIdIn = (database: Database.Database): string | undefined =>
  database.prepare<[], string>('SELECT log_id FROM identity').pluck().get();

/** Whether a follower of this log has come further than the log does: one of the two was put back from a backup. */
const isAhead = (database: Database.Database, { logId, end }: LogBeside): boolean => {
  const furthest = database
    .prepare<[string], string | null>('SELECT max(position) FROM checkpoints WHERE log_id = ?')
    .pluck()
    .get(logId);
  return isBeyond(furthest || 'start', end);
};

const lastPosition = (events: Database.Database): number =>
  events.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0;

/** The log of a file, for the files beside it. */
export const logIn = (events: Database.Database): LogBeside => {
  const last = lastPosition(events);
  return { logId: logIdIn(events) ?? '', end: last === 0 ? 'start' : positionText(last), hasEvents: last > 0 };
};

/** What was written last is what a failing disk or a cut-off copy damages first (design D7); the rest is for `payments verify`. */
const checkLastGroup = (path: string, events: Database.Database): void => {
  const groups = new EventGroups(events);
  const last = groups.last() ?? emptyGroup;
  const [problem] = last.last === lastPosition(events) ? groups.problemsOf(last) : ['events without their group'];
  if (problem !== undefined) throw new DataFolderRefused(`${path} is damaged (${problem}): ${eventsFile.advice}`);
};
