import { once } from 'node:events';
import { openEventStoreDb } from '../../../src/adapters/eventstoredb/open-event-store-db.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';

/**
 * A process that keeps 128 appends of 60 KB in flight until the server is unavailable to each; tells how many were told so, and appends
 * once more when it is asked to. A rejection that nobody handles ends it, as it ends any Node process.
 */
const connectionString = process.argv[2] ?? '';
const patience = { answerWithinMs: 1_000, tryMs: 300, pauseMs: 50, pauseMaxMs: 100 };
const opened = await openEventStoreDb({ connectionString, streamPrefix: '', patience });
const ids = new SystemIds();

const append = () => {
  const event = {
    id: ids.next(),
    type: 'PaymentPending',
    version: 1,
    data: { text: 'x'.repeat(60_000) },
    metadata: {},
  };
  return opened.eventLog.append(`payment-${ids.next()}`, [event], 'none');
};

const appendUntilUnavailable = async (): Promise<void> => {
  try {
    for (;;) await append();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
};

await append();
process.send?.('appending');
const told = await Promise.all(Array.from({ length: 128 }, appendUntilUnavailable));
process.send?.({ unavailable: told.length });
await once(process, 'message');
await append();
await opened.close();
process.disconnect();
