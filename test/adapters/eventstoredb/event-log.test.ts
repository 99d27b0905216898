import { eventFeedContract } from '../../contracts/event-feed-contract.js';
import { eventLogContract } from '../../contracts/event-log-contract.js';
import { freshStream, someEvents } from '../../contracts/some-events.js';
import { open, startServer } from './open-event-store-db.js';

const alone = async () => open((await startServer()).connectionString);

/** Beside the streams of another service, with other names and as many events. */
const amongOthers = async () => {
  const { connectionString } = await startServer();
  const others = await open(connectionString, 'others.');
  for (let n = 0; n < 10; n += 1) await others.eventLog.append(freshStream(), someEvents(30), 'none');
  return open(connectionString, 'payments-of-ours.');
};

for (const [name, opening] of [
  ['the log in EventStoreDB', alone()],
  ['the log in an EventStoreDB that is shared', amongOthers()],
] as const) {
  eventLogContract(name, async () => (await opening).eventLog);
  eventFeedContract(name, async () => {
    const { eventLog: log, eventFeed: feed } = await opening;
    return { log, feed };
  });
}
