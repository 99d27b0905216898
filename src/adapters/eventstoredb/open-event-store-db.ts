import { StoreRefused } from '../../application/ports/event-log.js';
import { usualPatience } from './answers.js';
import type { Patience } from './answers.js';
import { withParameters } from './connection-string.js';
import { Connection } from './connection.js';
import { EventStoreDbEventFeed } from './event-feed.js';
import { EventStoreDbEventLog } from './event-log.js';
import { logIdIn, readLogId } from './log-identity.js';
import { StreamNames } from './stream-names.js';

export interface EventStoreDbSettings {
  /** EVENTSTORE_URL: one node, several, or a name to discover them by; credentials, TLS. */
  readonly connectionString: string;
  /** EVENTSTORE_STREAM_PREFIX. */
  readonly streamPrefix: string;
  /** For looking only: a log that is not there is not begun, but refused. */
  readonly readOnly?: true;
  readonly patience?: Patience;
}

export interface EventStoreDb {
  readonly eventLog: EventStoreDbEventLog;
  readonly eventFeed: EventStoreDbEventFeed;
  /** Ends subscriptions and calls that are under way. */
  close(): Promise<void>;
}

/**
 * Opens the event log in EventStoreDB, and begins it where there is none. Log and feed have a connection each: the log's stays with
 * the leader, the feed's goes where EVENTSTORE_URL prefers.
 * @throws StoreUnavailable, StoreRefused
 */
export const openEventStoreDb = async (settings: EventStoreDbSettings): Promise<EventStoreDb> => {
  const { connectionString, streamPrefix, readOnly, patience = usualPatience } = settings;
  const names = new StreamNames(streamPrefix);
  const shared = { patience, warmUpStream: names.logIdentity };
  const logConnection = new Connection({
    ...shared,
    connectionString: withParameters(connectionString, { nodePreference: 'leader' }),
    requiresLeader: true,
  });
  const feedConnection = new Connection({ ...shared, connectionString, requiresLeader: false });
  const close = async (): Promise<void> => {
    await Promise.all([logConnection.close(), feedConnection.close()]);
  };
  try {
    const logId = await (readOnly ? knownLogId : logIdIn)(logConnection, names.logIdentity);
    return {
      eventLog: new EventStoreDbEventLog(logId, logConnection, names),
      eventFeed: new EventStoreDbEventFeed(feedConnection, names, logConnection),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const knownLogId = async (connection: Connection, stream: string): Promise<string> => {
  const logId = await readLogId(connection, stream);
  if (logId !== undefined) return logId;
  throw new StoreRefused(
    'EVENTSTORE_URL: no event log of this service is there: are EVENTSTORE_URL and EVENTSTORE_STREAM_PREFIX right? The service begins it at its first start',
  );
};
