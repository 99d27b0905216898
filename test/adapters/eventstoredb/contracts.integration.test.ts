import { randomUUID } from 'node:crypto';
import { eventFeedContract } from '../../contracts/event-feed-contract.js';
import { eventLogContract } from '../../contracts/event-log-contract.js';
import { open } from './open-event-store-db.js';

const connectionString = process.env['EVENTSTORE_URL'];
if (!connectionString) throw new Error('EVENTSTORE_URL: must name a running EventStoreDB');

/** A prefix of its own for each run, so that it passes any number of times on the same server. */
const opening = open(connectionString, `run-${randomUUID().slice(0, 8)}.`);

eventLogContract('the EventStoreDB that EVENTSTORE_URL names', async () => (await opening).eventLog);
eventFeedContract('the EventStoreDB that EVENTSTORE_URL names', async () => {
  const { eventLog: log, eventFeed: feed } = await opening;
  return { log, feed };
});
