import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { performance } from 'node:perf_hooks';
import { paymentStreamPrefix } from '../../src/application/payments/payment-identity.js';
import { answerTask } from '../processes/task.js';
import { serversOf } from '../stores/bench-stores.js';
import type { RawFeed, RawFeedTask } from './raw-tasks.js';

/** The least that anybody must do who follows EventStoreDB's log: a subscription filtered by the server, its events parsed by the client. */
const rawFeed = async ({ place, events }: RawFeedTask): Promise<RawFeed> => {
  const { eventStoreUrl, streamPrefix } = serversOf(place);
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const filter = streamNameFilter({ prefixes: [`${streamPrefix}${paymentStreamPrefix}`] });
  const startedAt = performance.now();
  const subscription = client.subscribeToAll({ fromPosition: START, filter });
  let seen = 0;
  for await (const { event } of subscription) {
    if (event) seen += 1;
    if (seen === events) break;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  await client.dispose();
  return { perSecond: events / seconds };
};

await answerTask(rawFeed);
