import type { ChargeOrder } from '../../application/ports/payment-gateway.js';
import { rulesOf, type PaymentType, type Provider } from '../../domain/methods/providers.js';
import type { Json, JsonObject } from '../../domain/json.js';
import { isJsonObject } from './json.js';

/** A charge as Midtrans takes it. */
export interface ChargeRequest {
  readonly host: 'core' | 'snap' | 'panapi';
  readonly path: '/v2/charge' | '/snap/v1/transactions';
  readonly body: JsonObject;
  /** Sent twice, it still charges at most once: Midtrans honours its idempotency key, or it only makes a page. */
  readonly repeatable: boolean;
}

/** Midtrans takes no larger request (midtrans-facts 1.5). */
export const chargeBytesMax = 16_000;

/** Length of the request's JSON in UTF-8, so that one too large is refused at the door (api.md 3). */
export const chargeRequestBytes = (order: ChargeOrder): number =>
  Buffer.byteLength(JSON.stringify(chargeRequestOf(order).body));

export const chargeRequestOf = (order: ChargeOrder): ChargeRequest => {
  const { paymentType } = rulesOf(order.provider);
  if (paymentType === 'snap' || paymentType === 'dana') return pageRequest(order, pageBodies[paymentType](order));
  return {
    host: order.provider === 'google_pay' ? 'panapi' : 'core',
    path: '/v2/charge',
    body: {
      payment_type: paymentType,
      ...commonFields(order),
      ...(order.expiry && {
        custom_expiry: { expiry_duration: order.expiry.duration, unit: order.expiry.unit },
      }),
      ...methodBodies[paymentType](order),
    },
    repeatable: !withoutIdempotency.has(order.provider),
  };
};

/** Midtrans ignores the idempotency key of these (midtrans-facts 1.4), so what is in doubt is looked at, not sent again. */
const withoutIdempotency: ReadonlySet<Provider> = new Set<Provider>([
  'permata',
  'cimb_clicks',
  'bca_klikbca',
  'indomaret',
]);

/** A page may be asked for again while no method was picked on it: the older one dies (midtrans-facts 2.2). */
const pageRequest = (order: ChargeOrder, body: JsonObject): ChargeRequest => ({
  host: 'snap',
  path: '/snap/v1/transactions',
  body: {
    ...commonFields(order),
    ...(order.expiry && { expiry: { duration: order.expiry.duration, unit: order.expiry.unit } }),
    ...body,
  },
  repeatable: true,
});

const commonFields = (order: ChargeOrder): JsonObject => ({
  transaction_details: { order_id: order.orderId, gross_amount: order.amount },
  ...(order.itemDetails && { item_details: order.itemDetails }),
  ...(order.customerDetails && { customer_details: order.customerDetails }),
  ...(order.metadata && { metadata: order.metadata }),
  // Comes back with status and notifications, which is how a transaction is known to be ours (design D3).
  custom_field3: order.wishId,
});

type BodyOf = (order: ChargeOrder) => JsonObject;

/** A sub-object named like the method, of these fields; none when no field was given. */
const subObject =
  (name: string, fields: readonly string[]): BodyOf =>
  ({ details }) =>
    unlessEmpty(name, pick(details, fields));

const sellerDetails: BodyOf = ({ details }) => pick(details, ['seller_details']);

const nothing: BodyOf = () => ({});

const pick = (details: JsonObject, fields: readonly string[]): JsonObject =>
  Object.fromEntries(fields.flatMap((field) => given(field, details[field])));

const given = (field: string, value: Json | undefined): [string, Json][] =>
  value === undefined || value === null ? [] : [[field, value]];

const unlessEmpty = (name: string, fields: JsonObject): JsonObject =>
  Object.keys(fields).length === 0 ? {} : { [name]: fields };

const bankTransfer: BodyOf = ({ provider, details }) => ({
  bank_transfer: {
    bank: provider,
    ...pick(details, ['va_number', 'free_text']),
    ...unlessEmpty('bca', pick(details, ['sub_company_code'])),
    ...unlessEmpty('permata', pick(details, ['recipient_name'])),
  },
});

const ovo: BodyOf = ({ details, customerDetails }) =>
  unlessEmpty('ovo', {
    ...pick({ payer_phone_number: customerDetails?.['phone'] ?? null }, ['payer_phone_number']),
    ...pick(details, ['payer_phone_number']),
  });

/** 3DS unless the caller says otherwise: Midtrans' own default is without (midtrans-facts 3.4). */
const creditCard: BodyOf = ({ details }) => ({
  credit_card: {
    ...pick(details, ['token_id', 'google_pay_token']),
    authentication: details['authentication'] ?? true,
    ...pick(details, ['type', 'bank', 'installment_term', 'bins', 'save_token_id', 'point_redeem_amount']),
  },
});

const cstore: BodyOf = ({ provider, details }) => ({
  cstore: {
    store: provider,
    ...pick(details, ['message', 'alfamart_free_text_1', 'alfamart_free_text_2', 'alfamart_free_text_3']),
  },
});

const billFields = ['bill_info1', 'bill_info2', 'bill_info3', 'bill_info4', 'bill_info5', 'bill_info6', 'bill_info7', 'bill_info8', 'bill_key']; // prettier-ignore
const gopayFields = ['enable_callback', 'callback_url', 'account_id', 'payment_option_token', 'pre_auth', 'recurring'];

/** By our payment type: what goes beside the common fields (midtrans-facts 3.3-3.10; the "in" column of api.md 3). */
const methodBodies = {
  credit_card: creditCard,
  bank_transfer: bankTransfer,
  echannel: subObject('echannel', billFields),
  gopay: subObject('gopay', gopayFields),
  qris: subObject('qris', ['acquirer']),
  shopeepay: subObject('shopeepay', ['callback_url']),
  ovo,
  cstore,
  akulaku: sellerDetails,
  kredivo: sellerDetails,
  bca_klikpay: subObject('bca_klikpay', ['description', 'misc_fee']),
  bca_klikbca: subObject('bca_klikbca', ['description', 'user_id']),
  cimb_clicks: subObject('cimb_clicks', ['description']),
  danamon_online: nothing,
  bri_epay: nothing,
  uob_ezpay: subObject('uob_ezpay', ['callback_url']),
} satisfies Record<Exclude<PaymentType, 'snap' | 'dana'>, BodyOf>;

/** Snap's word for 3DS is `secure` (midtrans-facts 5.12); on by default, like `authentication`. */
const snapCreditCard = (options: Json | undefined): JsonObject => ({
  credit_card: { secure: true, ...(isJsonObject(options) ? options : {}) },
});

/** Left alone a page waits for a day (midtrans-facts 5.12), longer than DANA, and than the payment is said to. */
const danaPageExpiry = { page_expiry: { duration: rulesOf('dana').expiry.defaultMs / 60_000, unit: 'minute' } };

const pageBodies = {
  snap: ({ details }) => ({
    ...pick(details, ['enabled_payments', 'callbacks', 'page_expiry']),
    ...snapCreditCard(details['credit_card']),
  }),
  // Core knows no DANA: a page with this one method on it (midtrans-facts 3.1, 3.7).
  dana: ({ details, expiry }) => ({
    enabled_payments: ['dana'],
    ...unlessEmpty('dana', pick(details, ['callback_url'])),
    ...(expiry === null && danaPageExpiry),
  }),
} satisfies Record<'snap' | 'dana', BodyOf>;

/** Fields of a charge that nobody may ever read in a log or an error (R8.1). */
const secretFields = new Set(['token_id', 'google_pay_token', 'payment_option_token', 'saved_token_id', 'card_token']);

/** Every secret text inside a request's body. Words too short to be a secret (`ECv2`, `CARD`) are left out. */
export const secretsIn = (value: Json, isSecret = false): readonly string[] => {
  if (typeof value === 'string') return isSecret && value.length >= secretLengthMin ? [value] : [];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => secretsIn(item, isSecret));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => secretsIn(inner, isSecret || secretFields.has(field)));
};

const secretLengthMin = 8;
