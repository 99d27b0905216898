import {
  MongoBulkWriteError,
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerError,
} from 'mongodb';
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

/**
 * Codes by which a server says that it has looked at a document and never takes it: values, names or sizes that it does not keep, a
 * validator that somebody has put on the collection. Anything else may pass: an election, a full disk, a right that is missing.
 */
const refusals: ReadonlySet<number | string | undefined> = new Set([
  2, 9, 14, 15, 16, 22, 28, 52, 53, 55, 56, 57, 66, 121, 171, 10_334, 17_280, 17_419, 17_420,
]);

/** Of a write: no other try will end otherwise. undefined: no answer, or one that passes. */
export const refusalIn = (error: unknown): string | undefined => {
  if (!(error instanceof MongoServerError)) return undefined;
  const answers = error instanceof MongoBulkWriteError ? error.result.getWriteErrors() : [];
  const code = [error.code, ...answers.map((one) => one.code)].find((one) => refusals.has(one));
  return code === undefined ? undefined : `MongoDB says code ${code}`;
};

/** Longer than a call can take by the driver's own time-outs, its second try included, in ms. */
const longestMs = 30_000;

/**
 * Whatever the driver throws is trouble with the store; a call that the driver itself refuses to send is our own mistake. A call
 * whose connection is given up while it waits to write more is never ended by the driver (7.9: it waits for `drain` of a socket that
 * it has destroyed), and whoever waited for it would wait for ever.
 */
export const unlessUnavailable = async <T>(work: () => Promise<T>, withinMs = longestMs): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable(`MongoDB gave no answer within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    if (!isTrouble(error)) throw error;
    throw new StoreUnavailable(`MongoDB could not be used: ${error.message}`, error);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The call may have been carried out or not. A connection that breaks while the driver waits to write more reaches us as the socket's
 * own error, which names its system call.
 */
export const isUnanswered = (error: unknown): error is Error =>
  error instanceof MongoNetworkError || (error instanceof Error && 'syscall' in error);

const isTrouble = (error: unknown): error is Error =>
  isUnanswered(error) || (error instanceof MongoError && !(error instanceof MongoInvalidArgumentError));
