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

  it('of production never serve another environment, and the other way round', () => {
    expect(midtransHosts('production', mockUrl).cardScript.environment).toBe('production');
    expect(midtransHosts('sandbox', mockUrl).cardScript.environment).toBe('sandbox');
    expect(midtransHosts('mock', mockUrl).cardScript.environment).toBe('sandbox');
  });
});
