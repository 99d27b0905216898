import { describe, expect, it } from '@jest/globals';
import { HttpFaults, matchesPrefix } from '../../simulator/faults/http-faults.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const fault = (body: Record<string, unknown>) => kit().control('POST', '/faults', body);

describe('the path of a fault', () => {
  it.each([
    ['/v2/charge', '/v2/charge', true],
    ['/v2', '/v2/order-1/status', true],
    ['/v2/', '/v2/order-1/status', true],
    ['/', '/snap/v1/transactions', true],
    ['/v2/*/status', '/v2/order-1/status', true],
    ['/v2/*/status', '/v2/order-1/status/b2b', true],
    ['/v2/*/status', '/v2/order-1/refund', false],
    ['/v2/*/refund', '/v2/a/b/refund', false],
    ['/v2/charge', '/v2', false],
    ['/v2/*', '/v1/subscriptions', false],
  ])('%s strikes %s: %s', (prefix, path, strikes) => {
    expect(matchesPrefix(prefix, path)).toBe(strikes);
  });
});

describe('a fault', () => {
  it('strikes with its probability', () => {
    const draws = [0.1, 0.6, 0.49];
    const faults = new HttpFaults(() => draws.shift() ?? 1);
    faults.add({ path: '/v2', kind: 'drop_before', probability: 0.5, timesLeft: null });
    expect([1, 2, 3].map(() => faults.draw('/v2/charge') !== undefined)).toEqual([true, false, true]);
  });

  it('status: answers instead of working, as often as it was told', async () => {
    await fault({ path: '/v2/charge', kind: 'status', status: 503, times: 2 });
    for (let time = 0; time < 2; time++) {
      const { http, body } = await kit().post('/v2/charge', {});
      expect([http, body['status_code'], body['status_message']]).toEqual([
        503,
        '503',
        'Bank/partner is experiencing connection issue.',
      ]);
    }
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('201');
  });

  it('status 429 has the shape of the gateway', async () => {
    await fault({ path: '/v2', kind: 'status', status: 429, times: 1 });
    const { http, body } = await kit().post('/v2/charge', {});
    expect([http, body]).toEqual([429, { message: 'API rate limit exceeded' }]);
  });

  it('status in Snap has the shape of Snap', async () => {
    await fault({ path: '/snap', kind: 'status', status: 500, times: 1 });
    expect((await kit().post('/snap/v1/transactions', {})).body).toEqual({
      error_messages: ['Sorry, we encountered internal server error. We will fix this soon.'],
      locale: 'en',
    });
  });

  it.each([
    [402, 'Payment channel is not activated.'],
    [505, 'Unable to create va_number for this transaction'],
    [900, 'GENERIC_SERVICE_ERROR'],
  ])('body_status %i: HTTP 200 with the error in the body', async (body_status, message) => {
    await fault({ path: '/v2/charge', kind: 'status', body_status, times: 1 });
    const { http, body } = await kit().post('/v2/charge', {});
    expect([http, body['status_code'], body['status_message']]).toEqual([200, String(body_status), message]);
    expect((await kit().chargeBca('order-1'))['status_code']).toBe('201');
  });

  it('empty: no body where JSON was expected', async () => {
    await fault({ path: '/v2/charge', kind: 'empty', times: 1 });
    await fault({ path: '/v2/charge', kind: 'empty', status: 200, times: 1 });
    const answers = [await kit().post('/v2/charge', {}), await kit().post('/v2/charge', {})];
    expect(answers.map(({ http, text }) => [http, text])).toEqual([
      [502, ''],
      [200, ''],
    ]);
  });

  it.each([
    ['status', { status: 503 }, 503],
    ['status', { body_status: 500 }, 200],
    ['html', {}, 502],
    ['empty', {}, 502],
  ])('%s %j after_commit: the work was done all the same, once', async (kind, rest, http) => {
    await fault({ path: '/v2/charge', kind, ...rest, after_commit: true, times: 1 });
    const body = { payment_type: 'gopay', transaction_details: { order_id: 'order-1', gross_amount: 50_000 } };
    const lost = await kit().post('/v2/charge', body);
    expect([lost.http, lost.body['transaction_id']]).toEqual([http, undefined]);
    expect((await kit().status('order-1'))['status_code']).toBe('201');
    expect((await kit().post('/v2/charge', body)).body['status_code']).toBe('406');
  });

  it('html: a page where JSON was expected', async () => {
    await fault({ path: '/v2/charge', kind: 'html', times: 1 });
    const { http, text } = await kit().post('/v2/charge', {});
    expect(http).toBe(502);
    expect(text).toMatch(/^<!DOCTYPE html>/);
  });

  it('drop_before: the connection is lost and nothing was made', async () => {
    await fault({ path: '/v2/charge', kind: 'drop_before', times: 1 });
    await expect(kit().chargeBca('order-1')).rejects.toThrow('fetch failed');
    expect((await kit().status('order-1'))['status_code']).toBe('404');
  });

  it('drop_after_commit: the connection is lost and the charge was made, once', async () => {
    await fault({ path: '/v2/charge', kind: 'drop_after_commit', times: 1 });
    const charge = () =>
      kit().post(
        '/v2/charge',
        { payment_type: 'gopay', transaction_details: { order_id: 'order-1', gross_amount: 50_000 } },
        { 'Idempotency-Key': 'key-1' },
      );
    await expect(charge()).rejects.toThrow('fetch failed');
    const status = await kit().status('order-1');
    expect(status['status_code']).toBe('201');
    expect((await charge()).body['transaction_id']).toBe(status['transaction_id']);
    expect((await kit().control('GET', '/transactions')).body['transactions']).toHaveLength(1);
  });

  it('drop_after_commit strikes a replayed answer as well', async () => {
    await fault({ path: '/v2/charge', kind: 'drop_after_commit', times: 2 });
    const headers = { 'Idempotency-Key': 'key-1' };
    const body = { payment_type: 'gopay', transaction_details: { order_id: 'order-1', gross_amount: 50_000 } };
    await expect(kit().post('/v2/charge', body, headers)).rejects.toThrow();
    await expect(kit().post('/v2/charge', body, headers)).rejects.toThrow();
    expect((await kit().post('/v2/charge', body, headers)).body['status_code']).toBe('201');
  });

  it('delay: the work is done later', async () => {
    await fault({ path: '/v2/charge', kind: 'delay', delay_ms: 200, times: 1 });
    const charged = kit().chargeBca('order-1');
    expect((await kit().status('order-1'))['status_code']).toBe('404');
    expect((await charged)['status_code']).toBe('201');
  });

  it('never strikes the controls or the dashboard', async () => {
    await fault({ path: '/', kind: 'status', status: 500 });
    expect((await kit().control('GET', '/transactions')).http).toBe(200);
    expect((await kit().browse('/')).status).toBe(200);
  });

  it('refuse: the bank denies the next capture, in that answer only', async () => {
    const { transaction_id } = await kit().chargeCard('order-1', { type: 'authorize', amount: 100_000 });
    await fault({ path: '/v2/capture', kind: 'refuse', times: 1 });
    const capture = () => kit().post('/v2/capture', { transaction_id, gross_amount: 60_000 });
    const { http, body } = await capture();
    expect(http).toBe(200);
    expect(body).toMatchObject({
      status_code: '202',
      status_message: 'Deny by Bank [BNI] with code [05] and message [Do not honour]',
      transaction_status: 'deny',
      gross_amount: '60000.00',
      channel_response_code: '05',
    });
    expect(await kit().status('order-1')).toMatchObject({
      transaction_status: 'authorize',
      gross_amount: '100000.00',
      channel_response_code: '00',
    });
    expect((await capture()).body).toMatchObject({ status_code: '200', transaction_status: 'capture' });
  });

  it.each([
    ['/v2/order-1/refund/online/direct', 'bank', '202', 'Refund denied by the bank'],
    ['/v2/order-1/refund', 'bank', '202', 'Refund denied by the bank'],
    ['/v2/order-1/refund', 'balance', '414', 'Refund request is rejected due to insufficient funds'],
  ])('refuse: %s by the %s, and the key is free for another try', async (path, because, code, message) => {
    await kit().charge('gopay', 'order-1', 50_000);
    await kit().act('order-1', 'pay');
    await kit().merchant.first(2);
    await fault({ path: '/v2/*/refund', kind: 'refuse', because, times: 1 });
    const refund = () => kit().post(path, { refund_key: 'a', amount: 20_000 });
    const { http, body } = await refund();
    expect([http, body['status_code'], body['status_message']]).toEqual([200, code, message]);
    if (because === 'bank') expect(body).toMatchObject({ transaction_status: 'settlement', refund_amount: '0.00' });
    expect('refunds' in (await kit().status('order-1'))).toBe(false);
    expect((await refund()).body).toMatchObject({ status_code: '200', refund_amount: '20000.00' });
    await kit().merchant.first(3);
    expect(kit().merchant.statuses().slice(0, 3)).toEqual(['pending', 'settlement', 'partial_refund']);
  });

  it('refuse: leaves everything but captures and refunds alone, and is not used up by it', async () => {
    await fault({ path: '/v2', kind: 'refuse', times: 1 });
    await kit().charge('gopay', 'order-1', 50_000);
    await kit().act('order-1', 'pay');
    expect((await kit().post('/v2/order-1/refund', {})).body['status_code']).toBe('202');
  });

  it('is listed with what only its kind has', async () => {
    await fault({ path: '/v2/charge', kind: 'status', body_status: 505, after_commit: true });
    await fault({ path: '/v2/charge', kind: 'empty', status: 504, times: 2 });
    const { body } = await fault({ path: '/v2/capture', kind: 'refuse' });
    const common = { probability: 1, times: null };
    expect(body['faults']).toEqual([
      { ...common, path: '/v2/charge', kind: 'status', status: 200, body_status: 505, after_commit: true },
      { ...common, path: '/v2/charge', kind: 'empty', status: 504, times: 2 },
      { ...common, path: '/v2/capture', kind: 'refuse', because: 'bank' },
    ]);
  });

  it('is listed, and cleared with all others', async () => {
    await fault({ path: '/v2/*/status', kind: 'delay', probability: 0.5, delay_ms: 700 });
    const set = await fault({ notifications: { duplicate: 0.2, lose: 0.1 } });
    expect(set.body).toEqual({
      faults: [{ path: '/v2/*/status', kind: 'delay', probability: 0.5, delay_ms: 700, times: null }],
      notifications: { duplicate: 0.2, reorder: 0, lose: 0.1, delay_ms: 0 },
    });
    expect((await kit().control('DELETE', '/faults')).body).toEqual({
      faults: [],
      notifications: { duplicate: 0, reorder: 0, lose: 0, delay_ms: 0 },
    });
  });

  it.each([
    [{ kind: 'status' }, 'path is required'],
    [{ path: 'v2', kind: 'status' }, 'path must begin with a slash'],
    [{ path: '/v2', kind: 'status', probability: 2 }, 'probability must be less than or equal to 1'],
    [{ path: '/v2' }, 'kind is required'],
    [{ path: '/v2', kind: 'status', status: 200 }, 'status must be greater than or equal to 400'],
    [{ path: '/v2', kind: 'html', body_status: 500 }, 'body_status is for the kind status'],
    [{ path: '/snap', kind: 'status', body_status: 500 }, 'body_status is for paths under /v2'],
    [{ path: '/v2', kind: 'delay', after_commit: true }, 'after_commit is for the kinds status, html and empty'],
    [{ path: '/v2', kind: 'html', because: 'balance' }, 'because is for the kind refuse'],
    [{ path: '/v2', kind: 'html', propability: 1 }, 'must not have propability'],
  ])('%j is refused', async (body, message) => {
    expect(await fault(body)).toMatchObject({ http: 400, body: { message } });
  });
});
