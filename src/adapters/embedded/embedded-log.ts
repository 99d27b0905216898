import type Database from 'better-sqlite3';
import type { EventFeed } from '../../application/ports/event-feed.js';
import type { EventLog } from '../../application/ports/event-log.js';
import type { WholeStreams } from '../../application/ports/whole-streams.js';
import { Announcements } from './announcements.js';
import { logIn, openEventsFile } from './data-files.js';
import type { DataFolderOptions, LogBeside } from './data-files.js';
import { EmbeddedEventFeed } from './event-feed.js';
import { EmbeddedEventLog } from './event-log.js';
import { EmbeddedWholeStreams } from './whole-streams.js';

/** `events.db`, open. */
export interface EmbeddedLog {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly wholeStreams: WholeStreams;
  /** As it was opened. */
  readonly begin: LogBeside;
  /** Writes what is waiting, ends all followers (FeedInterrupted) and closes the file. Whatever comes later is StoreUnavailable. */
  readonly close: () => void;
}

/** @throws DataFolderRefused when the file is damaged or foreign */
export const openEmbeddedLog = (options: DataFolderOptions): EmbeddedLog => {
  const events = openEventsFile(options);
  const begin = logIn(events);
  const announcements = new Announcements();
  const eventLog = new EmbeddedEventLog(begin.logId, events, () => announcements.announce());
  const unwatch = options.readOnly ? watch(events, announcements) : () => undefined;
  return {
    eventLog,
    eventFeed: new EmbeddedEventFeed(events, announcements),
    wholeStreams: new EmbeddedWholeStreams(events),
    begin,
    close: () => {
      unwatch();
      eventLog.close();
      events.close();
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
