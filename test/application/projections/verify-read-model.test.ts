import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { paymentCollection } from '../../../src/application/payments/payment-collection.js';
import { paymentStreamPrefix, streamOf } from '../../../src/application/payments/payment-identity.js';
import { foldEvents } from '../../../src/application/payments/payment-fold.js';
import { paymentProjection } from '../../../src/application/payments/payment-projection.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import type { StoredDocument } from '../../../src/application/ports/documents.js';
import { guardOf } from '../../../src/application/projections/document-guard.js';
import { verifyOrigins, verifyReadModel } from '../../../src/application/projections/verify-read-model.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { paymentId, type PaymentId } from '../../../src/domain/payments/identity.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { someEvent } from '../../contracts/some-events.js';
import { atStage, charged, openPage } from '../../domain/payments/wishes-and-reports.js';
import { record, recordsIn } from '../payments/lives-on-record.js';
import { rebuild } from '../../../src/application/projections/rebuild.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { parkedKeysIn } from '../parking/parked-keys-in.js';

const projection = { ...paymentProjection(durations), version: 1 };
const settledStory = [...charged('pending', 'gopay'), atStage('settlement', 'gopay')];
/** Waits for nobody. */
const impatient = Object.assign(new SystemClock(), { sleep: () => Promise.resolve() });

/** Two payments with their read model. */
const aReadModel = async () => {
  const stores = inMemory();
  const records = recordsIn(stores);
  const [one, two] = [await record(records, 'order-1', settledStory), await record(records, 'order-2', openPage)];
  await rebuild(projection, {
    ...stores,
    checkpoints: stores.projectionCheckpoints,
    parkedKeys: parkedKeysIn(stores.records, new MemoryJournal()),
  });
  const documentOf = async (id: PaymentId): Promise<StoredDocument> => {
    const stored = await stores.documents.get(paymentCollection, id);
    if (!stored) throw new Error(`${id} has no document`);
    return stored;
  };
  /** Puts these in the place of all documents. */
  const documentsBecome = async (...documents: readonly StoredDocument[]): Promise<void> => {
    await stores.documents.clear(paymentCollection);
    await stores.documents.write(paymentCollection, documents);
  };
  const headOf = async (id: PaymentId): Promise<number> => (await stores.eventLog.read(streamOf(id))).length - 1;
  const findings = async (clock: Clock = impatient): Promise<readonly string[]> => {
    const found: string[] = [];
    const checks = [
      verifyReadModel(projection, { ...stores, clock }),
      verifyOrigins(paymentCollection, 'newest', (id) => paymentStreamPrefix + id, stores),
    ];
    for (const check of checks)
      for await (const told of check) if (told.type === 'finding') found.push(`${told.stream}: ${told.message}`);
    return found;
  };
  return { stores, one, two, documentOf, documentsBecome, headOf, findings };
};

describe('verifying a read model', () => {
  it('finds nothing where it is as its events tell, and says how many there were', async () => {
    const { stores, findings } = await aReadModel();
    expect(await findings()).toEqual([]);
    const events = await stores.eventFeed.countAfter('start', projection, 1_000);
    const told = [];
    for await (const one of verifyReadModel(projection, { ...stores, clock: impatient })) told.push(one);
    expect(told).toEqual([{ type: 'progress', done: events }]);
  });

  it('names the fields in which a document is not what its events tell', async () => {
    const { one, two, documentOf, documentsBecome, findings } = await aReadModel();
    const { document, ...rest } = await documentOf(one);
    const changed = { ...document, status: 'pending', state: { ...(document['state'] as object), amount: 1 } };
    await documentsBecome({ ...rest, document: { ...changed, extra: null } }, await documentOf(two));
    expect(await findings()).toEqual([
      `${streamOf(one)}: its document differs from a fresh fold in extra, state.amount, status`,
    ]);
  });

  it('finds a payment without document, and one whose document stands still', async () => {
    const { one, two, documentsBecome, headOf, findings, stores } = await aReadModel();
    const head = await headOf(one);
    const before = foldEvents(one, (await stores.eventLog.read(streamOf(one))).slice(0, head));
    if (!before) throw new Error('too short a story');
    await documentsBecome({
      id: one,
      revision: guardOf(projection.version, head - 1),
      document: projection.document(before),
    });
    expect(await findings()).toEqual([
      `${streamOf(one)}: its document stands still at revision ${head - 1}, while it ends at ${head}`,
      `${streamOf(two)}: has no document`,
    ]);
  });

  it('waits a little for a document that is only behind', async () => {
    const { one, two, documentOf, documentsBecome, findings, stores } = await aReadModel();
    const late = await documentOf(two);
    await documentsBecome(await documentOf(one));
    setTimeout(() => void stores.documents.write(paymentCollection, [late]), 400);
    expect(await findings(new SystemClock())).toEqual([]);
  });

  it('finds a document that has seen more than there is, or is of another version', async () => {
    const { one, two, documentOf, documentsBecome, headOf, findings } = await aReadModel();
    const [head, documents] = [await headOf(one), [await documentOf(one), await documentOf(two)] as const];
    await documentsBecome({ ...documents[0], revision: guardOf(projection.version, head + 3) }, documents[1]);
    expect(await findings()).toEqual([
      `${streamOf(one)}: its document has seen revision ${head + 3}, while it ends at ${head}`,
    ]);
    await documentsBecome({ ...documents[0], revision: guardOf(projection.version + 1, head) }, documents[1]);
    expect(await findings()).toEqual([
      `${streamOf(one)}: its document is of version ${projection.version + 1} of the read model, which is at ${projection.version}`,
    ]);
  });

  it('finds an event that cannot be read, and a stream of no payment', async () => {
    const { stores, one, headOf, findings } = await aReadModel();
    const head = await headOf(one);
    await stores.eventLog.append(streamOf(one), [someEvent({}, { type: 'NeverHeardOf' })], head);
    await stores.eventLog.append('payment-nonsense', [someEvent()], 'none');
    const [unreadable, nonsense, ...more] = await findings();
    expect(unreadable).toMatch(`${streamOf(one)}: revision ${head + 1} (NeverHeardOf) cannot be folded: `);
    expect(nonsense).toMatch(/^payment-nonsense: /);
    expect(more).toEqual([]);
  });

  it('finds a document of a payment that the log does not know', async () => {
    const { one, two, documentOf, documentsBecome, findings } = await aReadModel();
    const unknown = paymentId('3eda3150-e9ce-5455-bb11-10a3ab4c4832');
    const { revision, document } = await documentOf(one);
    const documents = [await documentOf(one), await documentOf(two)];
    await documentsBecome(...documents, { id: unknown, revision, document: { ...document, id: unknown } });
    expect(await findings()).toEqual([`${streamOf(unknown)}: has a document and no events`]);
  });
});
