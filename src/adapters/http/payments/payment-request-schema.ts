import { z } from 'zod';
import { customExpiryOf, type PaymentType, type Provider } from '../../../domain/methods/providers.js';
import { expiryMs } from '../../../domain/payments/decide-charge.js';
import { rupiah } from '../../../domain/money/rupiah.js';
import { UserId } from '../identity/access-tokens.js';
import { amount, email, Json, orderIdText, text, webAddress } from '../requests/field-schemas.js';
import * as details from './payment-details-schemas.js';

const address = z.strictObject({
  first_name: text(255).optional(),
  last_name: text(255).optional(),
  email: email.optional(),
  phone: text(255).optional(),
  address: text(255).optional(),
  city: text(100).optional(),
  postal_code: text(10).optional(),
  country_code: text(10).optional().meta({ description: 'ISO 3166-1 alpha-3', example: 'IDN' }),
});

export const CustomerDetails = z
  .strictObject({
    first_name: text(255).optional(),
    last_name: text(255).optional(),
    email: email.optional(),
    phone: text(255).optional(),
    billing_address: address.optional(),
    shipping_address: address.optional(),
  })
  .meta({ id: 'CustomerDetails' });

export const Item = z
  .strictObject({
    id: text(50),
    name: text(50),
    price: z.int().meta({ description: 'Whole rupiah; less than nothing is a discount' }),
    quantity: z.int().positive(),
    category: text(50).optional(),
    brand: text(50).optional(),
    url: webAddress.max(50).optional(),
  })
  .meta({ id: 'Item' });

const items = z.array(Item).min(1).max(500);

/** Midtrans keeps and echoes it; numbers must be ones that every JSON reader keeps exact. */
const metadata = z
  .record(z.string().max(255), Json)
  .refine(holdsExactNumbers, 'must hold no whole number beyond 9007199254740991')
  .meta({ description: 'Anything you want to find again; not for personal data', type: 'object' });

function holdsExactNumbers(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsExactNumbers);
}

const common = {
  order_id: orderIdText.meta({
    description: 'Yours, unique for ever: 1 to 50 of A-Z a-z 0-9 - _ ~ .',
    example: 'order-1001',
  }),
  gross_amount: amount.transform(rupiah),
  customer_details: CustomerDetails.optional(),
  item_details: items.optional(),
  metadata: metadata.optional(),
  user_id: UserId.optional().meta({ description: 'Whose payment it is; for the role service only' }),
};

const expiring = { expiry: details.ExpiryRequest.optional() };
/** Of someone who has to be known to be lent money (midtrans-facts 3.9). */
const known = { item_details: items, customer_details: CustomerDetails };

const type = <const Type extends PaymentType, Fields extends z.core.$ZodLooseShape>(name: Type, fields: Fields) =>
  z
    .strictObject({ payment_type: z.literal(name), ...common, ...fields })
    .meta({ id: `PaymentRequest_${name}`, title: name });

/** Body of `POST /payments`: one shape for each `payment_type` (api.md 3). */
const shapes = z.discriminatedUnion('payment_type', [
  type('bank_transfer', { payment_details: details.BankTransfer, ...expiring }),
  type('echannel', { payment_details: details.Echannel, ...expiring }),
  type('gopay', { payment_details: details.Gopay.prefault({}), ...expiring }),
  type('qris', { payment_details: details.Qris.prefault({}), ...expiring }),
  type('shopeepay', { payment_details: details.ShopeePay.prefault({}), ...expiring }),
  type('ovo', { payment_details: details.Ovo.prefault({}) }),
  type('dana', { payment_details: details.Dana.prefault({}), ...expiring }),
  type('cstore', { payment_details: details.Cstore, ...expiring }),
  type('akulaku', { payment_details: details.PayLater.prefault({}), ...expiring, ...known }),
  type('kredivo', { payment_details: details.PayLater.prefault({}), ...expiring, ...known }),
  type('bca_klikpay', { payment_details: details.BcaKlikpay }),
  type('bca_klikbca', { payment_details: details.BcaKlikbca }),
  type('cimb_clicks', { payment_details: details.CimbClicks }),
  type('danamon_online', { payment_details: details.Nothing.prefault({}) }),
  type('bri_epay', { payment_details: details.Nothing.prefault({}) }),
  type('uob_ezpay', { payment_details: details.UobEzpay }),
  type('credit_card', { payment_details: details.CreditCard }),
  type('snap', { payment_details: details.Snap.prefault({}), ...expiring }),
]);

type Shape = z.output<typeof shapes>;

/** What is wrong between fields; null: nothing. */
type Rule = (body: Shape) => { readonly path: readonly string[]; readonly message: string } | null;

const addUp: Rule = ({ item_details: list, gross_amount: total }) => {
  const sum = list?.reduce((soFar, { price, quantity }) => soFar + price * quantity, 0);
  return sum === undefined || sum === total
    ? null
    : { path: ['item_details'], message: `must add up to gross_amount, which is ${total}` };
};

const uniqueIds: Rule = ({ payment_type: paymentType, item_details: list = [] }) =>
  (paymentType === 'akulaku' || paymentType === 'kredivo') && new Set(list.map(({ id }) => id)).size < list.length
    ? { path: ['item_details'], message: 'must have an id of its own for each item' }
    : null;

const ovoPhone: Rule = (body) =>
  body.payment_type === 'ovo' && !body.payment_details.payer_phone_number && !body.customer_details?.phone
    ? { path: ['payment_details', 'payer_phone_number'], message: 'is needed where customer_details has no phone' }
    : null;

const inSeconds = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} minutes` : `${ms / 1_000} seconds`);

const withinBounds =
  (path: readonly string[], expiryOf: (body: Shape) => z.output<typeof details.ExpiryRequest> | undefined): Rule =>
  (body) => {
    const asked = expiryOf(body);
    if (asked === undefined) return null;
    const acquirer = body.payment_type === 'qris' ? body.payment_details.acquirer : null;
    const custom = customExpiryOf(providerOf(body), acquirer);
    if (custom === null) return { path, message: 'cannot be chosen for this method' };
    const ms = expiryMs(asked);
    return ms < custom.minMs || ms > custom.maxMs
      ? { path, message: `must be ${inSeconds(custom.minMs)} to ${inSeconds(custom.maxMs)} for this method` }
      : null;
  };

/** BNI refuses other phones, BCA longer names (midtrans-facts 2.4). */
const bniPhone: Rule = (body) => {
  const phone = providerOf(body) === 'bni' ? body.customer_details?.phone : undefined;
  return phone === undefined || /^(?:\+62|0).{0,28}$/.test(phone)
    ? null
    : {
        path: ['customer_details', 'phone'],
        message: 'must begin with +62 or 0 and have at most 30 characters for bni',
      };
};

const bcaName =
  (field: 'first_name' | 'last_name'): Rule =>
  (body) =>
    providerOf(body) === 'bca' && (body.customer_details?.[field]?.length ?? 0) > 30
      ? { path: ['customer_details', field], message: 'must have at most 30 characters for bca' }
      : null;

const rules: readonly Rule[] = [
  addUp,
  uniqueIds,
  ovoPhone,
  withinBounds(['expiry'], (body) => ('expiry' in body ? body.expiry : undefined)),
  withinBounds(['payment_details', 'page_expiry'], (body) =>
    body.payment_type === 'snap' ? body.payment_details.page_expiry : undefined,
  ),
  bniPhone,
  bcaName('first_name'),
  bcaName('last_name'),
];

export const PaymentRequestBody = shapes
  .superRefine((body, context) => {
    for (const rule of rules) {
      const problem = rule(body);
      if (problem) context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message });
    }
  })
  .meta({ id: 'PaymentRequest' });

export type PaymentRequestBody = z.output<typeof PaymentRequestBody>;

/** Which method it is: Midtrans' payment_type, or the bank, store or wallet inside it (R3.3). */
export const providerOf = (body: Shape): Provider => {
  switch (body.payment_type) {
    case 'bank_transfer':
      return body.payment_details.bank;
    case 'cstore':
      return body.payment_details.store;
    case 'echannel':
      return 'mandiri';
    case 'credit_card':
      return body.payment_details.google_pay_token === undefined ? 'credit_card' : 'google_pay';
    default:
      return body.payment_type;
  }
};
