import type { Db } from 'mongodb';
import { StoreRefused } from '../../application/ports/event-log.js';
import { isDuplicate } from './mongo-errors.js';
import type { MongoWrappedKeys } from './wrapped-keys.js';

interface Stored {
  _id: 'log';
  log_id: string;
}

/** The log that a database is about. */
export interface LogBeside {
  readonly logId: string;
  /** Then there are keys somewhere with which its personal data was sealed. On a server that is shared it may take a while to find out. */
  hasEvents(): Promise<boolean>;
}

/**
 * Gives a database without owner to the event log. What stands in it (keys, idempotency answers, what became of notifications)
 * would be taken for another log's own.
 * @throws StoreRefused when it belongs to another log, or when the log's keys are not in it
 */
export const giveToLog = async (database: Db, log: LogBeside, keys: MongoWrappedKeys): Promise<void> => {
  await refuseOther(database, log);
  await refuseLostKeys(database, log, keys);
  try {
    await database.collection<Stored>('log_identity').insertOne({ _id: 'log', log_id: log.logId });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await refuseOther(database, log);
  }
};

/** For who only looks. @throws StoreRefused as `giveToLog`, and when it belongs to no log */
export const refuseUnlessOf = async (database: Db, log: LogBeside, keys: MongoWrappedKeys): Promise<void> => {
  if (!(await refuseOther(database, log)))
    throw new StoreRefused(
      `MONGODB_DB: no records of this service are in ${database.databaseName}: are MONGODB_URI and MONGODB_DB right? The service makes them at its first start`,
    );
  await refuseLostKeys(database, log, keys);
};

/** Resolves to whether it has an owner at all. */
const refuseOther = async (database: Db, { logId }: LogBeside): Promise<boolean> => {
  const known = await database.collection<Stored>('log_identity').findOne({ _id: 'log' });
  if (known !== null && known.log_id !== logId)
    throw new StoreRefused(
      `MONGODB_DB: ${database.databaseName} belongs to another event log than the one in use: choose another MONGODB_DB, or set EVENTSTORE_URL, EVENTSTORE_STREAM_PREFIX or DATA_DIR to the log that it belongs to`,
    );
  return known !== null;
};

/**
 * A key is stored before the first event that is sealed with it, and a destroyed one leaves its name behind: a log with events and a
 * key ring that never had a key do not belong together.
 */
const refuseLostKeys = async (database: Db, log: LogBeside, keys: MongoWrappedKeys): Promise<void> => {
  if (!(await keys.isEmpty()) || !(await log.hasEvents())) return;
  // Of replicas that begin together another may have made the first key, and then the first event, between the two looks.
  if (!(await keys.isEmpty())) return;
  throw new StoreRefused(
    `MONGODB_DB: no keys are in ${database.databaseName}, but the event log in use has events, whose personal data nobody could read any more: set MONGODB_URI and MONGODB_DB to the database that belongs to this log, or put back MongoDB's last backup (docs/operations.md, "When the keys are lost")`,
  );
};
