import { describe, expect, it } from '@jest/globals';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

describe('the controls of a transaction', () => {
  it('pay: what is paid already stays as it is, without another notification', async () => {
    await kit().chargeBca('order-1');
    await kit().act('order-1', 'pay');
    await kit().merchant.first(2);
    const again = await kit().act('order-1', 'pay');
    expect([again.http, again.body['transaction_status']]).toEqual([200, 'settlement']);
    await kit().advance(1);
    expect(kit().merchant.received).toHaveLength(2);
  });

  it('answer with the transaction as GET status shows it', async () => {
    await kit().chargeBca('order-1');
    expect((await kit().act('order-1', 'pay')).body).toEqual(await kit().status('order-1'));
  });

  it('take order ids and transaction ids, encoded for the path', async () => {
    const { transaction_id } = await kit().chargeBca('order~1.a');
    expect((await kit().act(String(transaction_id), 'pay')).http).toBe(200);
    expect((await kit().act('order~1.a', 'pay')).http).toBe(200);
    expect((await kit().act('order/unknown', 'pay')).http).toBe(404);
    expect((await kit().act('order~1.a', 'explode')).http).toBe(404);
  });

  it('pay: a card goes through 3DS to capture, or to authorize', async () => {
    await kit().chargeCard('order-1', { authentication: true });
    await kit().chargeCard('order-2', { authentication: true, type: 'authorize' });
    expect((await kit().act('order-1', 'pay')).body).toMatchObject({ transaction_status: 'capture', eci: '05' });
    expect((await kit().act('order-2', 'pay')).body).toMatchObject({ transaction_status: 'authorize' });
  });

  it('settle: capture to settlement, nothing else', async () => {
    await kit().chargeCard('order-1');
    expect((await kit().act('order-1', 'settle')).body).toMatchObject({
      transaction_status: 'settlement',
      settlement_time: expect.any(String),
    });
    expect((await kit().act('order-1', 'settle')).http).toBe(409);
  });

  it('deny: a pending payment, a challenge', async () => {
    await kit().chargeBca('order-1');
    await kit().chargeCard('order-2', { number: '4511111111111117' });
    expect((await kit().act('order-1', 'deny')).body).toMatchObject({ status_code: '202', transaction_status: 'deny' });
    expect((await kit().act('order-2', 'deny')).body).toMatchObject({
      transaction_status: 'deny',
      fraud_status: 'deny',
    });
    expect((await kit().act('order-1', 'deny')).http).toBe(409);
    expect((await kit().act('order-1', 'pay')).http).toBe(409);
  });

  it('fail: something broke while a pending payment was processed', async () => {
    await kit().chargeBca('order-1');
    expect((await kit().act('order-1', 'fail')).body).toMatchObject({
      status_code: '202',
      transaction_status: 'failure',
    });
    expect((await kit().act('order-1', 'fail')).http).toBe(409);
  });

  it('challenge: a pending card only', async () => {
    await kit().chargeCard('order-1', { authentication: true });
    expect((await kit().act('order-1', 'challenge')).body).toMatchObject({
      status_code: '201',
      transaction_status: 'capture',
      fraud_status: 'challenge',
    });
    await kit().chargeBca('order-2');
    expect((await kit().act('order-2', 'challenge')).http).toBe(409);
  });

  it('expire: what is pending', async () => {
    await kit().chargeBca('order-1');
    expect((await kit().act('order-1', 'expire')).body).toMatchObject({
      status_code: '407',
      transaction_status: 'expire',
    });
    await kit().chargeCard('order-2', { type: 'authorize' });
    expect((await kit().act('order-2', 'expire')).http).toBe(409);
  });

  it.each([
    ['permata', {}, 200],
    ['echannel', { echannel: { bill_info1: 'a', bill_info2: 'b' } }, 200],
    ['cstore', { cstore: { store: 'indomaret' } }, 200],
    ['cstore', { cstore: { store: 'alfamart' } }, 409],
    ['bank_transfer', { bank_transfer: { bank: 'bca' } }, 409],
    ['gopay', {}, 409],
  ])('reverse: %s %j is %i', async (paymentType, rest, http) => {
    await kit().charge(paymentType, 'order-1', 50_000, rest);
    await kit().act('order-1', 'pay');
    const reversed = await kit().act('order-1', 'reverse');
    expect(reversed.http).toBe(http);
    expect((await kit().status('order-1'))['transaction_status']).toBe(http === 200 ? 'deny' : 'settlement');
  });

  it('refund: as from the dashboard, in two notifications, and 409 where it cannot be', async () => {
    await kit().charge('gopay', 'order-1', 50_000);
    expect((await kit().act('order-1', 'refund')).http).toBe(409);
    await kit().act('order-1', 'pay');
    const refunded = await kit().act('order-1', 'refund', { amount: 20_000 });
    expect(refunded.body).toMatchObject({ transaction_status: 'partial_refund', refund_amount: '20000.00' });
    await kit().merchant.first(4);
    expect(kit().merchant.statuses()).toEqual(['pending', 'settlement', 'partial_refund', 'partial_refund']);
    expect((await kit().act('order-1', 'refund', { amount: 30_001 })).http).toBe(409);
  });
});

describe('a method that is not activated', () => {
  const switched = (method: string, what: string, body?: unknown) =>
    kit().control('POST', `/methods/${method}/${what}`, body);

  it('is refused with 402, in the body or by HTTP as well, until it is activated', async () => {
    expect((await switched('gopay', 'deactivate')).body).toEqual({ method: 'gopay', active: false, http_status: 200 });
    const charge = () =>
      kit().post('/v2/charge', {
        payment_type: 'gopay',
        transaction_details: { order_id: 'order-1', gross_amount: 50_000 },
      });
    const first = await charge();
    expect([first.http, first.body]).toEqual([
      200,
      { status_code: '402', status_message: 'Payment channel is not activated.', id: expect.any(String) },
    ]);
    await switched('gopay', 'deactivate', { http_status: 402 });
    expect((await charge()).http).toBe(402);
    expect((await kit().chargeBca('order-2'))['status_code']).toBe('201');
    await switched('gopay', 'activate');
    expect((await charge()).body['status_code']).toBe('201');
  });

  it('may be a card, whose token is not used up, or points', async () => {
    await switched('credit_card', 'deactivate');
    await switched('points', 'deactivate');
    const token_id = await kit().cardToken();
    const charge = () => kit().charge('credit_card', 'order-1', 50_000, { credit_card: { token_id } });
    expect((await charge())['status_code']).toBe('402');
    expect((await kit().api('GET', `/v2/point_inquiry/${token_id}`)).body['status_code']).toBe('402');
    await switched('credit_card', 'activate');
    expect((await charge())['status_code']).toBe('200');
  });

  it('is said to the customer of a Snap page, and shown on the dashboard', async () => {
    await switched('bca_va', 'deactivate');
    const { token } = (
      await kit().post('/snap/v1/transactions', { transaction_details: { order_id: 'order-1', gross_amount: 50_000 } })
    ).body;
    const page = await kit().browse(`/snap/v3/redirection/${String(token)}`, { method: 'bca_va' });
    expect(await page.text()).toContain('Payment channel is not activated.');
    expect(await (await kit().browse('/')).text()).toContain('BCA virtual account: not activated');
  });

  it('is listed among all others, and active again when everything is forgotten', async () => {
    await switched('ovo', 'deactivate');
    const methods = async () => (await kit().control('GET', '/methods')).body['methods'] as { active: boolean }[];
    expect((await methods()).filter(({ active }) => !active)).toEqual([
      { method: 'ovo', active: false, http_status: 200 },
    ]);
    await kit().forget();
    expect((await methods()).every(({ active }) => active)).toBe(true);
    expect((await switched('cash', 'deactivate')).http).toBe(404);
    expect((await switched('ovo', 'deactivate', { http_status: 500 })).http).toBe(400);
  });
});

describe('OVO phones', () => {
  it.each([
    ['+628271939753', '17'],
    ['08242014881', '26'],
    ['+628237435829', '40'],
  ])('%s refuses with %s after a moment', async (payer_phone_number, code) => {
    await kit().charge('ovo', 'order-1', 50_000, { ovo: { payer_phone_number } });
    await kit().advance(3);
    expect(await kit().status('order-1')).toMatchObject({ transaction_status: 'deny', channel_response_code: code });
  });
});

describe('forgetting', () => {
  it('takes transactions, Snap pages, notifications, keys of idempotency, faults and the clock', async () => {
    kit().merchant.replies = [503];
    await kit().post('/v2/charge', {
      payment_type: 'permata',
      transaction_details: { order_id: 'order-1', gross_amount: 10_000 },
    });
    await kit().post('/snap/v1/transactions', { transaction_details: { order_id: 'order-2', gross_amount: 10_000 } });
    await kit().control('POST', '/faults', { path: '/v2/charge', kind: 'status', status: 503 });
    await kit().advance(60);
    await kit().forget();
    expect((await kit().control('GET', '/transactions')).body).toEqual({ transactions: [], snap_pages: [] });
    expect((await kit().control('GET', '/notifications')).body).toEqual({ notifications: [] });
    expect((await kit().control('GET', '/clock')).body['ahead_seconds']).toBe(0);
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('201');
    await kit().advance(36_000);
    expect(kit().merchant.statuses()).toEqual(['pending']);
  });
});

describe('the controls', () => {
  it('are not for pages of other sites', async () => {
    const response = await kit().browse('/_simulator/transactions', undefined, { 'sec-fetch-site': 'cross-site' });
    expect(response.status).toBe(403);
  });
});
