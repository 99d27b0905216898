import { describe, expect, it } from '@jest/globals';
import { midtransHosts } from '../../../src/adapters/midtrans/hosts.js';

const mockUrl = 'http://127.0.0.1:3003/';

describe('the hosts of Midtrans', () => {
  it.each([
    ['mock', 'http://127.0.0.1:3003', 'http://127.0.0.1:3003', 'http://127.0.0.1:3003'],
    [
      'sandbox',
      'https://api.sandbox.midtrans.com',
      'https://app.sandbox.midtrans.com',
      'https://panapi.sandbox.midtrans.com',
    ],
    ['production', 'https://api.midtrans.com', 'https://app.midtrans.com', 'https://panapi.midtrans.com'],
  ] as const)('under %s', (environment, core, snap, panapi) => {
    expect(midtransHosts(environment, mockUrl)).toMatchObject({ core, snap, panapi });
  });

  it.each([
    ['mock', 'http://127.0.0.1:3003/v2/assets/js/midtrans-new-3ds.min.js', 'sandbox'],
    ['sandbox', 'https://api.midtrans.com/v2/assets/js/midtrans-new-3ds.min.js', 'sandbox'],
    ['production', 'https://api.midtrans.com/v2/assets/js/midtrans-new-3ds.min.js', 'production'],
  ] as const)('under %s turn a card into a token by %s for %s', (environment, url, meant) => {
    expect(midtransHosts(environment, mockUrl).cardScript).toStrictEqual({ url, environment: meant });
  });
});
