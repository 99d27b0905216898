import { MongoBulkWriteError, MongoError, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import { StoreUnavailable } from '../../application/ports/event-log.js';

const duplicateKey = 11_000;

/** A unique index, that of `_id` included, already holds a value of the document. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === duplicateKey;

/**
 * Which writes of an unordered bulk were refused as duplicates, by their index; the others stand.
 * undefined: something else went wrong as well, or the majority has not confirmed.
 */
export const duplicatesIn = (error: unknown): readonly number[] | undefined => {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return undefined;
  const refused = error.result.getWriteErrors();
  return refused.length > 0 && refused.every(({ code }) => code === duplicateKey)
    ? refused.map(({ index }) => index)
    : undefined;
};

/** Whatever the driver throws is trouble with the store; a call that the driver itself refuses to send is our own mistake. */
export const unlessUnavailable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!isTrouble(error)) throw error;
    throw new StoreUnavailable(`MongoDB could not be used: ${error.message}`, error);
  }
};

/** A connection that breaks while the driver waits to write more reaches us as the socket's own error, which names its system call. */
const isTrouble = (error: unknown): error is Error =>
  (error instanceof MongoError && !(error instanceof MongoInvalidArgumentError)) ||
  (error instanceof Error && 'syscall' in error);
