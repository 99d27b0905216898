import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { FindPayments, type PaymentFilter } from '../../../src/application/payments/find-payments.js';
import type { PaymentDocument } from '../../../src/application/payments/payment-document.js';
import { paymentIdOf, paymentStreamPrefix } from '../../../src/application/payments/payment-identity.js';
import { paymentProjection } from '../../../src/application/payments/payment-projection.js';
import { Projector } from '../../../src/application/projections/projector.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { orderId, transactionId, type PaymentId } from '../../../src/domain/payments/identity.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { atStage, chargeAnswered, charged, initiate, transaction } from '../../domain/payments/wishes-and-reports.js';
import { parkedKeysIn } from '../parking/parked-keys-in.js';
import { record, recordsIn, type Records } from './lives-on-record.js';

let stores: DataFolder;
let records: Records;
let find: FindPayments;

beforeEach(() => {
  stores = inMemory();
  records = recordsIn(stores);
  find = new FindPayments(stores.documents, stores.eventLog, records.clock, durations);
});

const project = async (): Promise<void> => {
  const { events } = await stores.eventFeed.readAfter('start', { streamPrefixes: [paymentStreamPrefix] });
  const projection = paymentProjection(durations);
  await new Projector(projection, stores.documents, stores.eventLog, parkedKeysIn(stores.records)).handle(events);
};

const settled = [atStage('settlement', 'gopay')];
const found = async (id: PaymentId, minRevision?: number) => {
  const payment = await find.byId(id, minRevision);
  if (!payment || payment === 'beyond') return payment;
  return [payment.document.status, payment.revision];
};

describe('a payment looked up by id', () => {
  it('is taken from the read model', async () => {
    const id = await record(records, 'order-1', charged('pending', 'gopay'));
    await project();
    await record(records, 'order-1', settled);
    expect(await found(id)).toEqual(['pending', 1]);
  });

  it('that the read model does not know yet is taken from the log', async () =>
    expect(await found(await record(records, 'order-1', charged('pending', 'gopay')))).toEqual(['pending', 1]));

  it('that nobody made is not there', async () => expect(await found(paymentIdOf(orderId('nobody')))).toBeUndefined());

  it('of a revision that the read model lacks is waited for, two seconds at most, then taken from the log', async () => {
    const id = await record(records, 'order-1', charged('pending', 'gopay'));
    await project();
    await record(records, 'order-1', settled);
    const before = records.clock.monotonicMs();
    expect(await found(id, 2)).toEqual(['settlement', 2]);
    expect(records.clock.monotonicMs() - before).toBe(2_000);
  });

  it('is taken from the read model as soon as that has come so far', async () => {
    const id = await record(records, 'order-1', charged('pending', 'gopay'));
    await project();
    await record(records, 'order-1', settled);
    const before = records.clock.monotonicMs();
    const sleep = records.clock.sleep.bind(records.clock);
    let polls = 0;
    records.clock.sleep = async (ms) => {
      polls += 1;
      if (polls === 3) await project();
      await sleep(ms);
    };
    expect(await found(id, 2)).toEqual(['settlement', 2]);
    expect([polls, records.clock.monotonicMs() - before]).toEqual([3, 75]);
  });

  it('of a revision beyond its log is told so at once', async () => {
    const id = await record(records, 'order-1', charged('pending', 'gopay'));
    expect(await found(id, 2)).toBe('beyond');
    await project();
    const before = records.clock.monotonicMs();
    expect(await found(id, 2)).toBe('beyond');
    expect(records.clock.monotonicMs()).toBe(before);
  });

  it('is shown as it stood at any revision', async () => {
    const id = await record(records, 'order-1', [...charged('pending', 'gopay'), ...settled]);
    const statuses = [];
    for (const revision of [0, 1, 2]) statuses.push((await find.atRevision(id, revision))?.document.status);
    expect(statuses).toEqual(['initiated', 'pending', 'settlement']);
  });

  it('says the same from the read model as from the log', async () => {
    const id = await record(records, 'order-1', [...charged('pending', 'gopay'), ...settled]);
    const fromLog = await find.byId(id);
    await project();
    expect(await find.byId(id)).toEqual(fromLog);
  });
});

/** A payment with something of its own in every field that can be asked for. */
const various = async (): Promise<readonly PaymentDocument[]> => {
  const users = ['u-1', 'u-2'];
  for (let n = 0; n < 12; n += 1) {
    const provider = n % 3 === 0 ? 'bca' : 'gopay';
    const amount = rupiah(10_000 + n * 1_000);
    const answer = transaction(n % 4 === 0 ? 'settlement' : 'pending', provider, {
      transactionId: transactionId(`tx-${n}`),
      grossAmount: amount,
      details: provider === 'bca' ? { va_numbers: [{ bank: 'bca', va_number: `8800${n}` }] } : {},
    });
    const step = initiate(provider, { userId: users[n % 2] ?? '', amount });
    await record(records, `order-${n}`, [step, chargeAnswered(answer)]);
    // Some were made in the same millisecond.
    if (n % 2 === 0) await records.clock.sleep(1_000);
  }
  await project();
  return (await find.list({}, 100, null)).payments.map(({ document }) => document);
};

const ordersIn = async (filter: PaymentFilter) =>
  (await find.list(filter, 100, null)).payments.map(({ document }) => document.order_id);

describe('the list of payments', () => {
  it('has the newest first', async () => {
    const all = await various();
    expect(all).toHaveLength(12);
    const keys = all.map(({ created_at: at, id }) => `${at} ${id}`);
    expect(keys).toEqual([...keys].sort().reverse());
  });

  it.each<[string, PaymentFilter, (payment: PaymentDocument) => boolean]>([
    ['a user', { userId: 'u-2' }, ({ user_id: user }) => user === 'u-2'],
    ['a status', { status: 'settlement' }, ({ status }) => status === 'settlement'],
    ['a payment type', { paymentType: 'gopay' }, ({ payment_type: type }) => type === 'gopay'],
    ['an amount', { amountMin: 12_000, amountMax: 15_000 }, ({ gross_amount: amount }) => amount >= 12_000 && amount <= 15_000],
    ['a user and a status', { userId: 'u-1', status: 'pending' }, ({ user_id: user, status }) => user === 'u-1' && status === 'pending'],
    ['a transaction id', { search: 'tx-7' }, ({ transaction_id: id }) => id === 'tx-7'],
    ['an account number', { search: '88003' }, ({ order_id: order }) => order === 'order-3'],
    ['an order id in the search', { search: 'order-5' }, ({ order_id: order }) => order === 'order-5'],
    ['an order id', { orderId: orderId('order-5') }, ({ order_id: order }) => order === 'order-5'],
    ["an order id of another user's", { orderId: orderId('order-5'), userId: 'u-1' }, () => false],
    ['a number that nobody has', { search: '8800' }, () => false],
  ])('by %s holds those and no others', async (_, filter, fits) => {
    const expected = (await various()).filter(fits).map(({ order_id: order }) => order);
    expect(await ordersIn(filter)).toEqual(expected);
  }); // prettier-ignore

  it('by time holds both ends', async () => {
    const all = await various();
    const [from, to] = [all[8]?.created_at ?? '', all[3]?.created_at ?? ''];
    const expected = all.filter(({ created_at: at }) => at >= from && at <= to).map(({ order_id: order }) => order);
    expect(await ordersIn({ createdFrom: from, createdTo: to })).toEqual(expected);
  });

  it('comes in pages of any size that together hold everything once', async () => {
    const all = (await various()).map(({ order_id: order }) => order);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 13 }), async (limit) => {
        const seen: string[] = [];
        let after = null;
        do {
          const page = await find.list({}, limit, after);
          seen.push(...page.payments.map(({ document }) => document.order_id));
          after = page.next;
          expect(page.payments.length).toBeLessThanOrEqual(limit);
        } while (after !== null);
        expect(seen).toEqual(all);
      }),
      { numRuns: 13 },
    );
  });
});
