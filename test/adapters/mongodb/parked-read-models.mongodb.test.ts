import { describe, expect, it } from '@jest/globals';
import { paymentCollection } from '../../../src/application/payments/payment-collection.js';
import { paymentProjection } from '../../../src/application/payments/payment-projection.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { Projector } from '../../../src/application/projections/projector.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { parkedReadModelsContract } from '../../contracts/parked-read-models-contract.js';
import { parkedKeysIn } from '../../application/parking/parked-keys-in.js';
import { record, recordsIn } from '../../application/payments/lives-on-record.js';
import { initiate } from '../../domain/payments/wishes-and-reports.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { inMemory } from '../embedded/open-folder.js';
import { freshDatabase, serverUri, sharedStores, shellOn, storesAt } from './open-stores.js';

parkedReadModelsContract('MongoDB', inMemory, async () => {
  const { documents } = await sharedStores();
  return { documents, records: documents };
});

describe('payments on record whose documents a MongoDB cannot take', () => {
  const opened = async () => {
    const database = freshDatabase();
    const shell = await shellOn(database);
    const { documents } = await storesAt({ uri: serverUri(), database });
    await documents.get(paymentCollection, 'none');
    const log = inMemory();
    const journal = new MemoryJournal();
    const projector = new Projector(paymentProjection(durations), documents, log.eventLog, parkedKeysIn(documents, journal));
    const feed = async () => (await log.eventFeed.readAfter('start', { streamPrefixes: ['payment-'] })).events;
    const parked = () => journal.entries.map(({ fields }) => fields['key']);
    return { shell, documents, log, projector, feed, parked };
  }; // prettier-ignore

  /** No such payment comes in by HTTP any more. A mongod makes both names one; the stand-in closes the connection on each write. */
  it('are parked or kept, and hold up no others', async () => {
    const { documents, log, projector, feed, parked } = await opened();
    const sick = await record(recordsIn(log), 'order-1', [initiate('bca', { metadata: { '\ud800': 1, '\udc00': 2 } })]);
    const well = await record(recordsIn(log), 'order-2', [initiate()]);
    for (let round = 0; round < 3; round += 1) {
      const done = await projector.handle(await feed()).catch((error: unknown) => error);
      if (done === undefined) break;
      expect(done).toBeInstanceOf(StoreUnavailable);
    }
    expect((await documents.get(paymentCollection, well))?.document['order_id']).toBe('order-2');
    const kept = await documents.get(paymentCollection, sick);
    expect(parked()).toEqual(kept === undefined ? [sick] : []);
  });
});
