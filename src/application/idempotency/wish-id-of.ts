import { createHash } from 'node:crypto';
import { wishId, type WishId } from '../../domain/payments/identity.js';

/**
 * The wish that a caller's Idempotency-Key stands for: the same for the same `sub`, path and key, so that a command run again after
 * its first owner died is seen as the same wish (api.md 3). Shaped as a UUID of version 8, 36 characters.
 * @param subject what the body names to be made. A key is free again after doubt and failure, and may come with another order,
 * refund or amount to capture then: under the same wish id Midtrans would answer with what it made of the first (midtrans-facts 1.4)
 */
export const wishIdOf = (caller: string, path: string, key: string, subject?: string): WishId => {
  const bytes = createHash('sha256')
    .update(JSON.stringify([caller, path, key, ...(subject === undefined ? [] : [subject])]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return wishId(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`);
};
