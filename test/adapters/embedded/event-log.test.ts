import { eventFeedContract } from '../../contracts/event-feed-contract.js';
import { eventLogContract } from '../../contracts/event-log-contract.js';
import { fileFolder, inMemory } from './open-folder.js';

for (const [name, open] of [
  ['the embedded log in memory', inMemory],
  ['the embedded log on disk', fileFolder],
] as const) {
  eventLogContract(name, async () => open().eventLog);
  eventFeedContract(name, async () => {
    const { eventLog: log, eventFeed: feed } = open();
    return { log, feed };
  });
}
