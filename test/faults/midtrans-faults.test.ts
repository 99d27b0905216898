import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/domain/json.js';
import { asText } from '../service/caller.js';
import { PaymentsClient } from '../service/payments-client.js';
import { openShop, type Shop } from '../service/shop.js';
import { serverKey, tokenOf } from '../service/start-service.js';
import { until } from '../service/until.js';
import { orderOf } from '../journeys/orders.js';

// R13.4: whatever goes wrong at Midtrans or on the way there, over HTTP, with the service settling it by itself.

const shorter = {
  answerWithinMs: 900,
  lookAfterMs: [0, 200, 500, 900],
  lookEveryMs: 500,
  absenceCountsAfterMs: 1_500,
  absenceRepeatedAfterMs: 200,
};

let shop: Shop;
let order: string;
let orders = 0;

beforeAll(async () => {
  shop = await openShop({ DURATIONS_FOR_TESTS: JSON.stringify(shorter) });
});
afterAll(() => shop.close());
beforeEach(() => {
  order = `fault-${(orders += 1)}`;
});
afterEach(async () => {
  shop.between.heal();
  await shop.simulator.noFaults();
});

const idOf = (payment: JsonObject): string => asText(payment['id']);
const make = (paymentType = 'gopay', details: JsonObject = {}) => shop.clerk.make(orderOf(order, paymentType, details));
const codes = (body: JsonObject) => (body['errors'] as readonly JsonObject[]).map(({ code }) => code);
const chargedThere = async (): Promise<number> => (await shop.simulator.transactionsOf(order)).length;

/** What can happen to one request, as often as the service repeats it. */
const faults = {
  'is slow': { kind: 'delay', delay_ms: 1_200, times: 1 },
  'answers 500': { kind: 'status', status: 500, times: 5 },
  'answers 503': { kind: 'status', status: 503, times: 5 },
  'answers HTML': { kind: 'html', times: 5 },
  'loses the connection before it did anything': { kind: 'drop_before', times: 5 },
  'loses the connection after it did': { kind: 'drop_after_commit', times: 5 },
} as const;

const arrives = (fault: keyof typeof faults): boolean =>
  fault === 'is slow' || fault === 'loses the connection after it did';

/** Only looking settles it: the notification would be faster. */
const loseNotifications = () => shop.simulator.fault({ notifications: { lose: 1 } });

describe.each(Object.keys(faults) as (keyof typeof faults)[])('Midtrans %s', (fault) => {
  it('on a charge: it is in doubt, and was made once if it was made', async () => {
    await loseNotifications();
    await shop.simulator.fault({ path: '/v2/charge', ...faults[fault] });
    const { status, body } = await make();
    expect([status, body['in_doubt'], body['status']]).toEqual([202, true, 'initiated']);
    const again = await make();
    expect([again.status, again.body['id']]).toEqual([202, body['id']]);

    if (arrives(fault)) await shop.clerk.becomes(idOf(body), { in_doubt: false, status: 'pending' }, 10_000);
    else expect((await shop.clerk.act(idOf(body), 'sync')).body).toMatchObject({ in_doubt: true });
    expect(await chargedThere()).toBe(arrives(fault) ? 1 : 0);
  }, 15_000);

  it('on a refund: it is in doubt, settles by itself, and is made once', async () => {
    const { body } = await make();
    await shop.simulator.pay(order);
    await shop.clerk.becomes(idOf(body), { status: 'settlement' });
    await loseNotifications();
    await shop.simulator.fault({ path: '/v2/*/refund', ...faults[fault], times: 3 });
    const refund = await shop.clerk.act(idOf(body), 'refunds', { amount: 20_000, reason: 'broken', refund_key: 'r-1' });
    expect([refund.status, refund.body['status']]).toEqual([202, 'in_doubt']);
    await shop.clerk.becomes(idOf(body), { in_doubt: false, status: 'partial_refund' }, 10_000);
    await shop.simulator.noFaults();
    const there = await shop.simulator.api('GET', `/v2/${order}/status`);
    expect([there['refund_amount'], (there['refunds'] as readonly unknown[]).length]).toEqual(['20000.00', 1]);
    expect(await shop.clerk.payment(idOf(body))).toMatchObject({ refunded_amount: 20_000, refundable_amount: 30_000 });
  }, 15_000);
});

it('a charge that never arrived is given up by itself, and never sent again', async () => {
  await shop.simulator.fault({ path: '/v2/charge', kind: 'drop_before', times: 5 });
  const { body } = await make();
  await shop.simulator.noFaults();
  await shop.clerk.becomes(idOf(body), { in_doubt: false, status: 'failure' }, 10_000);
  expect((await shop.clerk.types(idOf(body))).at(-1)).toBe('ChargeNotMade');
  expect([(await make()).status, await chargedThere()]).toEqual([200, 0]);
}, 15_000);

describe('Midtrans', () => {
  it('that takes no more requests is unavailable: the same request again makes the payment', async () => {
    await shop.simulator.fault({ path: '/v2/charge', kind: 'status', status: 429, times: 5 });
    const refused = await make();
    expect([refused.status, codes(refused.body)]).toEqual([503, ['midtrans_unavailable']]);
    await shop.simulator.noFaults();
    const made = await make();
    expect([made.status, made.body['status'], await chargedThere()]).toEqual([201, 'pending', 1]);
  });

  it('that does not know our key is misconfiguration, and burns no order id', async () => {
    const denied = { status_code: '401', status_message: 'Access denied due to unauthorized transaction' };
    shop.between.let('POST', /charge$/, { type: 'answered', status: 401, body: denied }, 1);
    const refused = await make();
    expect([refused.status, codes(refused.body)]).toEqual([502, ['midtrans_misconfigured']]);
    expect((await make()).status).toBe(201);
  });

  it('that refuses the request for what is in it says why, once and for all', async () => {
    const invalid = { status_code: '400', status_message: 'One or more parameters in the payload is invalid.', validation_messages: ['bank is not supported'] }; // prettier-ignore
    shop.between.let('POST', /charge$/, { type: 'answered', status: 400, body: invalid }, 1);
    const refused = await make();
    expect([refused.status, codes(refused.body)]).toEqual([422, ['midtrans_rejected']]);
    expect(await shop.clerk.byOrder(order)).toMatchObject({ status: 'failure', in_doubt: false });
  });

  it('that knows our order id from elsewhere is not believed: the payment fails, nothing is adopted', async () => {
    const details = { order_id: order, gross_amount: 50_000 };
    await shop.simulator.api('POST', '/v2/charge', { payment_type: 'gopay', transaction_details: details });
    const refused = await make();
    expect([refused.status, codes(refused.body)]).toEqual([422, ['gateway_order_id_taken']]);
    await shop.simulator.pay(order);
    await until('the foreign payment is told of', async () =>
      (await shop.clerk.types(idOf(await shop.clerk.byOrder(order)))).includes('GatewayContradiction'),
    );
    expect(await shop.clerk.byOrder(order)).toMatchObject({ status: 'failure', paid: false, captured_amount: 0 });
  });

  it('is not asked about details that are wrong from the start', async () => {
    const sent = shop.between.seen.length;
    const { status, body } = await shop.clerk.make({
      order_id: order,
      payment_type: 'bank_transfer',
      gross_amount: 0.5,
      payment_details: { bank: 'bcaa' },
    });
    expect([status, codes(body)]).toEqual([400, ['invalid_request', 'invalid_request']]);
    expect(shop.between.seen.length).toBe(sent);
  });
});

describe('notifications', () => {
  const settled = (id: string) => shop.clerk.becomes(id, { status: 'settlement' });

  it('that are lost are made up for by a sync', async () => {
    const { body } = await make();
    await shop.simulator.fault({ notifications: { lose: 1 } });
    await shop.simulator.pay(order);
    expect((await shop.clerk.payment(idOf(body)))['status']).toBe('pending');
    const synced = await shop.clerk.act(idOf(body), 'sync');
    expect([synced.status, synced.body['status']]).toEqual([200, 'settlement']);
    expect(await shop.clerk.types(idOf(body))).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'GatewayAsked',
      'PaymentSettled',
    ]);
  });

  it('that come twice, and out of order, change nothing twice', async () => {
    await shop.simulator.fault({ notifications: { duplicate: 1, reorder: 0.5 } });
    const { body } = await make();
    await shop.simulator.pay(order);
    await settled(idOf(body));
    await shop.clerk.act(idOf(body), 'refunds', { amount: 20_000, reason: 'broken' });
    await shop.clerk.act(idOf(body), 'refunds', { amount: 30_000, reason: 'broken' });
    await shop.clerk.becomes(idOf(body), { status: 'refund' });
    await until('everything was delivered', async () => {
      const notified = await shop.simulator.notificationsOf(order);
      return notified.length > 0 && notified.every(({ state }) => state === 'delivered');
    });
    const types = await until('both refunds are confirmed', async () => {
      const found = await shop.clerk.types(idOf(body));
      return found.filter((type) => type === 'RefundConfirmed').length === 2 && found;
    });
    expect([...types].sort((a, b) => a.localeCompare(b))).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentSettled',
      'RefundAccepted',
      'RefundAccepted',
      'RefundConfirmed',
      'RefundConfirmed',
      'RefundRequested',
      'RefundRequested',
    ]);
    expect(await shop.clerk.payment(idOf(body))).toMatchObject({ refunded_amount: 50_000, refundable_amount: 0 });
  });

  const post = async (body: JsonObject): Promise<number> => {
    const answer = await fetch(`${shop.under.url}/payments/webhooks/midtrans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  };
  const signature = (orderId: string, key: string): string =>
    createHash('sha512').update(`${orderId}20050000.00${key}`).digest('hex');
  const claim = (orderId: string, transactionId: string, key = serverKey): JsonObject => ({
    order_id: orderId,
    status_code: '200',
    gross_amount: '50000.00',
    signature_key: signature(orderId, key),
    transaction_id: transactionId,
    transaction_status: 'settlement',
    payment_type: 'gopay',
    transaction_time: '2026-11-23 12:00:00',
    currency: 'IDR',
  });

  it('that are forged are refused', async () => {
    const { body } = await make();
    expect(await post(claim(order, asText(body['transaction_id']), 'not-our-key'))).toBe(400);
    expect(await shop.clerk.types(idOf(body))).toEqual(['PaymentInitiated', 'PaymentPending']);
  });

  it('whose signature is right but whose status is made up move no money', async () => {
    const { body } = await make();
    expect(await post(claim(order, asText(body['transaction_id'])))).toBe(200);
    // The next one is worked on after it.
    await shop.simulator.act('expire', order);
    await shop.clerk.becomes(idOf(body), { status: 'expire' });
    expect(await shop.clerk.types(idOf(body))).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentExpired']);
  });

  it('of an order that nobody knows here are acknowledged', async () => {
    expect(await post(claim(`unknown-${order}`, 'tx-1'))).toBe(200);
    expect(await shop.clerk.byOrder(`unknown-${order}`)).toEqual({});
  });

  it('that are no notifications are refused', async () => expect(await post({ hello: 'there' })).toBe(400));

  it('that come before the answer to the charge do it no harm', async () => {
    shop.between.let('POST', /charge$/, { type: 'lost_after' }, 1);
    shop.between.let('POST', /charge$/, { type: 'held', ms: 300 }, 1);
    const made = make();
    await until('charged at Midtrans', async () => (await chargedThere()) === 1);
    await shop.simulator.pay(order);
    const { status, body } = await made;
    expect(status).toBe(201);
    const payment = await settled(idOf(body));
    expect((payment['payment_details'] as JsonObject)['actions']).toHaveLength(5);
    expect(await shop.clerk.types(idOf(body))).toEqual(['PaymentInitiated', 'PaymentSettled', 'ChargeAnswered']);
  });
});

describe('two customers', () => {
  it('cannot have the same order', async () => {
    await make();
    const other = new PaymentsClient(shop.under.url, await tokenOf('u-2', 'customer'));
    const { status, body } = await other.make(orderOf(order, 'gopay'));
    expect([status, codes(body), await chargedThere()]).toEqual([409, ['order_id_taken'], 1]);
  });

  it('who ask ten times at once are charged once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => make()));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 201, 202].includes(status))).toBe(true);
    expect(await chargedThere()).toBe(1);
  });
});
