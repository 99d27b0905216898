import { afterAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { paymentCollection } from '../../src/application/payments/payment-collection.js';
import { streamOf } from '../../src/application/payments/payment-identity.js';
import { paymentProjection, paymentProjectionVersion } from '../../src/application/payments/payment-projection.js';
import { foldingHere, type Folding } from '../../src/application/projections/folded-streams.js';
import { rebuild } from '../../src/application/projections/rebuild.js';
import { openDataFolder, type DataFolder } from '../../src/adapters/embedded/data-folder.js';
import { durations } from '../../src/domain/payments/durations.js';
import type { PaymentId } from '../../src/domain/payments/identity.js';
import { foldingInThreads } from '../../src/infrastructure/folding-threads.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { record, recordsIn } from '../application/payments/lives-on-record.js';
import { someEvent, upTo } from '../contracts/some-events.js';
import { atStage, charged } from '../domain/payments/wishes-and-reports.js';
import { compiled } from '../faults/compiled.js';
import { MemoryJournal } from '../service/memory-journal.js';

const thread = compiled('src/infrastructure/folding-thread.ts');
afterAll(() => rmSync(thread.folder, { recursive: true, force: true }));

const inThreads = (folder: string, threads: number): Folding =>
  foldingInThreads({ folder, durations, threads, script: pathToFileURL(thread.path) });

const settledStory = [...charged('pending', 'gopay'), atStage('settlement', 'gopay')];
const projection = paymentProjection(durations);

/** More than one thread reads at once. */
const payments = 150;
/** Each thread loads the program first. */
const withinMs = 60_000;

const withPayments = async (folder: string): Promise<{ stores: DataFolder; ids: readonly PaymentId[] }> => {
  const stores = openDataFolder({ folder });
  const records = recordsIn(stores);
  return { stores, ids: await Promise.all(upTo(payments).map((n) => record(records, `order-${n}`, settledStory))) };
};

const rebuilt = async (stores: DataFolder, folding: Folding, ids: readonly PaymentId[]) => {
  const parkedKeys = new ParkedKeys(stores.records, new SystemClock(), new MemoryJournal());
  const parts = { ...stores, checkpoints: stores.projectionCheckpoints, parkedKeys, folding };
  const events = await rebuild(projection, parts);
  const found = await stores.documents.getMany(paymentCollection, ids);
  const { parkedKeys: parked } = await parkedKeys.list('parked', 10, null);
  return {
    events,
    documents: [...found].sort((a, b) => (a.id < b.id ? -1 : 1)),
    parked: parked.map(({ key, event, waiting_revision, error }) => ({ key, event, waiting_revision, error })),
  };
};

describe('a rebuild folded in threads', () => {
  it(
    'writes what one thread alone would have written, and parks what cannot be folded',
    async () => {
      const folder = freshFolder();
      const { stores, ids } = await withPayments(folder);
      try {
        const [poisoned = ''] = ids;
        const stream = streamOf(poisoned as PaymentId);
        const poison = [someEvent({}, { type: 'PaymentTeleported' }), someEvent()];
        await stores.eventLog.append(stream, poison, 'any');
        const alone = await rebuilt(stores, foldingHere(stores.wholeStreams), ids);
        const shared = await rebuilt(stores, inThreads(folder, 2), ids);
        expect(alone.documents).toHaveLength(payments);
        expect(shared).toEqual(alone);
        expect(shared.events).toBe(payments * 3 + 2);
        const event = { stream, revision: 3, id: poison[0]?.id, type: 'PaymentTeleported' };
        const error = `Event 3 of ${stream} (PaymentTeleported version 1) cannot be read: unknown type`;
        expect(shared.parked).toEqual([{ key: poisoned, event, waiting_revision: 4, error }]);
      } finally {
        stores.close();
      }
    },
    withinMs,
  );

  it(
    'fails when one of the threads does, and leaves no checkpoint',
    async () => {
      const stores = openDataFolder({ folder: freshFolder() });
      try {
        await expect(rebuilt(stores, inThreads(freshFolder(), 2), [])).rejects.toThrow('events.db is not there');
        expect((await stores.projectionCheckpoints.load(`projection:payments:${paymentProjectionVersion}`)).size).toBe(
          0,
        );
      } finally {
        stores.close();
      }
    },
    withinMs,
  );
});
