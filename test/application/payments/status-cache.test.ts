import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { CacheFollower } from '../../../src/application/followers/cache-follower.js';
import { FindPayments } from '../../../src/application/payments/find-payments.js';
import { streamOf } from '../../../src/application/payments/payment-identity.js';
import { paymentProjection } from '../../../src/application/payments/payment-projection.js';
import { StatusCache, type PaymentReads } from '../../../src/application/payments/status-cache.js';
import type { FeedPosition } from '../../../src/application/ports/event-feed.js';
import { Projector } from '../../../src/application/projections/projector.js';
import { durations } from '../../../src/domain/payments/durations.js';
import type { PaymentId } from '../../../src/domain/payments/identity.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { atStage, charged } from '../../domain/payments/wishes-and-reports.js';
import { until } from '../../service/until.js';
import { parkedKeysIn } from '../parking/parked-keys-in.js';
import { record, recordsIn, type Records } from './lives-on-record.js';

const settled = [atStage('settlement', 'gopay')];
const limits = { ttlMs: 5_000, paymentsMax: 3 };

let stores: DataFolder;
let records: Records;
let reads: number;
let cache: StatusCache;
let find: FindPayments;
let projected: FeedPosition;
let stop: AbortController;
let following: Promise<void> | undefined;

beforeEach(() => {
  stores = inMemory();
  records = recordsIn(stores);
  reads = 0;
  projected = 'start';
  stop = new AbortController();
  following = undefined;
  const { documents } = stores;
  const counted: PaymentReads = {
    get: (...args) => {
      reads += 1;
      return documents.get(...args);
    },
    find: (...args) => documents.find(...args),
  };
  cache = new StatusCache(counted, records.clock, limits);
  find = new FindPayments(cache, stores.eventLog, records.clock, durations);
});

afterEach(async () => {
  stop.abort();
  await following;
});

/** What a replica elsewhere does with the read model. */
const project = async (): Promise<void> => {
  const { events, position } = await stores.eventFeed.readAfter(projected, { streamPrefixes: ['payment-'] });
  projected = position;
  const projection = paymentProjection(durations);
  await new Projector(projection, stores.documents, stores.eventLog, parkedKeysIn(stores.records)).handle(events);
};

const pendingPayment = async (order = 'order-1'): Promise<PaymentId> => {
  const id = await record(records, order, charged('pending', 'gopay'));
  await project();
  return id;
};

/** Its status and revision, and how often the store was asked for it. */
const look = async (id: PaymentId, minRevision?: number) => {
  const before = reads;
  const payment = await find.byId(id, minRevision);
  if (!payment || payment === 'beyond') throw new Error(`${id} is not there`);
  return { status: payment.document.status, revision: payment.revision, reads: reads - before };
};

const pending = { status: 'pending', revision: 1 };
const settlement = { status: 'settlement', revision: 2 };

describe('a payment that is looked at again and again', () => {
  it('is read from the store twice, then remembered', async () => {
    const id = await pendingPayment();
    expect(await look(id)).toEqual({ ...pending, reads: 1 });
    expect(await look(id)).toEqual({ ...pending, reads: 1 });
    expect(await look(id)).toEqual({ ...pending, reads: 0 });
  });

  it('is remembered for its time only, also when nobody tells of a change', async () => {
    const id = await pendingPayment();
    for (const _time of [1, 2]) await look(id);
    await record(records, 'order-1', settled);
    await project();
    await records.clock.sleep(limits.ttlMs - 1);
    expect(await look(id)).toEqual({ ...pending, reads: 0 });
    await records.clock.sleep(1);
    expect(await look(id)).toEqual({ ...settlement, reads: 1 });
    expect(await look(id)).toEqual({ ...settlement, reads: 0 });
  });

  it('is read again as soon as the feed tells that it changed', async () => {
    const id = await pendingPayment();
    for (const _time of [1, 2]) await look(id);
    await record(records, 'order-1', settled);
    await project();
    cache.forget(streamOf(id), 2);
    expect(await look(id)).toEqual({ ...settlement, reads: 1 });
  });

  it('is not remembered as it was before a change that the read model lacks', async () => {
    const id = await pendingPayment();
    await record(records, 'order-1', settled);
    cache.forget(streamOf(id), 2);
    for (const _time of [1, 2, 3]) expect(await look(id)).toEqual({ ...pending, reads: 1 });
    await project();
    for (const _time of [1, 2]) expect(await look(id)).toEqual({ ...settlement, reads: 1 });
    expect(await look(id)).toEqual({ ...settlement, reads: 0 });
  });

  it('is read from the store by whoever names a newer revision than is remembered', async () => {
    const id = await pendingPayment();
    for (const _time of [1, 2]) await look(id);
    await record(records, 'order-1', settled);
    await project();
    expect(await look(id, 1)).toEqual({ ...pending, reads: 0 });
    expect(await look(id, 2)).toEqual({ ...settlement, reads: 1 });
    expect(await look(id)).toEqual({ ...settlement, reads: 0 });
  });

  it('makes room for others when there are too many', async () => {
    const first = await pendingPayment('order-1');
    for (const _time of [1, 2]) await look(first);
    const others = [await pendingPayment('order-2'), await pendingPayment('order-3'), await pendingPayment('order-4')];
    for (const id of others) for (const _time of [1, 2]) await look(id);
    for (const id of others) expect(await look(id)).toEqual({ ...pending, reads: 0 });
    expect(await look(first)).toEqual({ ...pending, reads: 1 });
  });

  it('is forgotten by a replica that hears the feed, whoever changed it', async () => {
    const parts = { eventFeed: stores.eventFeed, clock: new SystemClock(), journal: records.journal };
    following = new CacheFollower([cache], parts).run(stop.signal);
    const id = await pendingPayment();
    for (const _time of [1, 2, 3]) await look(id);
    await record(records, 'order-1', settled);
    await project();
    await until('the replica knows', async () => (await look(id)).status === 'settlement');
  });
});
