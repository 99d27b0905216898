import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { cardToken } from '../../../src/adapters/midtrans/card-token.js';
import { MidtransClient, midtransTiming } from '../../../src/adapters/midtrans/client.js';
import { midtransHosts } from '../../../src/adapters/midtrans/hosts.js';
import { MidtransNotificationReader } from '../../../src/adapters/midtrans/notification-reader.js';
import { MidtransPaymentGateway } from '../../../src/adapters/midtrans/payment-gateway.js';
import type {
  ActionAnswer,
  ChargeAnswer,
  ChargeOrder,
  LookAnswer,
  NotificationReading,
} from '../../../src/application/ports/payment-gateway.js';
import { rulesOf, type Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { orderId, refundKey, transactionId, wishId, type OrderId } from '../../../src/domain/payments/identity.js';
import type { JsonObject } from '../../../src/domain/json.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import { anOrder } from './charge-orders.js';

let simulator: RunningSimulator;
let client: MidtransClient;
let gateway: MidtransPaymentGateway;
const notified: NotificationReading[] = [];

/** Where the simulator notifies. */
const receiver = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    notified.push(new MidtransNotificationReader(simulator.serverKey, null).read(Buffer.concat(pieces)));
    response.end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  simulator = await startSimulator({ switches: { walletQuirks: true } });
  client = new MidtransClient({
    hosts: midtransHosts('mock', simulator.url),
    serverKey: simulator.serverKey,
    timing: midtransTiming,
  });
  const notificationUrl = `http://127.0.0.1:${port}/payments/webhooks/midtrans`;
  gateway = new MidtransPaymentGateway(client, { notificationUrl, directRefunds: new Set() });
});

afterAll(async () => {
  await client.close();
  await simulator.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const control = async (path: string, body: JsonObject = {}): Promise<number> => {
  const answer = await fetch(`${simulator.url}/_simulator/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.status;
};

const pay = (order: OrderId) => control(`transactions/${order}/pay`);

let orders = 0;
const freshOrder = (provider: Provider, changes: Partial<ChargeOrder> = {}): ChargeOrder => {
  const number = ++orders;
  const made = { orderId: orderId(`order-${number}`), wishId: wishId(`wish-${number}`), amount: rupiah(50_000) };
  return anOrder(provider, { ...made, details: detailsFor[provider] ?? {}, ...people, ...changes });
};

const people = {
  customerDetails: { first_name: 'Budi', email: 'budi@example.com', phone: '081211111111' },
  itemDetails: [{ id: 'i1', name: 'Pillow', price: 50_000, quantity: 1, category: 'home', url: 'https://shop.test/1' }],
};

const detailsFor: Partial<Record<Provider, JsonObject>> = {
  mandiri: { bill_info1: 'Payment:', bill_info2: 'Online purchase' },
  bca_klikpay: { description: 'Pillow' },
  bca_klikbca: { description: 'Pillow', user_id: 'KLIKBCA01' },
  cimb_clicks: { description: 'Pillow' },
  uob_ezpay: { callback_url: 'https://shop.test/back' },
  shopeepay: { callback_url: 'https://shop.test/back' },
};

const observationIn = (answer: ChargeAnswer | LookAnswer | ActionAnswer): GatewayObservation => {
  if (answer.type !== 'transaction') throw new Error(`Expected a transaction, got ${JSON.stringify(answer)}`);
  return answer.observation;
};

const lookAt = async (order: ChargeOrder) => observationIn(await gateway.look({ orderId: order.orderId }));

/** What the customer gets, by method (midtrans-facts 3.1). */
const customerGets: Readonly<Partial<Record<Provider, readonly string[]>>> = {
  bca: ['va_numbers'],
  bni: ['va_numbers'],
  bri: ['va_numbers'],
  cimb: ['va_numbers'],
  permata: ['va_numbers'],
  mandiri: ['bill_key', 'biller_code'],
  gopay: ['actions'],
  qris: ['actions', 'qr_string'],
  shopeepay: ['actions'],
  ovo: [],
  indomaret: ['payment_code'],
  alfamart: ['payment_code'],
  akulaku: ['redirect_url'],
  kredivo: ['redirect_url'],
  bca_klikpay: ['redirect_url', 'redirect_data'],
  bca_klikbca: ['redirect_url'],
  cimb_clicks: ['redirect_url'],
  danamon_online: ['redirect_url'],
  bri_epay: ['redirect_url'],
  uob_ezpay: ['redirect_url'],
};
const pendingProviders = Object.keys(customerGets) as (keyof typeof customerGets)[];

const card = { number: '4811111111111114', expiryMonth: '12', expiryYear: '2099', cvv: '123' };

const chargeCard = async (details: JsonObject, number = card.number) => {
  const token = await cardToken(client, simulator.clientKey, { ...card, number });
  if (token.type !== 'token') throw new Error(`Expected a token, got ${JSON.stringify(token)}`);
  const order = freshOrder('credit_card', { details: { token_id: token.tokenId, ...details } });
  return { order, answer: await gateway.charge(order) };
};

describe('against the simulator', () => {
  it.each(pendingProviders)('%s is charged, looked at, paid and notified', async (provider) => {
    const order = freshOrder(provider);
    const charged = observationIn(await gateway.charge(order));
    expect([charged.status, charged.provider, charged.grossAmount]).toEqual(['pending', provider, 50_000]);
    expect(Object.keys(charged.details)).toEqual(expect.arrayContaining([...(customerGets[provider] ?? [])]));

    const looked = await lookAt(order);
    expect([looked.status, looked.wishId, looked.transactionId]).toEqual([
      'pending',
      order.wishId,
      charged.transactionId,
    ]);

    expect(await pay(order.orderId)).toBe(200);
    const paid = await lookAt(order);
    expect([paid.status, paid.settlementTime === null]).toEqual(['settlement', false]);
    await expectNotification(order.orderId, 'settlement');
  });

  const cancellable = pendingProviders.filter((provider) => rulesOf(provider).cancelPending);
  it.each(cancellable)('%s is cancelled while pending, once', async (provider) => {
    const order = freshOrder(provider);
    await gateway.charge(order);
    const subject = { orderId: order.orderId };
    const cancelled = observationIn(await gateway.cancel({ wishId: wishId(`cancel-${orders}`), subject }));
    expect(cancelled.status).toBe('cancel');
    expect(await gateway.cancel({ wishId: wishId(`again-${orders}`), subject })).toMatchObject({
      type: 'refused',
      because: 'state',
      statusCode: 412,
      firstSend: true,
    });
  });

  it.each(pendingProviders)('%s expires when it is told to', async (provider) => {
    const order = freshOrder(provider);
    await gateway.charge(order);
    const expired = await gateway.expire({ wishId: wishId(`expire-${orders}`), subject: { orderId: order.orderId } });
    expect(observationIn(expired).status).toBe('expire');
    expect((await lookAt(order)).status).toBe('expire');
  });

  const refundable = pendingProviders.filter((provider) => rulesOf(provider).refund.kind !== 'none');
  it.each(refundable)('%s is refunded', async (provider) => {
    const order = freshOrder(provider);
    const { transactionId: id } = observationIn(await gateway.charge(order));
    await pay(order.orderId);
    const key = refundKey(`refund-${orders}`);
    const refund = await gateway.refund({
      wishId: wishId(`refund-${orders}`),
      subject: { transactionId: id },
      provider,
      refundKey: key,
      amount: rupiah(50_000),
      reason: 'too late',
    });
    expect(refund).toMatchObject({ type: 'accepted', amount: 50_000 });
    const { status, refunds, refundedTotal } = await lookAt(order);
    expect([status, refunds.map((one) => [one.refundKey, one.amount]), refundedTotal]).toEqual([
      'refund',
      [[key, 50_000]],
      50_000,
    ]);
  });

  it('a card is captured at once without 3DS, and waits for it with', async () => {
    const without = await chargeCard({ authentication: false });
    expect(observationIn(without.answer)).toMatchObject({
      status: 'capture',
      fraudStatus: 'accept',
      provider: 'credit_card',
    });
    const withThreeDs = observationIn((await chargeCard({})).answer);
    expect([withThreeDs.status, typeof withThreeDs.details['redirect_url']]).toEqual(['pending', 'string']);
  });

  it('a hold is captured in part', async () => {
    const { order, answer } = await chargeCard({ authentication: false, type: 'authorize' });
    const { status, transactionId: id } = observationIn(answer);
    expect(status).toBe('authorize');
    const captured = await gateway.capture({
      wishId: wishId(`capture-${orders}`),
      transactionId: id,
      amount: rupiah(20_000),
    });
    expect(captured).toMatchObject({ type: 'transaction', observation: { status: 'capture' } });
    expect((await lookAt(order)).status).toBe('capture');
  });

  it('a challenged card is approved, or denied', async () => {
    for (const [verb, status, fraudStatus] of [
      ['approve', 'capture', 'accept'],
      ['deny', 'deny', 'deny'],
    ] as const) {
      const { order, answer } = await chargeCard({});
      expect(observationIn(answer).status).toBe('pending');
      await control(`transactions/${order.orderId}/challenge`);
      expect(await lookAt(order)).toMatchObject({ status: 'capture', fraudStatus: 'challenge' });
      const subject = { orderId: order.orderId };
      const done = await gateway[verb]({ wishId: wishId(`${verb}-${orders}`), subject });
      expect(done).toMatchObject({ type: 'transaction', observation: { status, fraudStatus } });
    }
  });

  it('a bad card gets no token, and its number is in no message', async () => {
    const answer = await cardToken(client, simulator.clientKey, { ...card, number: '4811111111111112' });
    expect(answer).toMatchObject({ type: 'refused', because: 'request', statusCode: 400 });
    expect(JSON.stringify(answer)).not.toContain('4811111111111112');
  });

  it('Google Pay is charged like a card', async () => {
    const token = { protocolVersion: 'ECv2', signature: 'MEQCIH6Q4OwQ0jAceFEkGF0JID6sJNXx' };
    const order = freshOrder('google_pay', {
      amount: rupiah(10_002),
      itemDetails: null,
      details: { google_pay_token: token, authentication: false },
    });
    expect(observationIn(await gateway.charge(order))).toMatchObject({ status: 'capture', paymentType: 'credit_card' });
  });

  it.each(['snap', 'dana'] as const)('a page for %s is made, unknown to GET status, and closed', async (provider) => {
    const order = freshOrder(provider);
    const page = await gateway.charge(order);
    if (page.type !== 'page') throw new Error(JSON.stringify(page));
    expect(await gateway.look({ orderId: order.orderId })).toEqual({ type: 'not_found' });
    const close = () => gateway.closePage({ wishId: wishId(`close-${order.orderId}`), token: page.token });
    expect(await close()).toEqual({ type: 'page_closed' });
    expect(await close()).toEqual({ type: 'page_closed' });
  });

  it('a page that was paid cannot be closed, nor made again', async () => {
    const order = freshOrder('snap');
    const page = await gateway.charge(order);
    if (page.type !== 'page') throw new Error(JSON.stringify(page));
    expect(await pay(order.orderId)).toBe(200);
    expect(await lookAt(order)).toMatchObject({ status: 'settlement', wishId: order.wishId });
    const close = { wishId: wishId(`close-${orders}`), token: page.token };
    expect(await gateway.closePage(close)).toMatchObject({ type: 'refused', because: 'state' });
    const again = await gateway.charge({ ...order, wishId: wishId(`again-${orders}`) });
    expect(again).toMatchObject({ type: 'refused', because: 'conflict', firstSend: true });
  });

  it('DANA is paid on its page, and refunded by transaction id', async () => {
    const order = freshOrder('dana');
    await gateway.charge(order);
    await pay(order.orderId);
    // Only its notification tells the transaction id, and only by that it is found (midtrans-facts 2.2).
    const { transactionId: id } = await expectNotification(order.orderId, 'settlement');
    expect(await gateway.look({ orderId: order.orderId })).toEqual({ type: 'not_found' });
    const look = async () => observationIn(await gateway.look({ transactionId: id }));
    expect(await look()).toMatchObject({ status: 'settlement', provider: 'dana', wishId: order.wishId });
    const refund = {
      subject: { transactionId: id },
      provider: 'dana' as const,
      refundKey: refundKey('dana-1'),
      amount: rupiah(1_000),
      reason: 'late',
    };
    expect(await gateway.refund({ wishId: wishId('refund-dana'), ...refund })).toMatchObject({
      type: 'accepted',
      amount: 1_000,
    });
    expect(await look()).toMatchObject({ status: 'partial_refund', refundedTotal: 1_000 });
  });

  it('a DANA page can be paid for as long as the payment waits, and no longer', async () => {
    const late = freshOrder('dana');
    await gateway.charge(late);
    await control('clock', { advance_seconds: rulesOf('dana').expiry.defaultMs / 1_000 - 10 });
    const inTime = freshOrder('dana');
    await gateway.charge(inTime);
    await control('clock', { advance_seconds: 11 });
    expect([await pay(late.orderId), await pay(inTime.orderId)]).toEqual([409, 200]);
  });

  it('an order that Midtrans knows already is a conflict', async () => {
    const order = freshOrder('bca');
    await gateway.charge(order);
    const again = await gateway.charge({ ...order, wishId: wishId(`again-${orders}`) });
    expect(again).toMatchObject({ type: 'refused', because: 'conflict', statusCode: 406, firstSend: true });
  });

  it('a charge whose answer was lost is made once', async () => {
    await control('faults', { path: '/v2/charge', probability: 1, kind: 'drop_after_commit', times: 1 });
    const order = freshOrder('bca');
    const { transactionId: made } = observationIn(await gateway.charge(order));
    expect((await lookAt(order)).transactionId).toBe(made);

    await control('faults', { path: '/v2/charge', probability: 1, kind: 'drop_after_commit', times: 1 });
    const unkeyed = freshOrder('permata');
    expect((await gateway.charge(unkeyed)).type).toBe('unknown');
    expect(await lookAt(unkeyed)).toMatchObject({ status: 'pending', wishId: unkeyed.wishId });
  });

  it('a refund whose answer was lost is made once', async () => {
    const order = freshOrder('gopay');
    const { transactionId: id } = observationIn(await gateway.charge(order));
    await pay(order.orderId);
    await control('faults', { path: `/v2/*/refund`, probability: 1, kind: 'drop_after_commit', times: 1 });
    const key = refundKey(`refund-${orders}`);
    const refund = {
      wishId: wishId(`refund-${orders}`),
      subject: { transactionId: id },
      provider: null,
      refundKey: key,
      reason: 'late',
    };
    const answer = await gateway.refund({ ...refund, amount: rupiah(1_000) });
    // Replayed by the idempotency key, or known by the refund key: either way there is one.
    expect(answer).toMatchObject({ type: 'accepted', amount: 1_000 });
    expect((await lookAt(order)).refundedTotal).toBe(1_000);
  });

  it('knows nothing about what was never there', async () =>
    expect(await gateway.look({ transactionId: transactionId('6f3b1b6e-0000-4000-8000-000000000000') })).toEqual({
      type: 'not_found',
    }));
});

/** Waits for the notification, which must come once. */
const expectNotification = async (order: OrderId, status: string): Promise<GatewayObservation> => {
  const found = () =>
    notified
      .flatMap((reading) => (reading.type === 'notification' ? [reading.notification.observation] : []))
      .filter((observation) => observation.orderId === order && observation.status === status);
  for (let waited = 0; waited < 2_000 && found().length === 0; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [observation, ...more] = found();
  if (observation === undefined) throw new Error(`No notification of ${status} for ${order}`);
  expect(more).toEqual([]);
  expect(notified.filter(({ type }) => type !== 'notification')).toEqual([]);
  return observation;
};
