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
    faults.add({ path: '/v2', kind: 'status', probability: 0.5, status: 500, delayMs: 0, timesLeft: null });
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
    expect((await kit().post('/snap/v1/transactions', {})).body).toEqual({ error_messages: ['Internal Server Error'] });
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
  ])('%j is refused', async (body, message) => {
    expect(await fault(body)).toMatchObject({ http: 400, body: { message } });
  });
});
