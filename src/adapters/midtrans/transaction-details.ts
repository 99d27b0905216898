import type { Json, JsonObject } from '../../domain/json.js';
import { isJsonObject } from './json.js';
import { instantOfWib } from './wib-time.js';

/** What one of Midtrans' fields is called and looks like with us. undefined: nothing worth showing. */
interface Detail {
  readonly name: string;
  readonly read: (value: Json) => Json | undefined;
}

const scalar = (value: Json): Json | undefined => (typeof value === 'object' ? undefined : value);
const object = (value: Json): Json | undefined => (isJsonObject(value) ? value : undefined);

/** A string in the charge answer, a number in the notification (midtrans-facts 3.4). */
const wholeNumber = (value: Json): Json | undefined => {
  const isWhole = typeof value === 'string' && /^\d{1,15}(\.0+)?$/.test(value);
  return isWhole ? Number(value) : scalar(value);
};

const time = (value: Json): Json | undefined =>
  typeof value === 'string' ? (instantOfWib(value) ?? value) : undefined;

/** A list of objects of which only these fields are kept, in this order; nothing when none is left. */
const listOf =
  (fields: Readonly<Record<string, (value: Json) => Json | undefined>>) =>
  (value: Json): Json | undefined => {
    if (!Array.isArray(value)) return undefined;
    const items = (value as readonly Json[]).filter(isJsonObject).map((item) => readFields(fields, item));
    return items.length === 0 ? undefined : items;
  };

const readFields = (
  fields: Readonly<Record<string, (value: Json) => Json | undefined>>,
  item: JsonObject,
): JsonObject => {
  const found: Record<string, Json> = {};
  for (const [field, read] of Object.entries(fields)) {
    const value = read(item[field] ?? null);
    if (value !== undefined && value !== null) found[field] = value;
  }
  return found;
};

/** Permata alone has a field of its own; with us it looks like every other bank. */
const permataNumber = (value: Json): Json | undefined =>
  typeof value === 'object' ? undefined : [{ bank: 'permata', va_number: value }];

const same = (read: Detail['read'], ...fields: readonly string[]): [string, Detail][] =>
  fields.map((name) => [name, { name, read }]);

/** Fields of Midtrans' transaction that become flat fields of `payment_details` (api.md 3; midtrans-facts 3 and 7.4). */
const details: ReadonlyMap<string, Detail> = new Map([
  ...same(listOf({ bank: scalar, va_number: scalar }), 'va_numbers'),
  ['permata_va_number', { name: 'va_numbers', read: permataNumber }],
  ...same(scalar, 'biller_code', 'bill_key', 'payment_code', 'store', 'qr_string', 'redirect_url'),
  ...same(listOf({ name: scalar, method: scalar, url: scalar }), 'actions'),
  ...same(object, 'redirect_data'),
  ...same(scalar, 'masked_card', 'card_type', 'bank', 'channel', 'eci', 'on_us', 'three_ds_version'),
  ...same(scalar, 'three_ds_challenge_completion', 'challenge_completion'),
  ...same(scalar, 'approval_code', 'channel_response_code', 'channel_response_message'),
  ...same(time, 'saved_token_id_expired_at'),
  ...same(wholeNumber, 'installment_term', 'point_redeem_amount', 'point_redeem_quantity', 'point_balance_amount'),
  ...same(scalar, 'acquirer', 'issuer', 'transaction_type', 'payment_option_type'),
  ...same(scalar, 'merchant_cross_reference_id', 'shopeepay_reference_number', 'reference_id', 'merchant_invoice'),
  ...same(listOf({ paid_at: time, amount: wholeNumber }), 'payment_amounts'),
]);

/** Of a person or as good as money: sealed before it is stored (design D10, R8.1). */
const personal: ReadonlyMap<string, Detail> = new Map(same(scalar, 'saved_token_id', 'payer_phone_number'));

/** What the customer or a clerk sees of a transaction. What is not in the tables above stays in the raw notification only. */
export const transactionDetails = (
  body: JsonObject,
): { readonly details: JsonObject; readonly personalDetails: JsonObject } => {
  const found: Record<string, Json> = {};
  const foundPersonal: Record<string, Json> = {};
  for (const field of Object.keys(body)) {
    add(found, details.get(field), body[field]);
    add(foundPersonal, personal.get(field), body[field]);
  }
  return { details: found, personalDetails: foundPersonal };
};

const add = (found: Record<string, Json>, detail: Detail | undefined, value: Json | undefined): void => {
  if (detail === undefined || value === undefined || value === null) return;
  const read = detail.read(value);
  if (read !== undefined) found[detail.name] = read;
};
