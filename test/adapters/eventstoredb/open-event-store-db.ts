import { afterAll, jest } from '@jest/globals';
import { openEventStoreDb } from '../../../src/adapters/eventstoredb/open-event-store-db.js';
import type { EventStoreDb } from '../../../src/adapters/eventstoredb/open-event-store-db.js';
import type { Patience } from '../../../src/adapters/eventstoredb/answers.js';
import { TestEventStoreDb } from '../../support/eventstoredb/test-event-store-db.js';
import type { TestEventStoreDbOptions } from '../../support/eventstoredb/test-event-store-db.js';

/** Client and server share the processor, here with whatever else runs. */
jest.setTimeout(20_000);

const cleanups: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that ends with the test file. */
export const startServer = async (options: TestEventStoreDbOptions = {}): Promise<TestEventStoreDb> => {
  const server = await TestEventStoreDb.start(options);
  cleanups.push(() => server.stop());
  return server;
};

/** A tenth of the patience of the service, so that tests need not wait. */
export const impatience: Patience = { answerWithinMs: 500, tryMs: 150, pauseMs: 50, pauseMaxMs: 80 };

/** The adapter's log and feed, closed with the test file. */
export const open = async (connectionString: string, streamPrefix = '', patience?: Patience): Promise<EventStoreDb> => {
  const opened = await openEventStoreDb({ connectionString, streamPrefix, ...(patience && { patience }) });
  cleanups.push(() => opened.close());
  return opened;
};
