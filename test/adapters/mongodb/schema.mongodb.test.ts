import { describe, expect, it } from '@jest/globals';
import { Long, type Document } from 'mongodb';
import { declaredCollections } from '../../../src/application/documents/declared-collections.js';
import { paymentCollection } from '../../../src/application/payments/payment-collection.js';
import { documentOf } from '../../../src/application/payments/payment-document.js';
import { foldEvents } from '../../../src/application/payments/payment-fold.js';
import { streamOf } from '../../../src/application/payments/payment-identity.js';
import { paymentProjection, paymentProjectionVersion } from '../../../src/application/payments/payment-projection.js';
import { guardOf } from '../../../src/application/projections/document-guard.js';
import { Projector } from '../../../src/application/projections/projector.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { record, recordsIn } from '../../application/payments/lives-on-record.js';
import { chargeAnswered, initiate, transaction } from '../../domain/payments/wishes-and-reports.js';
import { parkedKeysIn } from '../../application/parking/parked-keys-in.js';
import { inMemory } from '../embedded/open-folder.js';
import { freshDatabase, serverUri, shellOn, storesAt } from './open-stores.js';

const dearest = rupiah(9_007_199_254_740_991);
const pending = [
  initiate('bca', {
    amount: dearest,
    details: { bank: 'bca' },
    personal: { customer_details: { first_name: 'Budi', email: 'budi@example.com' } },
    metadata: { 'shop.id': 7, $note: 'a gift' },
  }),
  chargeAnswered(transaction('pending', 'bca', { grossAmount: dearest })),
];

/** A payment whose events stand in a log, its document written to MongoDB by the projector. */
const projected = async () => {
  const database = freshDatabase();
  const shell = await shellOn(database);
  const stores = await storesAt({ uri: serverUri(), database, collections: declaredCollections });
  const log = inMemory();
  const id = await record(recordsIn(log), 'order-1', pending);
  const events = await log.eventLog.read(streamOf(id));
  await new Projector(
    paymentProjection(durations),
    stores.documents,
    log.eventLog,
    parkedKeysIn(stores.documents),
  ).handle(events);
  const fold = foldEvents(id, events);
  const revision = guardOf(paymentProjectionVersion, events.length - 1);
  return { shell, stores, id, revision, document: fold && documentOf(fold, durations) };
};

/** Without the fields that have no value. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Of every number in a document, where it stands and how it is kept. */
const kindsOfNumbers = (value: unknown, path = ''): readonly (readonly [string, string])[] => {
  if (value instanceof Long) return [[path, 'Long']];
  if (typeof value === 'number') return [[path, 'number']];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => kindsOfNumbers(inner, path ? `${path}.${name}` : name));
};

describe('the collection payments in a MongoDB shell', () => {
  it('has the documented fields', async () => {
    const { shell, id, revision } = await projected();
    const seen = await shell.collection<Document & { _id: string }>('payments').findOne({ _id: id });
    expect(seen).toMatchObject({
      _id: id,
      id,
      order_id: 'order-1',
      transaction_id: 'tx-1',
      user_id: 'user-1',
      payment_type: 'bank_transfer',
      status: 'pending',
      currency: 'IDR',
      payment_details: { bank: 'bca' },
      created_at: '2026-11-23T05:00:00.000Z',
      updated_at: '2026-11-23T05:00:00.000Z',
      expires_at: expect.stringMatching(/^2026-11-2\dT/),
      metadata: { 'shop%2Eid': Long.fromNumber(7), '%24note': 'a gift' },
      revision,
    });
  });

  it('keeps amounts, and all whole numbers of the document, as 64-bit integers', async () => {
    const { shell, id } = await projected();
    const seen = await shell.collection<Document & { _id: string }>('payments').findOne({ _id: id });
    expect(seen?.['gross_amount']).toEqual(Long.fromString('9007199254740991'));
    const numbers = kindsOfNumbers(seen);
    expect(numbers.map(([path]) => path)).toEqual(expect.arrayContaining(['captured_amount', 'refunded_amount', 'refundable_amount'])); // prettier-ignore
    expect(numbers.filter(([, kind]) => kind !== 'Long')).toEqual([['revision', 'number']]);
  });

  it('shows nobody who the customer is', async () => {
    const { shell, id } = await projected();
    const seen = await shell.collection<Document & { _id: string }>('payments').findOne({ _id: id });
    expect(seen?.['customer_details']).toMatchObject({ sealed: expect.any(String) });
    expect(JSON.stringify(seen)).not.toMatch(/Budi|budi/);
  });

  it('reads back as the events tell it, amounts as numbers', async () => {
    const { stores, id, revision, document } = await projected();
    const read = await stores.documents.get(paymentCollection, id);
    expect(read).toEqual({ id, revision, document: asJson(document) });
    expect(read?.document['gross_amount']).toBe(9_007_199_254_740_991);
  });

  it('is asked by indexes that were made before anybody asked', async () => {
    const { shell } = await projected();
    const indexed = declaredCollections.filter((collection) => collection.indexes.length > 0);
    for (const { name, indexes } of indexed) {
      const made = await shell.collection(name).indexes();
      expect(new Set(made.map((index) => index.name))).toEqual(
        new Set(['_id_', ...indexes.map((index) => index.name)]),
      );
    }
  });
});
