import { describe, expect, it } from '@jest/globals';
import { Pace } from '../../simulator/notifications/pace.js';
import { readSettings } from '../../simulator/settings.js';
import { allOff } from '../../simulator/switches.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator({
  switches: { walletQuirks: true, shopeePayPartialRefunds: true, refundHours: true, kredivoDetails: true },
});

describe('the switches', () => {
  it('walletQuirks: pending is in capitals for ShopeePay and DANA, in GET status only', async () => {
    expect((await kit().charge('shopeepay', 'order-1', 50_000))['transaction_status']).toBe('pending');
    expect(await kit().status('order-1')).toMatchObject({
      transaction_status: 'PENDING',
      actions: [expect.objectContaining({ name: 'deeplink-redirect' })],
    });
    await kit().charge('gopay', 'order-2', 50_000);
    expect((await kit().status('order-2'))['transaction_status']).toBe('pending');
    const [notified] = await kit().merchant.first(1);
    expect(notified?.body['transaction_status']).toBe('pending');
  });

  it('walletQuirks: a refund of DANA has its transaction id in order_id', async () => {
    await kit().post('/snap/v1/transactions', {
      transaction_details: { order_id: 'order-1', gross_amount: 50_000 },
      enabled_payments: ['dana'],
    });
    const { transaction_id: id } = (await kit().act('order-1', 'pay')).body;
    const { body } = await kit().post(`/v2/${String(id)}/refund`, { amount: 10_000 });
    expect(body).toMatchObject({ status_code: '200', order_id: id, refund_amount: '10000.00' });
    expect('transaction_id' in body).toBe(false);
  });

  it('shopeePayPartialRefunds and refundHours: a part can be refunded, but not at night', async () => {
    await kit().charge('shopeepay', 'order-1', 50_000);
    await kit().act('order-1', 'pay');
    const hours: [string, string][] = [];
    for (let hour = 0; hour < 24; hour++) {
      const { body } = await kit().post('/v2/order-1/refund', { amount: 100 });
      const now = new Date(Date.parse(String((await kit().control('GET', '/clock')).body['now'])) + 7 * 3_600_000);
      hours.push([now.toISOString().slice(11, 13), String(body['status_code'])]);
      await kit().advance(3_600);
    }
    expect(hours.find(([hour]) => hour === '03')?.[1]).toBe('412');
    expect(hours.find(([hour]) => hour === '12')?.[1]).toBe('200');
  });

  it('kredivoDetails: Kredivo wants a category and an address of each item, and where to ship; Snap has them', async () => {
    const item = { id: '1', name: 'Shoes', price: 50_000, quantity: 1 };
    const bare = await kit().charge('kredivo', 'order-1', 50_000, { item_details: [item], customer_details: {} });
    expect(bare['validation_messages']).toEqual([
      'item_details[0].category is required',
      'item_details[0].url is required',
      'customer_details.shipping_address is required',
    ]);
    const whole = await kit().charge('kredivo', 'order-1', 50_000, {
      item_details: [{ ...item, category: 'Shoes', url: 'https://shop.example/1' }],
      customer_details: { shipping_address: { city: 'Bandung' } },
    });
    expect(whole['status_code']).toBe('201');
    await kit().post('/snap/v1/transactions', {
      transaction_details: { order_id: 'order-2', gross_amount: 50_000 },
      item_details: [item],
      enabled_payments: ['kredivo'],
    });
    expect((await kit().act('order-2', 'pay')).body['transaction_status']).toBe('settlement');
  });

  it('randomShifts and slaDelays: sooner and later than to the letter, within bounds', () => {
    const punctual = new Pace(allOff, () => 0.5);
    const real = new Pace({ randomShifts: true, slaDelays: true }, () => 0.5);
    expect([punctual.shiftedMs(120_000), punctual.delayMs('settlement')]).toEqual([120_000, 0]);
    expect([
      real.shiftedMs(120_000),
      real.delayMs('settlement'),
      real.delayMs('expire'),
      real.delayMs('pending'),
    ]).toEqual([75_000, 10_000, 45_000, 0]);
  });

  it('come from the environment, all off by default', () => {
    expect(readSettings({}).switches).toEqual(allOff);
    expect(readSettings({ SIMULATOR_WALLET_QUIRKS: 'true', SIMULATOR_PORT: '' })).toMatchObject({
      port: 3003,
      switches: { ...allOff, walletQuirks: true },
    });
    expect(() => readSettings({ SIMULATOR_SLA_DELAYS: 'yes' })).toThrow('SIMULATOR_SLA_DELAYS: must be true or false');
  });
});

describe('customers', () => {
  it.each([
    ['permata', {}, { email: 'a..b@example.com' }, 'customer_details.email is invalid'],
    [
      'bank_transfer',
      { bank_transfer: { bank: 'bni' } },
      { phone: '812345' },
      'customer_details.phone must start with +62 or 0',
    ],
    [
      'bank_transfer',
      { bank_transfer: { bank: 'bca' } },
      { last_name: 'x'.repeat(31) },
      'customer_details.last_name is too long (maximum is 30 characters)',
    ],
  ])('of %s %j must suit the method', async (paymentType, rest, customer_details, message) => {
    const refused = await kit().charge(paymentType, 'order-1', 50_000, { ...rest, customer_details });
    expect(refused['validation_messages']).toEqual([message]);
    const fine = { email: 'a.b@example.com', phone: '+62812345' };
    expect(await kit().charge(paymentType, 'order-1', 50_000, { ...rest, customer_details: fine })).toMatchObject({
      status_code: '201',
    });
  });
});
