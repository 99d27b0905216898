import { afterAll, jest } from '@jest/globals';
import { openEventStoreDb } from '../../../src/adapters/eventstoredb/open-event-store-db.js';
import type { EventStoreDb } from '../../../src/adapters/eventstoredb/open-event-store-db.js';
import type { Patience } from '../../../src/adapters/eventstoredb/answers.js';
import { startServerProcess } from '../../support/eventstoredb/server-process.js';
import type { ServerProcess } from '../../support/eventstoredb/server-process.js';
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

/** The same in a process of its own. @param port 0: any that is free */
export const startServerApart = async (port = 0): Promise<ServerProcess> => {
  const server = await startServerProcess(port);
  cleanups.push(() => server.kill());
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

/** A server to harm and a log with a tenth of the service's patience. */
export const openImpatient = async (options: TestEventStoreDbOptions = {}) => {
  const server = await startServer(options);
  const opened = await open(server.connectionString, '', impatience);
  const log = opened.eventLog;
  const idsIn = async (stream: string) => (await log.read(stream)).map(({ id }) => id);
  return { server, log, idsIn, close: () => opened.close() };
};
