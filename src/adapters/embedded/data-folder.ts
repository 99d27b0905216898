import type Database from 'better-sqlite3';
import type { Checkpoints } from '../../application/ports/checkpoints.js';
import type { Documents } from '../../application/ports/documents.js';
import type { EventFeed } from '../../application/ports/event-feed.js';
import type { EventLog } from '../../application/ports/event-log.js';
import type { IdempotencyAnswers } from '../../application/ports/idempotency-answers.js';
import type { Leases } from '../../application/ports/leases.js';
import type { WrappedKeys } from '../../application/ports/wrapped-keys.js';
import { Announcements } from './announcements.js';
import { EmbeddedCheckpoints } from './checkpoints.js';
import { openFilesForReading, openFilesForWriting } from './data-files.js';
import { EmbeddedDocuments } from './documents.js';
import { EmbeddedEventFeed } from './event-feed.js';
import { EmbeddedEventLog } from './event-log.js';
import { GroupCommit } from './group-commit.js';
import { EmbeddedIdempotencyAnswers } from './idempotency-answers.js';
import { EmbeddedLeases } from './leases.js';
import { EmbeddedWrappedKeys } from './wrapped-keys.js';

/** The embedded stores, opened together: one memory in several files (design D7). */
export interface DataFolder {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
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
  /** Writes what is waiting, ends all followers (FeedInterrupted) and closes the files. Whatever comes later is StoreUnavailable. */
  readonly close: () => void;
}

export interface DataFolderOptions {
  /** `DATA_DIR`; made when it is not there. `:memory:`: nothing is kept. */
  readonly folder: string;
  /** Beside a running service, for looking only: what writes is refused with StoreUnavailable. */
  readonly readOnly?: true;
}

/** @throws DataFolderRefused when the files are damaged, foreign, of different logs, or in use by another process */
export const openDataFolder = ({ folder, readOnly }: DataFolderOptions): DataFolder => {
  const { logId, events, state, documents, close } = readOnly
    ? openFilesForReading(folder)
    : openFilesForWriting(folder);
  const announcements = new Announcements();
  const eventLog = new EmbeddedEventLog(logId, events, () => announcements.announce());
  const [stateGroup, documentsGroup] = [new GroupCommit(state), new GroupCommit(documents)];
  const unwatch = readOnly ? watch(events, announcements) : () => undefined;
  return {
    eventLog,
    eventFeed: new EmbeddedEventFeed(events, announcements),
    documents: new EmbeddedDocuments(documents),
    records: new EmbeddedDocuments(state, stateGroup),
    projectionCheckpoints: new EmbeddedCheckpoints(documents, documentsGroup),
    workerCheckpoints: new EmbeddedCheckpoints(state, stateGroup),
    leases: new EmbeddedLeases(state, stateGroup),
    idempotencyAnswers: new EmbeddedIdempotencyAnswers(state, stateGroup),
    wrappedKeys: new EmbeddedWrappedKeys(state, stateGroup),
    close: () => {
      unwatch();
      for (const open of [eventLog, stateGroup, documentsGroup]) open.close();
      close();
      announcements.announce();
    },
  };
};

const watchEveryMs = 50;

/** A process that only reads is not told of commits, so it looks for them. */
const watch = (events: Database.Database, announcements: Announcements): (() => void) => {
  let seen = events.pragma('data_version', { simple: true });
  const timer = setInterval(() => {
    const now = events.pragma('data_version', { simple: true });
    if (now !== seen) announcements.announce();
    seen = now;
  }, watchEveryMs);
  timer.unref();
  return () => clearInterval(timer);
};
