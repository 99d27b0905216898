import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.js';
import { asText } from '../service/caller.js';
import { openShop, type Shop } from '../service/shop.js';
import { amount, customer, items, orderOf } from './orders.js';
import { until } from '../service/until.js';
import { methodJourneys, type MethodJourney } from './method-journeys.js';

let shop: Shop;
let orders = 0;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const text = expect.any(String) as unknown as string;

/** Exactly what a payment looks like over HTTP. */
const shown = (journey: MethodJourney, order: string, change: JsonObject): JsonObject => ({
  id: text,
  order_id: order,
  transaction_id: text,
  user_id: 'u-1',
  payment_type: journey.paymentType,
  status: 'pending',
  // Midtrans says nothing of it for Indomaret (midtrans-facts 3.8).
  fraud_status: journey.method === 'cstore indomaret' ? null : 'accept',
  paid: false,
  in_doubt: false,
  gross_amount: amount,
  currency: 'IDR',
  captured_amount: 0,
  refunded_amount: 0,
  refundable_amount: 0,
  payment_details: { ...journey.asked, ...journey.toPay },
  customer_details: customer,
  item_details: items,
  metadata: { table: 7 },
  created_at: text,
  updated_at: text,
  expires_at: text,
  paid_at: null,
  settled_at: null,
  revision: 1,
  ...change,
});

/** A page has no transaction until its customer picks a method. */
const beforePicking = ({ toPay }: MethodJourney): JsonObject =>
  toPay['snap_token'] ? { transaction_id: null, fraud_status: null } : {};

const make = async (journey: MethodJourney) => {
  const order = `journey-${(orders += 1)}`;
  const { status, body } = await shop.clerk.make(orderOf(order, journey.paymentType, journey.asked));
  expect(status).toBe(201);
  expect(body).toEqual(shown(journey, order, beforePicking(journey)));
  expect(await shop.clerk.types(asText(body['id']))).toEqual(['PaymentInitiated', 'PaymentPending']);
  return { order, id: asText(body['id']) };
};

const paid = (journey: MethodJourney): JsonObject => ({
  paid: true,
  status: 'settlement',
  captured_amount: amount,
  refundable_amount: journey.refund === 'none' ? 0 : amount,
  payment_details: { ...journey.asked, ...journey.toPay, ...journey.receipt },
  paid_at: text,
  settled_at: text,
});

const makeAndPay = async (journey: MethodJourney) => {
  const { order, id } = await make(journey);
  await shop.simulator.pay(order);
  // Settled within two seconds of being paid.
  const settled = await shop.clerk.becomes(id, { status: 'settlement' }, 2_000);
  expect(settled).toEqual(shown(journey, order, { ...paid(journey), revision: 2 }));
  return { order, id };
};

const settledEvents = ['PaymentInitiated', 'PaymentPending', 'PaymentSettled'];
const refundEvents = ['RefundRequested', 'RefundAccepted', 'RefundConfirmed'];

describe.each(methodJourneys.map((journey) => [journey.method, journey] as const))('%s', (_, journey) => {
  it('is charged, paid, notified and settled', async () => {
    const { order, id } = await makeAndPay(journey);
    expect(await shop.clerk.types(id)).toEqual(settledEvents);
    const [initiated, , settled] = await shop.clerk.events(id);
    expect(initiated?.actor).toMatchObject({ kind: 'user', id: 'u-1' });
    expect(settled?.actor).toMatchObject({ kind: 'midtrans' });
    const { body } = settled?.notification ?? {};
    // A page is told of twice; which of the two comes first is all the same, since Midtrans is asked.
    const told = expect.stringMatching(journey.toPay['snap_token'] ? /^(pending|settlement)$/ : /^settlement$/);
    expect(JSON.parse(asText(body))).toMatchObject({ order_id: order, transaction_status: told });
    const [{ gross_amount: there } = {}, ...others] = await shop.simulator.transactionsOf(order);
    expect([there, others]).toEqual(['50000.00', []]);
  });

  if (journey.refund === 'none')
    it('is not refunded through Midtrans, and says so', async () => {
      const { id } = await makeAndPay(journey);
      const refund = await shop.clerk.act(id, 'refunds', { reason: 'broken' });
      expect([refund.status, refund.body['errors']]).toEqual([
        422,
        [expect.objectContaining({ code: 'not_refundable' })],
      ]);
      expect(await shop.clerk.types(id)).toEqual(settledEvents);
    });

  if (journey.refund === 'full')
    it('is refunded whole, and only whole', async () => {
      const { order, id } = await makeAndPay(journey);
      const part = await shop.clerk.act(id, 'refunds', { amount: 20_000, reason: 'broken' });
      expect(part.status).toBe(422);
      const whole = await shop.clerk.act(id, 'refunds', { reason: 'broken', refund_key: 'r-1' });
      expect([whole.status, whole.body]).toEqual([
        201,
        { refund_key: 'r-1', amount, reason: 'broken', status: 'accepted', created_at: text, bank_confirmed_at: null },
      ]);
      await confirmed(id, 1);
      expect(await shop.clerk.types(id)).toEqual([...settledEvents, ...refundEvents]);
      const refunded = { status: 'refund', paid: false, refunded_amount: amount, refundable_amount: 0, revision: 5 };
      expect(await shop.clerk.becomes(id, { revision: 5 })).toEqual(
        shown(journey, order, { ...paid(journey), ...refunded }),
      );
    });

  if (journey.refund === 'partial')
    it('is refunded in parts, until nothing is left', async () => {
      const { order, id } = await makeAndPay(journey);
      const first = await shop.clerk.act(id, 'refunds', { amount: 20_000, reason: 'broken', refund_key: 'r-1' });
      expect(first.status).toBe(201);
      await confirmed(id, 1);
      const partly = { status: 'partial_refund', refunded_amount: 20_000, refundable_amount: 30_000, revision: 5 };
      expect(await shop.clerk.becomes(id, { revision: 5 })).toEqual(
        shown(journey, order, { ...paid(journey), ...partly }),
      );
      const tooMuch = await shop.clerk.act(id, 'refunds', { amount: 30_001, reason: 'broken' });
      expect([tooMuch.status, tooMuch.body['errors']]).toEqual([
        422,
        [expect.objectContaining({ code: 'refund_exceeds_balance' })],
      ]);
      const rest = await shop.clerk.act(id, 'refunds', { reason: 'all of it', refund_key: 'r-2' });
      expect([rest.status, rest.body['amount']]).toEqual([201, 30_000]);
      await confirmed(id, 2);
      expect(await shop.clerk.types(id)).toEqual([...settledEvents, ...refundEvents, ...refundEvents]);
      const refunded = { status: 'refund', paid: false, refunded_amount: amount, refundable_amount: 0, revision: 8 };
      expect(await shop.clerk.becomes(id, { revision: 8 })).toEqual(
        shown(journey, order, { ...paid(journey), ...refunded }),
      );
    });

  for (const { verb, may, requested, ended } of [
    { verb: 'cancel', may: journey.cancel, requested: 'CancelRequested', ended: 'PaymentCancelled' },
    { verb: 'expire', may: journey.expire, requested: 'ExpiryRequested', ended: 'PaymentExpired' },
  ])
    if (may)
      it(`can be ended while it waits: ${verb}`, async () => {
        const { order, id } = await make(journey);
        const answer = await shop.clerk.act(id, verb, { reason: 'changed their mind' });
        expect([answer.status, answer.body]).toEqual([
          200,
          shown(journey, order, { ...beforePicking(journey), status: verb, revision: 3 }),
        ]);
        expect(await shop.clerk.types(id)).toEqual(['PaymentInitiated', 'PaymentPending', requested, ended]);
        const there = await shop.simulator.transactionsOf(order);
        expect(there.map((transaction) => transaction['transaction_status'])).toEqual(
          journey.toPay['snap_token'] ? [] : [verb],
        );
      });
    else
      it(`cannot be ended while it waits: ${verb}`, async () => {
        const { id } = await make(journey);
        const answer = await shop.clerk.act(id, verb, {});
        expect([answer.status, answer.body['errors']]).toEqual([
          409,
          [expect.objectContaining({ code: 'invalid_transaction_status' })],
        ]);
        expect(await shop.clerk.types(id)).toEqual(['PaymentInitiated', 'PaymentPending']);
      });
});

/** The bank has confirmed so many refunds. */
const confirmed = async (id: string, count: number): Promise<void> => {
  await until(`${count} refunds confirmed`, async () => {
    const types = await shop.clerk.types(id);
    return types.filter((type) => type === 'RefundConfirmed').length === count;
  });
};
