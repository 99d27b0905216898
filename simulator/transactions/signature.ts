import { createHash } from 'node:crypto';

/**
 * `signature_key` of notifications and of GET status (midtrans-facts 7.3): lower-case hex of SHA-512 over order_id,
 * status_code, gross_amount (the very text on the wire) and the server key.
 */
export const signatureKey = (orderId: string, statusCode: string, grossAmount: string, serverKey: string): string =>
  createHash('sha512').update(`${orderId}${statusCode}${grossAmount}${serverKey}`).digest('hex');

/** Of a pay-account notification. One public project's formula; not verified (midtrans-facts 7.3). */
export const accountSignatureKey = (
  accountId: string,
  accountStatus: string,
  statusCode: string,
  serverKey: string,
): string => createHash('sha512').update(`${accountId}${accountStatus}${statusCode}${serverKey}`).digest('hex');
