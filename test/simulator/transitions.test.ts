import { describe, expect, it } from '@jest/globals';
import type { SimulatorKit } from './simulator-kit.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

/** How a payment gets to each standing of midtrans-facts 4.2. */
const reach: Record<string, (simulator: SimulatorKit) => Promise<unknown>> = {
  pending: (simulator) => simulator.charge('gopay', 'order-1', 50_000),
  authorize: (simulator) => simulator.chargeCard('order-1', { type: 'authorize' }),
  'capture accept': (simulator) => simulator.chargeCard('order-1'),
  'capture challenge': (simulator) => simulator.chargeCard('order-1', { number: '4511111111111117' }),
  settlement: async (simulator) => {
    await simulator.charge('gopay', 'order-1', 50_000);
    await simulator.act('order-1', 'pay');
  },
  partial_refund: async (simulator) => {
    await reach['settlement']?.(simulator);
    await simulator.post('/v2/order-1/refund', { amount: 10_000 });
  },
  refund: async (simulator) => {
    await reach['settlement']?.(simulator);
    await simulator.post('/v2/order-1/refund', {});
  },
  deny: async (simulator) => {
    await reach['pending']?.(simulator);
    await simulator.act('order-1', 'deny');
  },
  cancel: async (simulator) => {
    await reach['pending']?.(simulator);
    await simulator.post('/v2/order-1/cancel');
  },
  failure: async (simulator) => {
    await reach['pending']?.(simulator);
    await simulator.act('order-1', 'fail');
  },
  expire: async (simulator) => {
    await reach['pending']?.(simulator);
    await simulator.post('/v2/order-1/expire');
  },
};

/** Table 4.2: the code of the answer and the status afterwards; whatever is not here is 412. */
const allowed: Record<string, Record<string, [string, string]>> = {
  pending: { cancel: ['200', 'cancel'], expire: ['407', 'expire'] },
  authorize: { cancel: ['200', 'cancel'], capture: ['200', 'capture'] },
  'capture accept': { cancel: ['200', 'cancel'] },
  'capture challenge': { cancel: ['200', 'cancel'], approve: ['200', 'capture'], deny: ['200', 'deny'] },
  settlement: { refund: ['200', 'refund'] },
  partial_refund: { refund: ['200', 'refund'] },
};

const actions = ['cancel', 'expire', 'capture', 'approve', 'deny', 'refund'];

const perform = async (simulator: SimulatorKit, action: string, before: Record<string, unknown>) => {
  if (action === 'capture') return simulator.post('/v2/capture', { transaction_id: before['transaction_id'] });
  const left = Number(before['gross_amount']) - Number(before['refund_amount'] ?? 0);
  return simulator.post(`/v2/order-1/${action}`, action === 'refund' ? { amount: left } : {});
};

describe.each(Object.keys(reach))('a payment in %s', (standing) => {
  it.each(actions)('answers %s as table 4.2 says', async (action) => {
    await reach[standing]?.(kit());
    const before = await kit().status('order-1');
    const { http, body } = await perform(kit(), action, before);
    const after = await kit().status('order-1');
    const expected = allowed[standing]?.[action];
    expect(http).toBe(200);
    expect(body['status_code']).toBe(expected?.[0] ?? '412');
    expect(after['transaction_status']).toBe(expected?.[1] ?? before['transaction_status']);
  });
});

describe('actions of the merchant', () => {
  it('are 404 in the body for an order nobody knows', async () => {
    for (const action of ['cancel', 'expire', 'approve', 'deny', 'refund'])
      expect((await kit().post(`/v2/unknown/${action}`)).body).toEqual({
        status_code: '404',
        status_message: "Transaction doesn't exist.",
        id: expect.any(String),
      });
    expect((await kit().post('/v2/capture', { transaction_id: 'unknown' })).body['status_code']).toBe('404');
  });

  it('refused with 412 name the transaction, refunds do not', async () => {
    const { transaction_id: id } = await kit().chargeBca('order-1');
    expect((await kit().post('/v2/order-1/approve')).body).toEqual({
      status_code: '412',
      status_message: 'Transaction status cannot be updated.',
      id,
    });
    expect((await kit().post('/v2/order-1/refund')).body).toEqual({
      status_code: '412',
      status_message: 'Merchant cannot modify the status of the transaction',
    });
  });

  it('cancel shows no account number, and its notification says 202', async () => {
    await kit().chargeBca('order-1');
    const { body } = await kit().post('/v2/order-1/cancel');
    expect(body).toMatchObject({ status_code: '200', status_message: 'Success, transaction is canceled' });
    expect('va_numbers' in body).toBe(false);
    const [, canceled] = await kit().merchant.first(2);
    expect(canceled?.body).toMatchObject({ status_code: '202', transaction_status: 'cancel' });
  });

  it('expire is a success of 407, and so is GET status afterwards', async () => {
    await kit().chargeBca('order-1');
    expect((await kit().post('/v2/order-1/expire')).body).toMatchObject({
      status_code: '407',
      status_message: 'Success, transaction has expired',
    });
    expect(await kit().status('order-1')).toMatchObject({ status_code: '407', transaction_status: 'expire' });
  });

  it('capture takes less than was authorized, never more, and the rest is gone', async () => {
    const { transaction_id } = await kit().chargeCard('order-1', { type: 'authorize', amount: 100_000 });
    const more = await kit().post('/v2/capture', { transaction_id, gross_amount: 100_001 });
    expect([more.http, more.body['status_code']]).toEqual([200, '400']);
    const less = await kit().post('/v2/capture', { transaction_id, gross_amount: 60_000 });
    expect(less.body).toMatchObject({ status_code: '200', gross_amount: '60000.00', transaction_status: 'capture' });
    expect(await kit().status('order-1')).toMatchObject({ gross_amount: '60000.00' });
  });
});
