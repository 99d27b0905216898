import { methodRules, type MethodRules, type Provider } from '../../domain/methods/providers.js';
import { rupiah, type Rupiah } from '../../domain/money/rupiah.js';
import { transactionStatuses, type FraudStatus, type TransactionStatus } from '../../domain/payments/gateway-status.js';
import { orderId, refundKey, transactionId, wishId } from '../../domain/payments/identity.js';
import type { Json, JsonObject } from '../../domain/json.js';
import { somebodyElses, type GatewayObservation, type ObservedRefund } from '../../domain/payments/observation.js';
import type { Instant } from '../../domain/time/instant.js';
import { isJsonObject } from './json.js';
import { transactionDetails } from './transaction-details.js';
import { instantOfWib } from './wib-time.js';

/** The body names no transaction that we could act on. The message names the field, never its value. */
export class UnreadableTransaction extends Error {
  override readonly name = 'UnreadableTransaction';
}

/**
 * A transaction as Midtrans writes it (charge answer, GET status, notification; midtrans-facts 3, 5.2, 7.4) in our words.
 * @throws UnreadableTransaction when an id, the status or an amount is missing or malformed
 */
export const observationOf = (body: JsonObject): GatewayObservation => {
  const paymentType = required(body, 'payment_type');
  const fraudStatus = fraudStatusOf(body);
  const status = fraudStatus === 'unknown' ? 'unknown' : statusOf(required(body, 'transaction_status'));
  const refundAmount = optionalAmount(body, 'refund_amount');
  return {
    orderId: checked('order_id', orderId, required(body, 'order_id')),
    transactionId: checked('transaction_id', transactionId, required(body, 'transaction_id')),
    paymentType,
    provider: providerOf(body, paymentType),
    status,
    statusWord: statusWordOf(body, fraudStatus),
    fraudStatus: fraudStatus === 'unknown' ? null : fraudStatus,
    grossAmount: grossAmountOf(body),
    wishId: wishIdOf(body),
    transactionTime: timeOf(body, 'transaction_time'),
    settlementTime: timeOf(body, 'settlement_time'),
    // One QRIS answer of Midtrans' own documents spells it `expire_time` (midtrans-facts 2.3).
    expiryTime: timeOf(body, 'expiry_time') ?? timeOf(body, 'expire_time'),
    refunds: refundsOf(body),
    refundedTotal: status === 'refund' || status === 'partial_refund' ? refundAmount : null,
    // Of a chargeback after a refund it is not verified whether this amount holds the refund. It is read as if it did not: wrong,
    // less is refundable than is left; the other way round more would be.
    chargedBackTotal: status === 'chargeback' || status === 'partial_chargeback' ? refundAmount : null,
    ...transactionDetails(body),
  };
};

const statusTable: ReadonlyMap<string, TransactionStatus> = new Map(transactionStatuses.map((word) => [word, word]));

/** DANA and ShopeePay have been seen in upper case (midtrans-facts 3.7). A word we have never seen is `unknown`, not a guess. */
export const statusOf = (word: string): TransactionStatus | 'unknown' =>
  statusTable.get(word.toLowerCase()) ?? 'unknown';

const fraudTable: ReadonlyMap<string, FraudStatus> = new Map([
  ['accept', 'accept'],
  ['challenge', 'challenge'],
  ['deny', 'deny'],
]);

/** An unseen word matters only where it decides whether money counts as paid: under capture and authorize (midtrans-facts 4.1). */
const fraudStatusOf = (body: JsonObject): FraudStatus | 'unknown' | null => {
  const word = textOf(body, 'fraud_status');
  if (word === null || word === '') return null;
  const known = fraudTable.get(word.toLowerCase());
  if (known !== undefined) return known;
  const status = statusOf(textOf(body, 'transaction_status') ?? '');
  return status === 'capture' || status === 'authorize' ? 'unknown' : null;
};

const statusWordOf = (body: JsonObject, fraudStatus: FraudStatus | 'unknown' | null): string => {
  const word = required(body, 'transaction_status');
  return fraudStatus === 'unknown' ? `${word} with fraud_status ${textOf(body, 'fraud_status') ?? ''}` : word;
};

const rulesByName: ReadonlyMap<string, MethodRules> = methodRules;

const providerOf = (body: JsonObject, paymentType: string): Provider | null => {
  const rules = rulesByName.get(providerNameOf(body, paymentType)?.toLowerCase() ?? '');
  return rules?.paymentType === paymentType ? rules.provider : null;
};

const providerNameOf = (body: JsonObject, paymentType: string): string | null => {
  if (paymentType === 'bank_transfer') return bankOf(body);
  if (paymentType === 'echannel') return 'mandiri';
  if (paymentType === 'cstore') return textOf(body, 'store');
  return paymentType;
};

const bankOf = (body: JsonObject): string | null => {
  if (body['permata_va_number'] !== undefined) return 'permata';
  const [first] = listOf(body, 'va_numbers');
  return isJsonObject(first) ? textOf(first, 'bank') : null;
};

/** What is not shaped like a wish of ours was written by somebody else; an empty field says as little as none. */
const wishIdOf = (body: JsonObject): GatewayObservation['wishId'] => {
  const echoed = body['custom_field3'] ?? '';
  if (echoed === '') return null;
  try {
    return wishId(textOf(body, 'custom_field3') ?? '');
  } catch {
    return somebodyElses;
  }
};

/** `refunds[]` of a status, a notification or a refund's answer (midtrans-facts 5.6). @throws UnreadableTransaction */
export const refundsOf = (body: JsonObject): readonly ObservedRefund[] =>
  listOf(body, 'refunds').map((entry) => {
    if (!isJsonObject(entry)) throw new UnreadableTransaction('refunds holds something else than refunds');
    return {
      refundKey: checked('refund_key', refundKey, refundKeyOf(entry)),
      amount: amountOf('refund_amount', entry['refund_amount']),
      reason: textOf(entry, 'reason'),
      confirmedAt: timeOf(entry, 'bank_confirmed_at'),
    };
  });

/** A refund that names no key of its own is still told from the others by Midtrans' own id of it. */
const refundKeyOf = (entry: JsonObject): string =>
  textOf(entry, 'refund_key') ?? textOf(entry, 'refund_chargeback_uuid') ?? required(entry, 'refund_chargeback_id');

const grossAmountOf = (body: JsonObject): Rupiah => {
  const currency = textOf(body, 'currency');
  if (currency !== null && currency !== 'IDR') throw new UnreadableTransaction('currency is not IDR');
  return amountOf('gross_amount', body['gross_amount']);
};

const optionalAmount = (body: JsonObject, field: string): Rupiah | null =>
  body[field] === undefined || body[field] === null ? null : amountOf(field, body[field]);

const wholeRupiah = /^\d{1,16}(\.0+)?$/;

/** `"10000.00"`, `"10000"` or `10000` (midtrans-facts 2.1), exactly. A fraction of a rupiah is refused, not rounded. */
export const amountOf = (field: string, value: Json | undefined): Rupiah => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !wholeRupiah.test(text))
    throw new UnreadableTransaction(`${field} is no whole rupiah`);
  return checked(field, rupiah, Number(text));
};

const timeOf = (body: JsonObject, field: string): Instant | null => {
  const text = body[field];
  return typeof text === 'string' ? instantOfWib(text) : null;
};

const listOf = (body: JsonObject, field: string): readonly Json[] => {
  const value = body[field];
  return Array.isArray(value) ? (value as readonly Json[]) : [];
};

/** Midtrans writes some texts as numbers now and then (midtrans-facts 2.2, 5.13). */
const textOf = (body: JsonObject, field: string): string | null => {
  const value = body[field];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
};

const required = (body: JsonObject, field: string): string => {
  const text = textOf(body, field);
  if (text === null || text === '') throw new UnreadableTransaction(`${field} is missing`);
  return text;
};

const checked = <From, To>(field: string, make: (value: From) => To, value: From): To => {
  try {
    return make(value);
  } catch (cause) {
    throw new UnreadableTransaction(`${field} is malformed`, { cause });
  }
};
