import type { Db } from 'mongodb';
import { StoreRefused } from '../../application/ports/event-log.js';
import { isDuplicate } from './mongo-errors.js';

interface Stored {
  _id: 'log';
  log_id: string;
}

/**
 * Gives a database without owner to the event log `logId`. What stands in it (keys, idempotency answers, what became of notifications)
 * would be taken for another log's own.
 * @throws StoreRefused when it belongs to another log
 */
export const giveToLog = async (database: Db, logId: string): Promise<void> => {
  const identity = database.collection<Stored>('log_identity');
  try {
    await identity.insertOne({ _id: 'log', log_id: logId });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await refuseUnlessOf(database, logId);
  }
};

/** For who only looks. @throws StoreRefused when it belongs to another log, or to none */
export const refuseUnlessOf = async (database: Db, logId: string): Promise<void> => {
  const known = await database.collection<Stored>('log_identity').findOne({ _id: 'log' });
  const { databaseName } = database;
  if (known === null)
    throw new StoreRefused(
      `MONGODB_DB: no records of this service are in ${databaseName}: are MONGODB_URI and MONGODB_DB right? The service makes them at its first start`,
    );
  if (known.log_id !== logId)
    throw new StoreRefused(
      `MONGODB_DB: ${databaseName} belongs to another event log than the one in use: choose another MONGODB_DB, or set EVENTSTORE_URL, EVENTSTORE_STREAM_PREFIX or DATA_DIR to the log that it belongs to`,
    );
};
