import { describe, expect, it } from '@jest/globals';
import {
  MalformedId,
  orderId,
  paymentId,
  refundKey,
  transactionId,
  wishId,
} from '../../src/domain/payments/identity.js';

describe('ids', () => {
  it.each(['a', 'A-z_0~9.', 'x'.repeat(50)])('of orders may be %s', (id) => expect(orderId(id)).toBe(id));

  it.each(['', 'x'.repeat(51), 'a b', 'a/b', 'a\n', 'é', 'a:b', 'a+b'])('of orders are never %j', (id) =>
    expect(() => orderId(id)).toThrow(MalformedId),
  );

  it('of wishes fit Midtrans\u2019 idempotency key', () => {
    expect(wishId('x'.repeat(46))).toHaveLength(46);
    for (const id of ['', 'x'.repeat(47), 'a_b', 'a\n']) expect(() => wishId(id)).toThrow(MalformedId);
  });

  it('of payments are UUIDs in small letters', () => {
    expect(paymentId('5b0c9a3e-6d1f-4f43-9d0e-2f6f0a7c1d52')).toBe('5b0c9a3e-6d1f-4f43-9d0e-2f6f0a7c1d52');
    for (const id of ['5B0C9A3E-6D1F-4F43-9D0E-2F6F0A7C1D52', '5b0c9a3e', 'order-1'])
      expect(() => paymentId(id)).toThrow(MalformedId);
  });

  it('of transactions and of refunds made elsewhere are Midtrans\u2019 own', () => {
    expect(transactionId('A120240830074017NP16XMU4JTID')).toBe('A120240830074017NP16XMU4JTID');
    expect(refundKey('made at the dashboard: 1')).toBe('made at the dashboard: 1');
    for (const id of ['', 'a b']) expect(() => transactionId(id)).toThrow(MalformedId);
    expect(() => refundKey('')).toThrow(MalformedId);
  });
});
