import { describe, expect, it } from '@jest/globals';
import { Script } from 'node:vm';
import { inflateSync } from 'node:zlib';
import { html } from '../../simulator/pages/html.js';
import { blackAndWhitePng } from '../../simulator/pages/png.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const textOf = async (path: string): Promise<string> => (await kit().browse(path)).text();

describe('markup', () => {
  it('escapes every value that is not markup itself', () => {
    expect(html`<a title="${'"x"'}">${'<b>&'}${html`<i>${"'"}</i>`}${[1, false, undefined]}</a>`.text).toBe(
      '<a title="&quot;x&quot;">&lt;b&gt;&amp;<i>&#39;</i>1</a>',
    );
  });
});

describe('the dashboard', () => {
  it('shows what waits, with the number to pay to, what was sent, and how it was answered', async () => {
    kit().merchant.replies = [503];
    await kit().chargeBca('order-1', 150_000);
    await kit().merchant.first(1);
    await kit().advance(0);
    const page = await textOf('/');
    const { va_numbers: accounts } = await kit().status('order-1');
    expect(page).toContain('BCA virtual account');
    expect(page).toContain('Rp 150.000');
    expect(page).toContain((accounts as { va_number: string }[])[0]?.va_number);
    expect(page).toContain(kit().merchant.url);
    expect(page).toContain('503');
    expect(page).toContain('again in 2 min');
  });

  it('shows faults in force, accounts to link and Snap pages', async () => {
    await kit().control('POST', '/faults', { path: '/v2/charge', kind: 'html', times: 3 });
    await kit().post('/v2/pay/account', {
      payment_type: 'gopay',
      gopay_partner: { phone_number: '81234567891', country_code: '62' },
    });
    await kit().post('/snap/v1/transactions', { transaction_details: { order_id: 'order-1', gross_amount: 10_000 } });
    const page = await textOf('/');
    for (const text of ['3 more times', '+6281234567891', 'no method picked']) expect(page).toContain(text);
  });

  it('offers faults that the controls accept, each with the number it names', async () => {
    const page = await textOf('/');
    const options = [...page.matchAll(/<option value="([^"]*)" data-number="([^"]*)" data-late="([^"]*)"/g)];
    expect(options).toHaveLength(9);
    for (const [, value = '', number = '', late] of options) {
      const trouble = JSON.parse(value.replaceAll('&quot;', '"')) as Record<string, unknown>;
      const body = {
        path: '/v2/charge',
        ...trouble,
        ...(number && { [number]: 505 }),
        ...(late && { after_commit: true }),
      };
      expect(await kit().control('POST', '/faults', body)).toMatchObject({ http: 200 });
    }
    expect(await textOf('/')).toContain('HTTP 200 with 505 in the body after the commit');
  });

  it('escapes what merchants send', async () => {
    const evil = '<script>alert(1)</script>';
    await kit().chargeBca('order-1', 50_000, { custom_field1: evil, metadata: { evil } });
    await kit().merchant.first(1);
    expect(await textOf('/')).not.toContain(evil);
    await kit().post('/snap/v1/transactions', {
      transaction_details: { order_id: 'order-2', gross_amount: 10_000 },
      item_details: [{ name: evil, price: 10_000, quantity: 1 }],
    });
    const { body } = await kit().control('GET', '/transactions');
    const [page] = body['snap_pages'] as { token: string }[];
    const text = await textOf(`/snap/v3/redirection/${page?.token}`);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain(evil);
  });

  it('needs nothing from elsewhere', async () => {
    const [page, style, script] = await Promise.all([
      textOf('/'),
      textOf('/assets/style.css'),
      textOf('/assets/dashboard.js'),
    ]);
    expect(`${page}${style}${script}`).not.toMatch(/https?:\/\/(?!127\.0\.0\.1)/);
    expect(() => new Script(script)).not.toThrow();
  });
});

describe('QR codes', () => {
  it.each([
    ['qris', '/v2/qris/', '/v4/qris/'],
    ['gopay', '/v2/gopay/', '/v4/qris/gopay/'],
  ])('of %s are PNG pictures at both addresses', async (paymentType, ...paths) => {
    const { transaction_id: id } = await kit().charge(paymentType, 'order-1', 27_500);
    for (const path of paths) {
      const response = await kit().browse(`${path}${String(id)}/qr-code`);
      expect(response.headers.get('content-type')).toBe('image/png');
      expect(
        Buffer.from(await response.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    }
    expect((await kit().browse('/v2/qris/unknown/qr-code')).status).toBe(404);
  });

  it('are drawn a bit a pixel', () => {
    const png = blackAndWhitePng(9, (row, column) => row === column);
    const data = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
    const rows = inflateSync(data);
    expect([...rows.subarray(0, 3)]).toEqual([0, 0b01111111, 0b10000000]);
    expect([...rows.subarray(24, 27)]).toEqual([0, 0b11111111, 0b00000000]);
  });
});

describe('the pages of customers', () => {
  it.each([
    ['akulaku', { item_details: [{ id: '1', name: 'a', price: 50_000, quantity: 1 }], customer_details: {} }],
    ['bri_epay', {}],
    ['cimb_clicks', { cimb_clicks: { description: 'x' } }],
  ])('of %s let them pay or refuse', async (paymentType, rest) => {
    const pay = await kit().charge(paymentType, 'order-1', 50_000, rest);
    const refuse = await kit().charge(paymentType, 'order-2', 50_000, rest);
    const path = new URL(String(pay['redirect_url'])).pathname;
    expect(await textOf(path)).toContain('Rp 50.000');
    await kit().browse(`/pay/${String(pay['transaction_id'])}`, { do: 'pay' });
    await kit().browse(`/pay/${String(refuse['transaction_id'])}`, { do: 'deny' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('settlement');
    expect((await kit().status('order-2'))['transaction_status']).toBe('deny');
    expect(await textOf(path)).not.toContain('<form');
  });

  it('of an app lead back to the shop with the result, but not into a script', async () => {
    const { transaction_id: id } = await kit().charge('gopay', 'order-1', 50_000);
    const paid = await kit().browse(`/pay/${String(id)}?callback_url=${encodeURIComponent('someapps://callback')}`, {
      do: 'pay',
    });
    expect(await paid.text()).toContain('someapps://callback?order_id=order-1&amp;result=success');
    expect(
      await textOf(`/v2/deeplink/${String(id)}?callback_url=${encodeURIComponent('javascript:alert(1)')}`),
    ).not.toContain('javascript:');
  });

  it('of GoPay tell nobody of a refusal but the shop they lead back to', async () => {
    const { transaction_id: id } = await kit().charge('gopay', 'order-1', 50_000);
    const query = `?callback_url=${encodeURIComponent('someapps://callback')}`;
    const refused = await (await kit().browse(`/pay/${String(id)}${query}`, { do: 'deny' })).text();
    expect(refused).toContain('someapps://callback?order_id=order-1&amp;result=failure');
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    expect((await kit().act('order-1', 'deny')).body['transaction_status']).toBe('deny');
    await kit().merchant.first(2);
    expect(kit().merchant.statuses()).toEqual(['pending', 'deny']);
  });

  it('of payments nobody knows are 404', async () => {
    for (const path of [
      '/v2/akulaku/redirect/x',
      '/v2/3ds/redirect/x',
      '/v2/deeplink/x',
      '/snap/v3/redirection/x',
      '/gopay/accounts/x/link',
    ])
      expect((await kit().browse(path)).status).toBe(404);
  });
});

describe('scripts for shops', () => {
  it.each(['/v2/assets/js/midtrans-new-3ds.min.js', '/snap/snap.js'])('%s is a script', async (path) => {
    const response = await kit().browse(path);
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/);
    const script = await response.text();
    expect(() => new Script(script)).not.toThrow();
  });

  it('may ask for card tokens from the page of a shop', async () => {
    const response = await kit().browse(`/v2/token?client_key=${kit().simulator.clientKey}&card_number=1`);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('paths nobody knows', () => {
  it('are 404 with a Core body', async () => {
    const { http, body } = await kit().api('GET', '/v2/nothing/here/at/all');
    expect([http, body['status_code']]).toEqual([404, '404']);
    expect((await kit().api('GET', '/v2/charge')).body['status_code']).toBe('405');
  });
});
