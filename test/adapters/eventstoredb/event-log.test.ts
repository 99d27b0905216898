import { eventFeedContract } from '../../contracts/event-feed-contract.js';
import { eventLogContract } from '../../contracts/event-log-contract.js';
import { open, startServer } from './open-event-store-db.js';

const server = startServer();

for (const [name, prefix] of [
  ['the log in EventStoreDB', ''],
  ['the log in an EventStoreDB that is shared', 'payments-of-ours.'],
] as const) {
  const opened = server.then(({ connectionString }) => open(connectionString, prefix));
  eventLogContract(name, async () => (await opened).eventLog);
  eventFeedContract(name, async () => {
    const { eventLog: log, eventFeed: feed } = await opened;
    return { log, feed };
  });
}
