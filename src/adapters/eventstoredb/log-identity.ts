import { StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.js';
import { jsonBytes } from './event-json.js';
import { eventsOf } from './reading.js';

/**
 * The log's own name, written into `stream` by whoever opens the log first, and never again.
 * @throws StoreUnavailable
 */
export const logIdIn = async (connection: Connection, stream: string): Promise<string> =>
  (await readLogId(connection, stream)) ?? (await beginLog(connection, stream));

/** undefined: no log has begun there. @throws StoreUnavailable */
export const readLogId = async (connection: Connection, stream: string): Promise<string | undefined> => {
  const { patience, requiresLeader } = connection;
  try {
    const [first] = await connection.answered(`read ${stream}`, (client) =>
      eventsOf(client.readStream(stream, { maxCount: 1, requiresLeader }), patience.tryMs),
    );
    return first && writtenIn(first.data, stream);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw error;
  }
};

const beginLog = async (connection: Connection, stream: string): Promise<string> => {
  const logId = randomUUID();
  const event = { id: randomUUID(), type: 'LogBegun', data: jsonBytes({ log_id: logId }), metadata: new Uint8Array() };
  try {
    await connection.append({ stream, events: [event], expected: 'none' });
    return logId;
  } catch (error) {
    if (!(error instanceof WrongExpectedVersionError)) throw error;
    return logIdIn(connection, stream);
  }
};

const writtenIn = (data: unknown, stream: string): string => {
  const logId = typeof data === 'object' && data !== null && 'log_id' in data ? data.log_id : undefined;
  if (typeof logId !== 'string') throw new Error(`${stream} in EventStoreDB was not written by this service`);
  return logId;
};
