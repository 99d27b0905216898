import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callerAs, type Answered, type Caller } from '../service/caller.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import { until } from '../service/until.js';

const { EVENTSTORE_URL, MONGODB_URI } = process.env;
if (!EVENTSTORE_URL || !MONGODB_URI) throw new Error('EVENTSTORE_URL and MONGODB_URI: must name running servers');

const run = randomUUID().slice(0, 8);
/** Streams and a database of its own for each run, so that it passes any number of times on the same servers. */
const variables = { EVENTSTORE_URL, MONGODB_URI, EVENTSTORE_STREAM_PREFIX: `run-${run}.`, MONGODB_DB: `run_${run}` };

let simulator: SimulatorHand;
let replicas: ServiceUnderTest[];
let first: Caller;
let second: Caller;

beforeAll(async () => {
  simulator = await SimulatorHand.start();
  const two = await serviceFor(simulator.url, variables);
  // What is charged at the first is notified to the second.
  const notified = { ...variables, MIDTRANS_NOTIFICATION_URL: `${two.url}/payments/webhooks/midtrans` };
  const one = await serviceFor(simulator.url, notified);
  replicas = [one, two];
  first = await callerAs(one.url, 'budi', 'customer', 'finance', 'auditor');
  second = await callerAs(two.url, 'budi', 'customer', 'finance', 'auditor');
}, 30_000);

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await simulator.close();
});

const statusOf = async (caller: Caller, id: string): Promise<unknown> =>
  (await caller.get(`/payments/${id}`)).body['status'];

const idOf = ({ body }: Answered): string => (body as { id: string }).id;

describe('two replicas on EventStoreDB and MongoDB', () => {
  it('make one payment of one order, whichever is asked', async () => {
    const order = {
      order_id: `${run}-once`,
      payment_type: 'bank_transfer',
      gross_amount: 50_000,
      payment_details: { bank: 'bni' },
    };
    const [one, two] = await Promise.all([first.post('/payments', order), second.post('/payments', order)]);
    // The other sees the charge under way, or made already.
    expect([
      [200, 201],
      [201, 202],
    ]).toContainEqual([one.status, two.status].sort((a, b) => a - b));
    await until('one settled charge', async () => {
      const { status, body } = await second.post('/payments', order);
      return status === 200 && body['status'] === 'pending';
    });
    const { body } = await first.get(`/payments/${idOf(one)}/events`);
    expect((body['data'] as { type: string }[]).map(({ type }) => type)).toEqual([
      'PaymentInitiated',
      'PaymentPending',
    ]);
  });

  it('settle at one what was made at the other, refund it there, and tell the same', async () => {
    const made = await first.post('/payments', {
      order_id: `${run}-paid`,
      payment_type: 'gopay',
      gross_amount: 40_000,
    });
    const id = idOf(made);
    expect([made.status, made.body['status']]).toEqual([201, 'pending']);

    await simulator.pay(`${run}-paid`);
    await until(
      'both know that it is paid',
      async () => (await statusOf(first, id)) === 'settlement' && (await statusOf(second, id)) === 'settlement',
    );

    const refund = { amount: 15_000, reason: 'one item', refund_key: 'r1' };
    expect((await second.post(`/payments/${id}/refunds`, refund)).status).toBe(201);
    expect((await first.post(`/payments/${id}/refunds`, refund)).status).toBe(200);
    await until('the refund is confirmed', async () => {
      const { body } = await first.get(`/payments/${id}/refunds`);
      return (body['data'] as { status: string }[])[0]?.status === 'confirmed';
    });
    const { body } = await second.get(`/payments/${id}`);
    expect(body).toMatchObject({ status: 'partial_refund', refunded_amount: 15_000, refundable_amount: 25_000 });
  });

  it('give one answer for one Idempotency-Key', async () => {
    const order = { order_id: `${run}-key`, payment_type: 'qris', gross_amount: 10_000 };
    const headers = { 'idempotency-key': `${run}-key` };
    const made = await first.post('/payments', order, headers);
    const again = await second.post('/payments', order, headers);
    expect([made.status, again.status, again.headers.get('idempotency-hit')]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(made.body);
  });

  it('list the same payments', async () => {
    await until('three payments are listed', async () => {
      const [one, two] = [await first.get('/payments'), await second.get('/payments')];
      const orders = ({ body }: typeof one) => (body['data'] as { order_id: string }[]).map(({ order_id }) => order_id);
      return orders(one).length === 3 && JSON.stringify(orders(one)) === JSON.stringify(orders(two));
    });
  });
});
