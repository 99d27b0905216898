import { describe, expect, it } from '@jest/globals';
import { crc16 } from '../../simulator/methods/qris-code.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const customer = { customer_details: { first_name: 'Siti' } };
const items = (price: number) => ({ item_details: [{ id: '1', name: 'Shoes', price, quantity: 1 }] });

/** Every Core method: what is sent beside the transaction details, and what must come back. */
const methods: [string, string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'bca',
    'bank_transfer',
    { bank_transfer: { bank: 'bca' } },
    {
      status_message: 'Success, Bank Transfer transaction is created',
      va_numbers: [{ bank: 'bca', va_number: expect.stringMatching(/^\d{16}$/) }],
    },
  ],
  [
    'bni',
    'bank_transfer',
    { bank_transfer: { bank: 'bni' } },
    { va_numbers: [{ bank: 'bni', va_number: expect.any(String) }] },
  ],
  [
    'bri',
    'bank_transfer',
    { bank_transfer: { bank: 'bri' } },
    { va_numbers: [{ bank: 'bri', va_number: expect.any(String) }] },
  ],
  [
    'cimb',
    'bank_transfer',
    { bank_transfer: { bank: 'cimb' } },
    { va_numbers: [{ bank: 'cimb', va_number: expect.any(String) }] },
  ],
  [
    'permata',
    'bank_transfer',
    { bank_transfer: { bank: 'permata', permata: { recipient_name: 'SUDARSONO' } } },
    {
      status_message: 'Success, PERMATA VA transaction is successful',
      permata_va_number: expect.stringMatching(/^\d+$/),
    },
  ],
  [
    'permata in its short form',
    'permata',
    {},
    { payment_type: 'bank_transfer', permata_va_number: expect.any(String) },
  ],
  [
    'Mandiri Bill',
    'echannel',
    { echannel: { bill_info1: 'Payment:', bill_info2: 'Online purchase' } },
    {
      status_message: 'OK, Mandiri Bill transaction is successful',
      biller_code: '70012',
      bill_key: expect.stringMatching(/^\d+$/),
    },
  ],
  ['gopay', 'gopay', {}, { status_message: 'GO-PAY billing created', channel_response_code: '200' }],
  [
    'qris',
    'qris',
    { qris: { acquirer: 'gopay' } },
    {
      status_message: 'QRIS transaction is created',
      acquirer: 'gopay',
      qr_string: expect.stringMatching(/^000201010212/),
    },
  ],
  ['qris of ShopeePay', 'qris', { qris: { acquirer: 'airpay shopee' } }, { acquirer: 'airpay shopee' }],
  [
    'shopeepay',
    'shopeepay',
    {},
    {
      status_message: 'ShopeePay transaction is created',
      channel_response_code: '0',
      channel_response_message: 'success',
    },
  ],
  [
    'ovo',
    'ovo',
    { ovo: { payer_phone_number: '081111111111' } },
    { status_message: 'Ovo transaction is created', payer_phone_number: '081111111111' },
  ],
  [
    'Indomaret in any case',
    'cstore',
    { cstore: { store: 'Indomaret', message: 'Tickets' } },
    {
      status_message: 'Success, cstore transaction is successful',
      store: 'indomaret',
      payment_code: expect.stringMatching(/^\d{14}$/),
    },
  ],
  ['alfamart', 'cstore', { cstore: { store: 'alfamart' } }, { store: 'alfamart', payment_code: expect.any(String) }],
  [
    'akulaku',
    'akulaku',
    { ...items(50_000), ...customer },
    {
      status_message: 'Success, Akulaku transaction is created',
      redirect_url: expect.stringContaining('/v2/akulaku/redirect/'),
      channel_response_code: '',
    },
  ],
  [
    'kredivo',
    'kredivo',
    { ...items(50_000), ...customer },
    {
      status_message: 'Kredivo transaction is created',
      redirect_url: expect.stringContaining('/v2/oms/redirect/'),
      channel_response_code: 'OK',
    },
  ],
  [
    'BCA KlikPay',
    'bca_klikpay',
    { bca_klikpay: { description: 'x' } },
    {
      status_message: 'OK, BCA KlikPay transaction is successful',
      redirect_url: expect.any(String),
      redirect_data: expect.objectContaining({ method: 'post' }),
    },
  ],
  [
    'KlikBCA',
    'bca_klikbca',
    { bca_klikbca: { description: 'x', user_id: 'KLIKBCA01' } },
    { redirect_url: expect.any(String) },
  ],
  [
    'CIMB Clicks',
    'cimb_clicks',
    { cimb_clicks: { description: 'x' } },
    { status_message: 'Success, CIMB Clicks transaction is successful', redirect_url: expect.any(String) },
  ],
  [
    'Danamon Online',
    'danamon_online',
    {},
    { status_message: 'Success, Danamon Online transaction is successful', redirect_url: expect.any(String) },
  ],
  [
    'BRImo',
    'bri_epay',
    {},
    { status_message: 'Success, BRI E-Pay transaction is successful', redirect_url: expect.any(String) },
  ],
  [
    'UOB EZ Pay',
    'uob_ezpay',
    { uob_ezpay: { callback_url: 'https://shop.example/' } },
    { redirect_url: expect.any(String) },
  ],
];

describe('a charge', () => {
  it.each(methods)('of %s waits for the customer and can be paid', async (_name, paymentType, rest, expected) => {
    const charged = await kit().charge(paymentType, 'order-1', 50_000, rest);
    expect(charged).toMatchObject({
      status_code: '201',
      order_id: 'order-1',
      gross_amount: '50000.00',
      currency: 'IDR',
      transaction_status: 'pending',
      transaction_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      expiry_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      merchant_id: 'G000000000',
      ...expected,
    });
    expect((await kit().act('order-1', 'pay')).body).toMatchObject({
      status_code: '200',
      transaction_status: 'settlement',
    });
  });

  it('of Indomaret says nothing about fraud, of Alfamart it does', async () => {
    const indomaret = await kit().charge('cstore', 'order-1', 50_000, { cstore: { store: 'indomaret' } });
    const alfamart = await kit().charge('cstore', 'order-2', 50_000, { cstore: { store: 'alfamart' } });
    expect('fraud_status' in indomaret).toBe(false);
    expect(alfamart['fraud_status']).toBe('accept');
  });

  it.each([
    ['indomaret', true],
    ['alfamart', false],
  ])('of %s shows an approval code once paid: %s', async (store, shows) => {
    await kit().charge('cstore', 'order-1', 50_000, { cstore: { store } });
    await kit().act('order-1', 'pay');
    expect('approval_code' in (await kit().status('order-1'))).toBe(shows);
  });

  it('of GoPay offers a QR code, a deeplink, its status and its cancellation', async () => {
    const { actions } = await kit().charge('gopay', 'order-1', 50_000, {
      gopay: { enable_callback: true, callback_url: 'someapps://callback' },
    });
    const named = actions as { name: string; method: string; url: string }[];
    expect(named.map(({ name, method }) => `${method} ${name}`)).toEqual([
      'GET generate-qr-code',
      'GET generate-qr-code-v2',
      'GET deeplink-redirect',
      'GET get-status',
      'POST cancel',
    ]);
    expect(named[2]?.url).toContain(encodeURIComponent('someapps://callback'));
  });

  it('of QRIS carries a code whose checksum is right', async () => {
    const { qr_string: text } = await kit().charge('qris', 'order-1', 27_500);
    const code = String(text);
    expect(code).toContain('540527500');
    expect(code.slice(-4)).toBe(crc16(code.slice(0, -4)));
  });

  it('gives the number asked for, another when it is taken, padded and cut to the length of the bank', async () => {
    const number = async (orderId: string, va_number: string): Promise<string> => {
      const charged = await kit().charge('bank_transfer', orderId, 50_000, {
        bank_transfer: { bank: 'bca', va_number },
      });
      return String((charged['va_numbers'] as { va_number: string }[])[0]?.va_number);
    };
    const first = await number('order-1', '123456');
    expect(first).toMatch(/123456$/);
    expect(await number('order-2', '123456')).not.toBe(first);
    expect(await number('order-3', '12')).toMatch(/000012$/);
    expect(await number('order-4', '1234567890123456789999')).toMatch(/123456789012345678$/);
    await kit().act('order-1', 'pay');
    expect(await number('order-5', '123456')).toBe(first);
  });

  it('echoes a numeric order id as text, custom fields and metadata', async () => {
    const body = {
      payment_type: 'permata',
      transaction_details: { order_id: 1554317097, gross_amount: 100_000 },
      custom_field1: 'a',
      custom_field3: 'wish-1',
      metadata: { cart: [1, { nested: true }] },
    };
    expect((await kit().post('/v2/charge', body)).body['order_id']).toBe('1554317097');
    const echo = { custom_field1: 'a', custom_field3: 'wish-1', metadata: { cart: [1, { nested: true }] } };
    expect(await kit().status('1554317097')).toMatchObject(echo);
    const [notified] = await kit().merchant.first(1);
    expect(notified?.body).toMatchObject(echo);
  });

  it('is found by order id and by transaction id, with a signature', async () => {
    const charged = await kit().chargeBca('order-1');
    const byOrder = await kit().status('order-1');
    expect(byOrder).toEqual(await kit().status(String(charged['transaction_id'])));
    expect(byOrder).toMatchObject({
      status_code: '201',
      status_message: 'Success, transaction is found',
      payment_amounts: [],
      signature_key: expect.stringMatching(/^[0-9a-f]{128}$/),
    });
  });
});

describe('a charge that cannot be', () => {
  it('is HTTP 400 with every bad field named', async () => {
    const { http, body } = await kit().post('/v2/charge', { payment_type: 'gopay', transaction_details: {} });
    expect(http).toBe(400);
    expect(body).toEqual({
      status_code: '400',
      status_message: 'One or more parameters in the payload is invalid.',
      validation_messages: ['transaction_details.order_id is required', 'transaction_details.gross_amount is required'],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ['an amount of zero', 'gopay', 0, {}, 'transaction_details.gross_amount must be greater than or equal to 1'],
    ['a fraction of a rupiah', 'gopay', 1.5, {}, 'transaction_details.gross_amount must be an integer'],
    [
      'less than the method takes',
      'bank_transfer',
      9_999,
      { bank_transfer: { bank: 'bca' } },
      'transaction_details.gross_amount must be greater than or equal to 10000',
    ],
    [
      'more than the method takes',
      'qris',
      10_000_001,
      {},
      'transaction_details.gross_amount must be less than or equal to 10000000',
    ],
    [
      'items that do not add up',
      'gopay',
      50_000,
      items(40_000),
      'transaction_details.gross_amount is not equal to the sum of item_details',
    ],
    ['a bank left out', 'bank_transfer', 50_000, { bank_transfer: {} }, 'bank_transfer.bank is required'],
    [
      'an unknown bank',
      'bank_transfer',
      50_000,
      { bank_transfer: { bank: 'hsbc' } },
      'bank_transfer.bank is not a supported bank',
    ],
    ['an unknown method', 'cash', 50_000, {}, 'payment_type is not supported'],
    ['a method that every object has', 'toString', 50_000, {}, 'payment_type is not supported'],
    ...['danamon', 'bsi', 'seabank', 'saqu'].map((bank): [string, string, number, Record<string, unknown>, string] => [
      `${bank}, which is for Snap only`,
      'bank_transfer',
      50_000,
      { bank_transfer: { bank } },
      'bank_transfer.bank is not a supported bank',
    ]),
    [
      'an expiry in a unit nobody knows',
      'gopay',
      50_000,
      { custom_expiry: { expiry_duration: 1, unit: 'week' } },
      'custom_expiry.unit must be one of second, minute, hour, day',
    ],
    [
      'an address that is too long',
      'gopay',
      50_000,
      { item_details: [{ name: 'a', price: 50_000, quantity: 1, url: `https://shop.example/${'x'.repeat(50)}` }] },
      'item_details[0].url is too long (maximum is 50 characters)',
    ],
    ['DANA, which is for Snap only', 'dana', 50_000, {}, 'payment_type is not supported'],
    ['akulaku without items', 'akulaku', 50_000, customer, 'item_details is required'],
    [
      'an expiry beyond the maximum',
      'gopay',
      50_000,
      { custom_expiry: { expiry_duration: 8, unit: 'day' } },
      'custom_expiry.expiry_duration is out of range',
    ],
  ])('because of %s', async (_why, paymentType, amount, rest, message) => {
    const { http, body } = await kit().post('/v2/charge', {
      payment_type: paymentType,
      transaction_details: { order_id: 'order-1', gross_amount: amount },
      ...rest,
    });
    expect(http).toBe(400);
    expect(body['validation_messages']).toContain(message);
  });

  it('has real HTTP codes for charges only: elsewhere 400 is in the body of HTTP 200', async () => {
    const { transaction_id } = await kit().chargeCard('order-1', { type: 'authorize' });
    const saved = new URLSearchParams({ client_key: kit().simulator.clientKey, token_id: 'x' });
    const answers = [
      await kit().api('GET', `/v2/token?${saved.toString()}`),
      await kit().post('/v2/capture', {}),
      await kit().post('/v2/capture', { transaction_id, gross_amount: 100_001 }),
      await kit().post('/v2/order-1/refund', { refund_key: 'a b' }),
      await kit().post('/v2/pay/account', {}),
    ];
    expect(answers.map(({ http, body }) => [http, body['status_code'], body['validation_messages']])).toEqual([
      [200, '400', ['card_cvv is required']],
      [200, '400', ['transaction_id is required']],
      [200, '400', ['gross_amount must be less than or equal to 100000']],
      [200, '400', ['refund_key may only contain letters, digits, dash and underscore']],
      [200, '400', ['payment_type is required', 'gopay_partner is required']],
    ]);
  });

  it('is 404 in the body for an OVO phone that is not registered', async () => {
    const { http, body } = await kit().post('/v2/charge', {
      payment_type: 'ovo',
      transaction_details: { order_id: 'order-1', gross_amount: 50_000 },
      ovo: { payer_phone_number: '+628249134000' },
    });
    expect(http).toBe(200);
    expect(body).toMatchObject({
      status_code: '404',
      status_message: "User with requested phone number doesn't exist",
    });
  });

  it('is 406 in the body for an order id in use, and free again after expire and cancel only', async () => {
    await kit().chargeBca('order-1');
    const again = await kit().chargeBca('order-1');
    expect(again['status_code']).toBe('406');
    await kit().post('/v2/order-1/cancel');
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('201');
    await kit().post('/v2/order-1/expire');
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('201');
    await kit().act('order-1', 'deny');
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('406');
  });

  it('is HTTP 401 with a wrong key, also with the client key', async () => {
    for (const key of ['wrong', kit().simulator.clientKey]) {
      const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
      const { http, body } = await kit().api('GET', '/v2/order-1/status', undefined, { authorization });
      expect([http, body['status_code']]).toEqual([401, '401']);
    }
  });

  it('is 413 when it is no JSON, or larger than 16 KB', async () => {
    const malformed = await kit().post('/v2/charge', '{"payment_type":');
    expect(malformed.body['status_code']).toBe('413');
    const large = await kit().chargeBca('order-1', 44_000, { custom_field1: 'x'.repeat(17_000) });
    expect(large['status_code']).toBe('413');
  });
});
