import { paymentId, type OrderId, type PaymentId } from '../../domain/payments/identity.js';
import { nameHash } from '../identity/name-hash.js';

/** A retry and a notification find the same payment without a look-up (design D2). */
export const paymentIdOf = (order: OrderId): PaymentId => paymentId(nameHash(order));

export const paymentStreamPrefix = 'payment-';

export const streamOf = (id: PaymentId): string => `${paymentStreamPrefix}${id}`;

/** @throws MalformedId for a stream of something else */
export const paymentOfStream = (stream: string): PaymentId => paymentId(stream.slice(paymentStreamPrefix.length));
