import { describe, expect, it } from '@jest/globals';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const charge = (orderId: string, key: string, body: Record<string, unknown> = {}) =>
  kit().post(
    '/v2/charge',
    {
      payment_type: 'bank_transfer',
      transaction_details: { order_id: orderId, gross_amount: 44_000 },
      bank_transfer: { bank: 'bca' },
      ...body,
    },
    { 'Idempotency-Key': key },
  );

describe('an Idempotency-Key', () => {
  it('gives the same answer again, whatever the new body is', async () => {
    const first = await charge('order-1', 'key-1');
    expect((await charge('order-1', 'key-1')).text).toBe(first.text);
    expect((await charge('order-2', 'key-1')).text).toBe(first.text);
    expect((await kit().status('order-2'))['status_code']).toBe('404');
  });

  it('is one for all endpoints', async () => {
    const charged = await charge('order-1', 'key-1');
    const canceled = await kit().post('/v2/order-1/cancel', {}, { 'Idempotency-Key': 'key-1' });
    expect(canceled.text).toBe(charged.text);
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
  });

  it('is forgotten after five minutes; then the order id is taken', async () => {
    await charge('order-1', 'key-1');
    await kit().advance(299);
    expect((await charge('order-1', 'key-1')).body['status_code']).toBe('201');
    await kit().advance(2);
    expect((await charge('order-1', 'key-1')).body['status_code']).toBe('406');
  });

  it('of more than 46 characters is ignored', async () => {
    await charge('order-1', 'k'.repeat(47));
    expect((await charge('order-1', 'k'.repeat(47))).body['status_code']).toBe('406');
    await charge('order-2', 'k'.repeat(46));
    expect((await charge('order-2', 'k'.repeat(46))).body['status_code']).toBe('201');
  });

  it('keeps successes only', async () => {
    const refused = await charge('order-1', 'key-1', { bank_transfer: { bank: 'hsbc' } });
    expect(refused.http).toBe(400);
    expect((await charge('order-1', 'key-1')).body['status_code']).toBe('201');
  });

  it('keeps a successful expire, which is answered 407', async () => {
    await kit().chargeBca('order-1');
    const headers = { 'Idempotency-Key': 'key-1' };
    await kit().post('/v2/order-1/expire', {}, headers);
    expect((await kit().post('/v2/order-1/expire', {}, headers)).body['status_code']).toBe('407');
  });

  it.each([
    ['permata', { payment_type: 'permata' }],
    ['permata as a bank', { payment_type: 'bank_transfer', bank_transfer: { bank: 'permata' } }],
    ['indomaret', { payment_type: 'cstore', cstore: { store: 'Indomaret' } }],
    ['CIMB Clicks', { payment_type: 'cimb_clicks', cimb_clicks: { description: 'x' } }],
    ['KlikBCA', { payment_type: 'bca_klikbca', bca_klikbca: { description: 'x', user_id: 'U' } }],
  ])('does nothing for %s', async (_name, body) => {
    expect((await charge('order-1', 'key-1', body)).body['status_code']).toBe('201');
    expect((await charge('order-1', 'key-1', body)).body['status_code']).toBe('406');
  });

  it('answers 202 while the first request is in flight, and charges once', async () => {
    await kit().control('POST', '/faults', { path: '/v2/charge', kind: 'delay', delay_ms: 300, times: 1 });
    const first = charge('order-1', 'key-1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await charge('order-1', 'key-1');
    expect(second.http).toBe(202);
    expect('status_code' in second.body).toBe(false);
    expect((await first).body['status_code']).toBe('201');
    expect((await charge('order-1', 'key-1')).text).toBe((await first).text);
  });

  it('of a subscription is good for three minutes, and only for a body that is valid', async () => {
    const subscribe = (rest: Record<string, unknown> = {}) =>
      kit().post(
        '/v1/subscriptions',
        {
          name: 'MONTHLY_2026',
          amount: '14000',
          currency: 'IDR',
          payment_type: 'credit_card',
          token: 'a-saved-card',
          schedule: { interval: 1, interval_unit: 'month' },
          ...rest,
        },
        { 'Idempotency-Key': 'key-1' },
      );
    const first = await subscribe();
    expect((await subscribe({ amount: '15000' })).text).toBe(first.text);
    const invalid = await subscribe({ amount: undefined });
    expect([invalid.http, invalid.body['validation_messages']]).toEqual([400, ['subscription.amount is required']]);
    await kit().advance(181);
    expect((await subscribe()).body['id']).not.toBe(first.body['id']);
  });

  it('makes a refund once', async () => {
    await kit().charge('gopay', 'order-1', 50_000);
    await kit().act('order-1', 'pay');
    const refund = () => kit().post('/v2/order-1/refund', { amount: 10_000 }, { 'Idempotency-Key': 'key-1' });
    const first = await refund();
    expect((await refund()).text).toBe(first.text);
    expect((await kit().status('order-1'))['refund_amount']).toBe('10000.00');
  });
});
