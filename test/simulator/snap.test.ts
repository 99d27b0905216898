import { describe, expect, it } from '@jest/globals';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const create = (orderId: string, rest: Record<string, unknown> = {}) =>
  kit().post('/snap/v1/transactions', { transaction_details: { order_id: orderId, gross_amount: 75_000 }, ...rest });

const pagePath = (token: unknown) => `/snap/v3/redirection/${String(token)}`;

describe('a Snap token', () => {
  it('is made with HTTP 201 and no status_code', async () => {
    const { http, body } = await create('order-1');
    expect(http).toBe(201);
    expect(body).toEqual({
      token: expect.stringMatching(/^[0-9a-f-]{36}$/),
      redirect_url: `${kit().simulator.url}/snap/v3/redirection/${String(body['token'])}`,
    });
  });

  it.each([
    ['nothing', {}, 'transaction_details is required'],
    [
      'a repetition nobody knows',
      { user_id: 'u-1', recurring: { required: true, interval_unit: 'hour' } },
      'recurring.interval_unit must be one of day, week, month',
    ],
    ['no order id', { transaction_details: { gross_amount: 1_000 } }, 'transaction_details.order_id is required'],
    [
      'items that do not add up',
      { item_details: [{ name: 'a', price: 1, quantity: 1 }] },
      'transaction_details.gross_amount is not equal to the sum of item_details',
    ],
    [
      'other_va alone',
      { enabled_payments: ['other_va'] },
      'enabled_payments with other_va must include one of permata_va, bni_va, bri_va, cimb_va, danamon_va',
    ],
  ])('is refused for %s', async (what, rest, message) => {
    const { http, body } =
      what === 'nothing' ? await kit().post('/snap/v1/transactions', {}) : await create('order-1', rest);
    expect(http).toBe(400);
    expect(body['error_messages']).toContain(message);
  });

  it('is refused with the field named when a unit or a payment is none', async () => {
    expect((await create('order-1', { expiry: { duration: 1 } })).body).toEqual({
      error_messages: ['expiry.unit is required'],
    });
    expect((await create('order-1', { enabled_payments: ['toString'] })).body).toEqual({
      error_messages: ['enabled_payments has no supported payment'],
    });
  });

  it('needs the server key', async () => {
    const { http, body } = await kit().api('POST', '/snap/v1/transactions', {}, { authorization: 'Basic eDo=' });
    expect(http).toBe(401);
    expect(body).toEqual({
      error_messages: [
        'Access denied due to unauthorized transaction, please check client or server key',
        'Visit https://snap-docs.midtrans.com/#request-headers for more details',
      ],
    });
  });

  it('can be asked for again while nothing is picked, and the older is no longer good', async () => {
    const older = (await create('order-1')).body['token'];
    const newer = (await create('order-1')).body['token'];
    expect((await kit().post(`/snap/v1/transactions/${String(older)}/cancel`)).body).toEqual({
      error_messages: ['token not found'],
    });
    await kit().act(String(newer), 'pay');
    const used = await create('order-1');
    expect([used.http, used.body]).toEqual([
      400,
      { error_messages: ['transaction_details.order_id has been paid and utilized, please use another order ID'] },
    ]);
  });

  it('can be cancelled once, while nothing is under way', async () => {
    const token = String((await create('order-1')).body['token']);
    const cancel = () => kit().post(`/snap/v1/transactions/${token}/cancel`);
    expect((await cancel()).body).toEqual({ canceled_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
    expect((await cancel()).body).toEqual({ error_messages: ['token already canceled'] });
    const other = String((await create('order-2')).body['token']);
    await kit().browse(pagePath(other), { method: 'bca_va' });
    expect((await kit().post(`/snap/v1/transactions/${other}/cancel`)).body).toEqual({
      error_messages: ['Transaction is on progress'],
    });
    expect((await kit().post('/snap/v1/transactions/unknown/cancel')).body).toEqual({
      error_messages: ['token not found'],
    });
  });
});

describe('an order under Snap', () => {
  it('does not exist for the API before a method is picked', async () => {
    await create('order-1');
    expect(await kit().status('order-1')).toMatchObject({ status_code: '404' });
    expect(kit().merchant.received).toHaveLength(0);
  });

  it('is paid with bca_va unless something else is asked for', async () => {
    await create('order-1', { custom_field3: 'wish-1', metadata: { a: 1 } });
    expect((await kit().act('order-1', 'pay')).body).toMatchObject({
      transaction_status: 'settlement',
      payment_type: 'bank_transfer',
      va_numbers: [{ bank: 'bca', va_number: expect.any(String) }],
      custom_field3: 'wish-1',
      metadata: { a: 1 },
    });
    await kit().merchant.first(2);
    expect(kit().merchant.statuses()).toEqual(['pending', 'settlement']);
  });

  it.each([
    ['the first of its methods', { enabled_payments: ['shopeepay', 'gopay'] }, undefined, 'shopeepay'],
    ['the one asked for', { enabled_payments: ['shopeepay', 'gopay'] }, 'gopay', 'gopay'],
    ['QRIS, as on a desktop', { enabled_payments: ['gopay'] }, 'qris', 'qris'],
    ['a bank of the alias', { enabled_payments: ['bank_transfer'] }, 'bri_va', 'bank_transfer'],
    ['a store of the alias', { enabled_payments: ['cstore'] }, 'indomaret', 'cstore'],
    ['DANA', { enabled_payments: ['dana'] }, 'dana', 'dana'],
    ['OVO', {}, 'ovo', 'ovo'],
    ['akulaku without items', {}, 'akulaku', 'akulaku'],
    ['a card', {}, 'credit_card', 'credit_card'],
    ['a card with 3DS', { credit_card: { secure: true } }, 'credit_card', 'credit_card'],
    ['Mandiri Bill', {}, 'echannel', 'echannel'],
    ['UOB EZ Pay', {}, 'uob_ezpay', 'uob_ezpay'],
  ])('is paid with %s', async (_name, rest, wish, paymentType) => {
    await create('order-1', rest);
    const { http, body } = await kit().act('order-1', 'pay', wish === undefined ? {} : { payment_type: wish });
    expect(http).toBe(200);
    expect(body['payment_type']).toBe(paymentType);
    expect(body['transaction_status']).toBe(paymentType === 'credit_card' ? 'capture' : 'settlement');
  });

  it('cannot be paid with what the page does not offer', async () => {
    await create('order-1', { enabled_payments: ['gopay'] });
    expect((await kit().act('order-1', 'pay', { payment_type: 'bca_va' })).http).toBe(409);
  });

  it('may be tried again after a denied attempt, under a new transaction id', async () => {
    await create('order-1');
    const denied = (await kit().act('order-1', 'deny', { payment_type: 'credit_card' })).body;
    expect(denied['transaction_status']).toBe('deny');
    const paid = (await kit().act('order-1', 'pay', { payment_type: 'gopay' })).body;
    expect(paid['transaction_status']).toBe('settlement');
    expect(paid['transaction_id']).not.toBe(denied['transaction_id']);
    expect((await kit().status('order-1'))['transaction_id']).toBe(paid['transaction_id']);
    const { body } = await kit().api('GET', '/v2/order-1/status/b2b');
    expect((body['transactions'] as Record<string, unknown>[]).map((attempt) => attempt['transaction_status'])).toEqual(
      ['settlement', 'deny'],
    );
    const firstOfTwo = await kit().api('GET', '/v2/order-1/status/b2b?page=0&per_page=1');
    expect(firstOfTwo.body['has_next']).toBe(true);
  });

  it.each([
    ['danamon_va', '123456789012345', '8922123456789012'],
    ['bni_va', '123456789012', '988112345678'],
    ['bca_va', '1234567890123456', '3908112345678901'],
    ['bri_va', '7', '262157'],
    ['permata_va', '7', '87780000000007'],
  ])('of %s has a number of the length Snap allows', async (method, va_number, expected) => {
    await create('order-1', { enabled_payments: [method], [method]: { va_number } });
    const { body } = await kit().act('order-1', 'pay');
    const [account] = (body['va_numbers'] ?? []) as { va_number: string }[];
    expect(account?.va_number ?? body['permata_va_number']).toBe(expected);
  });

  it('of DANA answers by transaction id only', async () => {
    await create('order-1', { enabled_payments: ['dana'] });
    const { body } = await kit().act('order-1', 'pay');
    expect(await kit().status('order-1')).toMatchObject({ status_code: '404' });
    expect(await kit().status(String(body['transaction_id']))).toMatchObject({ transaction_status: 'settlement' });
  });

  it('ends without a word when nobody picks a method', async () => {
    await create('order-1', { page_expiry: { duration: 5, unit: 'minutes' } });
    await create('order-2', { expiry: { duration: 1, unit: 'day' } });
    await kit().advance(301);
    expect((await kit().act('order-1', 'pay')).http).toBe(409);
    expect((await kit().act('order-2', 'expire')).http).toBe(200);
    expect((await kit().act('order-2', 'pay')).http).toBe(409);
    expect(kit().merchant.received).toHaveLength(0);
    expect((await create('order-1')).http).toBe(201);
  });

  it('expires by `expiry` counted from the choice', async () => {
    await create('order-1', { expiry: { duration: 30, unit: 'minute' } });
    const { token } = (await create('order-1', { expiry: { duration: 30, unit: 'minute' } })).body;
    await kit().advance(600);
    await kit().browse(pagePath(token), { method: 'bca_va' });
    const { transaction_time: from, expiry_time: to } = await kit().status('order-1');
    expect((Date.parse(`${String(to)}Z`) - Date.parse(`${String(from)}Z`)) / 60_000).toBe(30);
  });
});

describe('the Snap page', () => {
  it('lets the customer pick, shows how to pay, and leads back to the shop', async () => {
    const { token } = (await create('order-1', { callbacks: { finish: 'https://shop.example/finish' } })).body;
    expect(await (await kit().browse(pagePath(token))).text()).toContain('BCA virtual account');
    const picked = await kit().browse(pagePath(token), { method: 'bca_va' });
    expect(picked.status).toBe(302);
    const waiting = await (await kit().browse(pagePath(token))).text();
    const { va_numbers: accounts } = await kit().status('order-1');
    expect(waiting).toContain((accounts as { va_number: string }[])[0]?.va_number);
    await kit().browse(pagePath(token), { do: 'pay' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('settlement');
    const end = await (await kit().browse(pagePath(token))).text();
    expect(end).toContain(
      'https://shop.example/finish?order_id=order-1&amp;status_code=200&amp;transaction_status=settlement',
    );
  });

  it('tells the shop of a challenge by its code', async () => {
    const { token } = (await create('order-1', { callbacks: { finish: 'https://shop.example/finish' } })).body;
    const form = { method: 'credit_card', card_number: '4511111111111117', card_cvv: '123' };
    await kit().browse(pagePath(token), form);
    expect(await (await kit().browse(pagePath(token))).text()).toContain(
      'order_id=order-1&amp;status_code=201&amp;transaction_status=capture',
    );
  });

  it('keeps GoPay waiting when the customer refuses in the app, and denies a bank transfer', async () => {
    const pages = { gopay: { 'user-agent': 'Mozilla/5.0 (iPhone)' }, bca_va: {} };
    for (const [method, headers] of Object.entries(pages)) {
      const { token } = (await create(method)).body;
      await kit().browse(pagePath(token), { method }, headers);
      await kit().browse(pagePath(token), { do: 'deny' });
    }
    expect((await kit().status('gopay'))['transaction_status']).toBe('pending');
    expect((await kit().status('bca_va'))['transaction_status']).toBe('deny');
  });

  it('takes a card through 3DS', async () => {
    const { token } = (await create('order-1', { credit_card: { secure: true } })).body;
    const form = { method: 'credit_card', card_number: '4811 1111 1111 1114', card_cvv: '123', card_expiry: '12/39' };
    const to3ds = (await kit().browse(pagePath(token), form)).headers.get('location') ?? '';
    expect(to3ds).toMatch(/^\/v2\/3ds\/redirect\//);
    await kit().browse(to3ds, { do: 'answer', otp: '112233' });
    expect(await kit().status('order-1')).toMatchObject({ transaction_status: 'capture', eci: '05' });
  });

  it('pays GoPay through QRIS on a desktop and as GoPay on a phone', async () => {
    const agents = { desktop: 'Mozilla/5.0 (X11; Linux x86_64)', phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)' };
    const typeWith = async (orderId: string, agent: string) => {
      const { token } = (await create(orderId)).body;
      await kit().browse(pagePath(token), { method: 'gopay' }, { 'user-agent': agent });
      return (await kit().status(orderId))['payment_type'];
    };
    expect(await typeWith('order-1', agents.desktop)).toBe('qris');
    expect(await typeWith('order-2', agents.phone)).toBe('gopay');
  });

  it('says what is wrong with a number that is none, and offers the next try after a denial', async () => {
    const { token } = (await create('order-1')).body;
    const wrong = await kit().browse(pagePath(token), { method: 'credit_card', card_number: '1234', card_cvv: '123' });
    expect(await wrong.text()).toContain('This is no card number.');
    await kit().browse(pagePath(token), { method: 'credit_card', card_number: '4911111111111113', card_cvv: '123' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('deny');
    expect(await (await kit().browse(pagePath(token))).text()).toContain('The last attempt was not paid');
  });
});
