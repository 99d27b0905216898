import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { SystemIds } from '../../src/adapters/system/system-ids.js';
import { answerTask } from '../processes/task.js';
import { serversOf } from '../stores/bench-stores.js';
import type { AppendTask } from './append-task.js';
import { appending, type AppendResult } from './appending.js';
import { someEvents } from './some-event.js';

/** EventStoreDB's own client as it comes, which sends all appends of a process through one call: one event each. */
const appended = async ({ place, event, atOnce, forMs }: AppendTask): Promise<AppendResult> => {
  const { eventStoreUrl, streamPrefix } = serversOf(place);
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const ids = new SystemIds();
  const append = async (): Promise<void> => {
    const { id, type, data, metadata } = someEvents[event](ids.next());
    const stream = `${streamPrefix}payment-${ids.next()}`;
    await client.appendToStream(stream, jsonEvent({ id, type, data, metadata }), { expectedRevision: NO_STREAM });
  };
  // Many at once on a fresh connection may hang (eventstoredb-facts).
  await append();
  const result = await appending(atOnce, forMs, append);
  await client.dispose();
  return result;
};

await answerTask(appended);
