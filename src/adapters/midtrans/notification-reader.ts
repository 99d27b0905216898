import { hash, timingSafeEqual } from 'node:crypto';
import type { NotificationReader, NotificationReading } from '../../application/ports/payment-gateway.js';
import { orderIdPattern } from '../../domain/payments/identity.js';
import type { Json, JsonObject } from '../../domain/json.js';
import { jsonObjectIn } from './json.js';
import { observationOf, UnreadableTransaction } from './observation.js';

/** What is signed (midtrans-facts 7.3): the exact texts of the notification. */
interface Signed {
  /** What it is about: an order, or a GoPay account. */
  readonly subject: string;
  readonly kind: 'transaction' | 'account';
  /** All but the server key. Several where an amount came as a number, since nobody knows which text of it was signed (5.13). */
  readonly texts: readonly string[];
  readonly signature: string;
}

export class MidtransNotificationReader implements NotificationReader {
  private readonly serverKeys: readonly string[];

  /** `previous`: while a key is exchanged, both sign (api.md 4). */
  constructor(serverKey: string, previous: string | null) {
    this.serverKeys = previous === null ? [serverKey] : [serverKey, previous];
  }

  read(rawBody: Uint8Array): NotificationReading {
    return readIf((signed) => this.isSigned(signed), rawBody);
  }

  readAgain(rawBody: Uint8Array): NotificationReading {
    return readIf(() => true, rawBody);
  }

  private isSigned({ texts, signature }: Signed): boolean {
    const claimed = Buffer.from(signature, 'latin1');
    return this.serverKeys.some((key) =>
      texts.some((text) => {
        const expected = Buffer.from(hash('sha512', text + key, 'hex'), 'latin1');
        return claimed.length === expected.length && timingSafeEqual(claimed, expected);
      }),
    );
  }
}

const readIf = (isGenuine: (signed: Signed) => boolean, rawBody: Uint8Array): NotificationReading => {
  const body = jsonObjectIn(textIn(rawBody));
  if (body === undefined) return malformed(null, 'no JSON object');
  const signed = signedPartsOf(body);
  if (signed === undefined) return malformed(textOf(body['order_id']) ?? null, whatElse(body));
  // Before anything is translated, so that a forged body costs one parse and one hash.
  if (!isGenuine(signed)) return { type: 'wrong_signature', orderId: signed.subject };
  return isOurBusiness(signed) ? readSigned(body, signed.subject) : { type: 'other', subject: signed.subject };
};

/** Orders of subscriptions and payment links may have ids that no payment of ours can have (midtrans-facts 5.11). */
const isOurBusiness = ({ kind, subject }: Signed): boolean => kind === 'transaction' && orderIdPattern.test(subject);

const readSigned = (body: JsonObject, orderId: string): NotificationReading => {
  try {
    return { type: 'notification', notification: { observation: observationOf(body) } };
  } catch (error) {
    if (!(error instanceof UnreadableTransaction)) throw error;
    return malformed(orderId, error.message);
  }
};

const malformed = (orderId: string | null, reason: string): NotificationReading => ({
  type: 'malformed',
  orderId,
  reason,
});

const textIn = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

const signedPartsOf = (body: JsonObject): Signed | undefined => {
  const signature = body['signature_key'];
  const statusCode = textOf(body['status_code']);
  if (typeof signature !== 'string' || statusCode === undefined) return undefined;
  return transactionParts(body, statusCode, signature) ?? accountParts(body, statusCode, signature);
};

const transactionParts = (body: JsonObject, statusCode: string, signature: string): Signed | undefined => {
  const orderId = textOf(body['order_id']);
  const grossAmounts = grossAmountTexts(body['gross_amount']);
  if (orderId === undefined || grossAmounts === undefined) return undefined;
  const texts = grossAmounts.map((grossAmount) => orderId + statusCode + grossAmount);
  return { kind: 'transaction', subject: orderId, texts, signature };
};

/** GoPay account linked or unlinked; the formula is one public project's, not verified (midtrans-facts 7.3). */
const accountParts = (body: JsonObject, statusCode: string, signature: string): Signed | undefined => {
  const accountId = textOf(body['account_id']);
  const accountStatus = textOf(body['account_status']);
  if (accountId === undefined || accountStatus === undefined) return undefined;
  return { kind: 'account', subject: accountId, texts: [accountId + accountStatus + statusCode], signature };
};

const textOf = (value: Json | undefined): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const grossAmountTexts = (value: Json | undefined): readonly string[] | undefined => {
  if (typeof value === 'number') return [String(value), value.toFixed(2)];
  return typeof value === 'string' ? [value] : undefined;
};

/** Midtrans posts other things too, which this service does not offer (api.md 3, 4). */
const whatElse = (body: JsonObject): string => {
  if (body['account_id'] !== undefined) return 'about a GoPay account, and not signed';
  if (body['subscription'] !== undefined || body['schedule'] !== undefined)
    return 'about a subscription, and not signed';
  const missing = ['order_id', 'status_code', 'gross_amount', 'signature_key'].filter(
    (field) => body[field] === undefined,
  );
  return missing.length === 0 ? 'a field has the wrong type' : `${missing.join(', ')} missing`;
};
