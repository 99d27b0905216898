import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderRefused } from './data-folder-refused.js';
import { explained, openForReading, openForWriting } from './database-file.js';
import { emptyGroup, EventGroups } from './event-groups.js';
import { positionText } from './event-rows.js';
import { documentsFile, eventsFile, stateFile } from './file-kinds.js';
import type { FileKind } from './file-kinds.js';
import { lockFolder } from './folder-lock.js';
import { messageOf } from './sqlite-errors.js';

/** The files of a data folder, open and belonging together. */
export interface DataFiles {
  readonly logId: string;
  readonly events: Database.Database;
  readonly state: Database.Database;
  readonly documents: Database.Database;
  readonly close: () => void;
}

export const inMemory = ':memory:';

/** @throws DataFolderRefused */
export const openFilesForWriting = (folder: string): DataFiles => {
  if (folder !== inMemory) makeFolder(folder);
  const unlock = folder === inMemory ? () => undefined : lockFolder(folder);
  return openTogether(unlock, (opening) => {
    const events = opening(openForWriting(pathOf(folder, eventsFile), eventsFile));
    const logId = explained(pathOf(folder, eventsFile), eventsFile, () => identified(events));
    checkLastGroup(pathOf(folder, eventsFile), events);
    const state = opening(openState(folder, events, logId));
    const documents = opening(openDocuments(folder, events, logId));
    return { logId, events, state, documents };
  });
};

/** Beside the process that writes them. @throws DataFolderRefused */
export const openFilesForReading = (folder: string): DataFiles =>
  openTogether(
    () => undefined,
    (opening) => {
      const open = (kind: FileKind): Database.Database => {
        if (!existsSync(pathOf(folder, kind))) {
          throw new DataFolderRefused(
            `${pathOf(folder, kind)} is not there: is DATA_DIR right? The service makes it at its first start`,
          );
        }
        return opening(openForReading(pathOf(folder, kind), kind));
      };
      const [events, state, documents] = [open(eventsFile), open(stateFile), open(documentsFile)];
      return { logId: logIdIn(events) ?? '', events, state, documents };
    },
  );

/** When one of them is refused, those before it are closed again. */
const openTogether = (
  unlock: () => void,
  open: (opening: (database: Database.Database) => Database.Database) => Omit<DataFiles, 'close'>,
): DataFiles => {
  const opened: Database.Database[] = [];
  const close = (): void => {
    for (const database of opened) database.close();
    unlock();
  };
  try {
    const files = open((database) => {
      opened.push(database);
      return database;
    });
    return { ...files, close };
  } catch (error) {
    close();
    throw error;
  }
};

const pathOf = (folder: string, { name }: FileKind): string => (folder === inMemory ? inMemory : join(folder, name));

const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataFolderRefused(`${folder} cannot be made (${messageOf(error)}): choose another DATA_DIR`, {
      cause: error,
    });
  }
};

/** The only file that nothing can replace: whoever sealed personal data needs its keys. */
const openState = (folder: string, events: Database.Database, logId: string): Database.Database => {
  const path = pathOf(folder, stateFile);
  if (folder !== inMemory && !existsSync(path) && lastPosition(events) > 0) {
    throw new DataFolderRefused(
      `${path} is missing, and with it the keys of all personal data in ${eventsFile.name}: ${stateFile.advice}`,
    );
  }
  const state = openForWriting(path, stateFile);
  const problem = explained(path, stateFile, () => stateProblem(state, events, logId));
  if (problem === undefined) return state;
  state.close();
  throw new DataFolderRefused(`${path} ${problem}: ${stateFile.advice}`);
};

const stateProblem = (state: Database.Database, events: Database.Database, logId: string): string | undefined => {
  if (identified(state, logId) !== logId) return `does not belong to the ${eventsFile.name} beside it`;
  if (isAhead(state, events, logId)) return `knows events that the ${eventsFile.name} beside it does not have`;
  return undefined;
};

/** Read models of another log, or of events that are gone, are thrown away and made anew. */
const openDocuments = (folder: string, events: Database.Database, logId: string): Database.Database => {
  const path = pathOf(folder, documentsFile);
  const documents = openForWriting(path, documentsFile);
  if (
    explained(path, documentsFile, () => identified(documents, logId) === logId && !isAhead(documents, events, logId))
  )
    return documents;
  documents.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const anew = openForWriting(path, documentsFile);
  identified(anew, logId);
  return anew;
};

/** The log that a file belongs to; a new file is given to `logId` first. */
const identified = (database: Database.Database, logId: string = randomUUID()): string => {
  const known = logIdIn(database);
  if (known === undefined) database.prepare('INSERT INTO identity (log_id) VALUES (?)').run(logId);
  return known ?? logId;
};

const logIdIn = (database: Database.Database): string | undefined =>
  database.prepare<[], string>('SELECT log_id FROM identity').pluck().get();

/** Whether a follower of this log has come further than the log does: one of the two was put back from a backup. */
const isAhead = (database: Database.Database, events: Database.Database, logId: string): boolean => {
  const furthest = database
    .prepare<[string], string | null>('SELECT max(position) FROM checkpoints WHERE log_id = ?')
    .pluck()
    .get(logId);
  return (furthest ?? '') > positionText(lastPosition(events));
};

const lastPosition = (events: Database.Database): number =>
  events.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0;

/** What was written last is what a failing disk or a cut-off copy damages first (design D7); the rest is for `payments verify`. */
const checkLastGroup = (path: string, events: Database.Database): void =>
  explained(path, eventsFile, () => {
    const groups = new EventGroups(events);
    const last = groups.last() ?? emptyGroup;
    const [problem] = last.last === lastPosition(events) ? groups.problemsOf(last) : ['events without their group'];
    if (problem !== undefined) throw new DataFolderRefused(`${path} is damaged (${problem}): ${eventsFile.advice}`);
  });
