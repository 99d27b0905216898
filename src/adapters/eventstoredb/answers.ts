import {
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../../application/ports/event-log.js';

/** How long EventStoreDB is waited for; tests shorten it. */
export interface Patience {
  /** No try begins later than this after the first; then the store is unavailable. */
  readonly answerWithinMs: number;
  /** One try waits so long for its answer, a read for its next event. */
  readonly tryMs: number;
  /** Before the second try, doubled before each further one up to `pauseMaxMs`. Repeats within some 2 ms of each other hang. */
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
}

export const usualPatience: Patience = { answerWithinMs: 5_000, tryMs: 2_000, pauseMs: 50, pauseMaxMs: 800 };

const answers = [
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
];

/** EventStoreDB has answered, if not as hoped. All else, `deadline-exceeded` too, says nothing about what was done. */
export const isAnswer = (error: unknown): boolean => answers.some((answer) => error instanceof answer);

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** @throws NoAnswer */
export const within = async <T>(ms: number, answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`EventStoreDB gave no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Tries again, after pauses, until EventStoreDB answers.
 * @throws StoreUnavailable when patience ends, or when it will not talk to us
 */
export const untilAnswered = async <T>(what: string, patience: Patience, attempt: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  for (let pauseMs = patience.pauseMs; ; pauseMs = Math.min(2 * pauseMs, patience.pauseMaxMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof AccessDeniedError)
        throw new StoreUnavailable(`EventStoreDB denies access to ${what}`, error);
      if (error instanceof UnsupportedError)
        throw new StoreUnavailable(`EventStoreDB cannot ${what}: ${error.message}`, error);
      if (isAnswer(error) || error instanceof StoreUnavailable) throw error;
      if (performance.now() + pauseMs - startedAt > patience.answerWithinMs)
        throw new StoreUnavailable(`EventStoreDB gave no answer to ${what}`, error);
    }
    await sleep(pauseMs);
  }
};
