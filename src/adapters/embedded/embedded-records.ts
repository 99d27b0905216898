import type Database from 'better-sqlite3';
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import type { Documents } from '../../application/ports/documents.js';
import type { EventFeed } from '../../application/ports/event-feed.js';
import type { EventLog } from '../../application/ports/event-log.js';
import type { IdempotencyAnswers } from '../../application/ports/idempotency-answers.js';
import type { Leases } from '../../application/ports/leases.js';
import type { WrappedKeys } from '../../application/ports/wrapped-keys.js';
import { EmbeddedCheckpoints } from './checkpoints.js';
import { isMissing, openDocumentsFile, openStateFile } from './data-files.js';
import type { DataFolderOptions, LogBeside } from './data-files.js';
import { EmbeddedDocuments } from './documents.js';
import { stateFile } from './file-kinds.js';
import { GroupCommit } from './group-commit.js';
import { EmbeddedIdempotencyAnswers } from './idempotency-answers.js';
import { EmbeddedLeases } from './leases.js';
import { EmbeddedWrappedKeys } from './wrapped-keys.js';

/** `state.db` and `documents.db`, open: everything but the log. */
export interface EmbeddedRecords {
  readonly documents: Documents;
  /** What no event tells and nobody may rebuild away; kept in `state.db`. */
  readonly records: Documents;
  /** Of what lives in `documents.db`; gone with it, so that a rebuild begins at the start. */
  readonly projectionCheckpoints: Checkpoints;
  /** Of what acts on the outside world; kept. */
  readonly workerCheckpoints: Checkpoints;
  readonly leases: Leases;
  readonly idempotencyAnswers: IdempotencyAnswers;
  readonly wrappedKeys: WrappedKeys;
  /** Writes what is waiting and closes the files. Whatever comes later is StoreUnavailable. */
  readonly close: () => void;
}

/**
 * The records of a log that is kept here or elsewhere.
 * @throws DataFolderRefused when the files are damaged, foreign, or of another log; StoreUnavailable
 */
export const openEmbeddedRecords = async (
  options: DataFolderOptions,
  { eventLog, eventFeed }: { readonly eventLog: EventLog; readonly eventFeed: EventFeed },
): Promise<EmbeddedRecords> => {
  const isFirstStart = isMissing(options.folder, stateFile);
  return openRecordFiles(options, {
    logId: eventLog.logId,
    end: await eventFeed.end(),
    // On a server that is shared with others it may take a while to find out, so it is asked only where it matters.
    hasEvents: isFirstStart && (await eventFeed.countAfter('start', { streamPrefixes: [] }, 1)) > 0,
  });
};

/** @throws DataFolderRefused */
export const openRecordFiles = (options: DataFolderOptions, log: LogBeside): EmbeddedRecords => {
  const state = openStateFile(options, log);
  const documents = closingOnFailure(state, () => openDocumentsFile(options, log));
  const [stateGroup, documentsGroup] = [new GroupCommit(state), new GroupCommit(documents)];
  return {
    documents: new EmbeddedDocuments(documents),
    records: new EmbeddedDocuments(state, stateGroup),
    projectionCheckpoints: new EmbeddedCheckpoints(documents, documentsGroup),
    workerCheckpoints: new EmbeddedCheckpoints(state, stateGroup),
    leases: new EmbeddedLeases(state, stateGroup),
    idempotencyAnswers: new EmbeddedIdempotencyAnswers(state, stateGroup),
    wrappedKeys: new EmbeddedWrappedKeys(state, stateGroup),
    close: () => {
      for (const open of [stateGroup, documentsGroup, state, documents]) open.close();
    },
  };
};

const closingOnFailure = <T>(opened: Database.Database, open: () => T): T => {
  try {
    return open();
  } catch (error) {
    opened.close();
    throw error;
  }
};
