import { hash } from 'node:crypto';
import { paymentId, type OrderId, type PaymentId } from '../../domain/payments/identity.js';

/** Never changed: with another namespace every order would become another payment (design D2). */
const namespace = Buffer.from('5b0c9a3e6d1f4f439d0e2f6f0a7c1d52', 'hex');

/** UUIDv5 (RFC 9562) of a name, byte by byte: a SHA-1 with version and variant put in. */
export const nameHash = (name: string): string => {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** A retry and a notification find the same payment without a look-up (design D2). */
export const paymentIdOf = (order: OrderId): PaymentId => paymentId(nameHash(order));

export const paymentStreamPrefix = 'payment-';

export const streamOf = (id: PaymentId): string => `${paymentStreamPrefix}${id}`;

/** @throws MalformedId for a stream of something else */
export const paymentOfStream = (stream: string): PaymentId => paymentId(stream.slice(paymentStreamPrefix.length));
