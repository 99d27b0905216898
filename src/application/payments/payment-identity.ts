import { createHash } from 'node:crypto';
import { paymentId, type OrderId, type PaymentId } from '../../domain/payments/identity.js';

/** Never changed: with another namespace every order would become another payment (design D2). */
const namespace = Buffer.from('5b0c9a3e6d1f4f439d0e2f6f0a7c1d52', 'hex');

/** UUIDv5 (RFC 9562) of a name, byte by byte. */
export const nameHash = (name: string): string => {
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** A retry and a notification find the same payment without a look-up (design D2). */
export const paymentIdOf = (order: OrderId): PaymentId => paymentId(nameHash(order));

export const paymentStreamPrefix = 'payment-';

export const streamOf = (id: PaymentId): string => `${paymentStreamPrefix}${id}`;

/** @throws MalformedId for a stream of something else */
export const paymentOfStream = (stream: string): PaymentId => paymentId(stream.slice(paymentStreamPrefix.length));
