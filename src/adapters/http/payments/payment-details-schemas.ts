import { z } from 'zod';
import { address, amount, digits, email, jsonFields, text, webAddress } from '../requests/field-schemas.js';

// The "in" column of api.md 3: fields of Midtrans' own sub-object, flat. Unknown fields are refused.

/** Of bills and receipts; Midtrans cuts what is too long to be shown. */
const line = text(255);
const bilingual = z.array(z.strictObject({ id: line, en: line })).max(10);

const vaNumber = digits(1, 18).meta({ description: 'Digits of your choice; Midtrans trims or pads them' });
const freeText = z.strictObject({ inquiry: bilingual.optional(), payment: bilingual.optional() });

const bank = <const Bank extends string>(name: Bank, more: z.core.$ZodLooseShape = {}) =>
  z.strictObject({ bank: z.literal(name), va_number: vaNumber.optional(), free_text: freeText.optional(), ...more });

export const BankTransfer = z.discriminatedUnion('bank', [
  bank('bca', { sub_company_code: digits(1, 5).optional() }),
  bank('bni'),
  bank('bri'),
  bank('cimb'),
  bank('permata', { recipient_name: text(255).optional() }),
]);

export const Echannel = z.strictObject({
  bill_info1: line.meta({ description: 'About 10 characters are shown' }),
  bill_info2: line.meta({ description: 'About 30 characters are shown' }),
  bill_info3: line.optional(),
  bill_info4: line.optional(),
  bill_info5: line.optional(),
  bill_info6: line.optional(),
  bill_info7: line.optional(),
  bill_info8: line.optional(),
  bill_key: digits(1, 18).optional(),
});

const linkedAccount = ['payment_option_token', 'pre_auth', 'recurring'] as const;

export const Gopay = z
  .strictObject({
    enable_callback: z.boolean().optional(),
    callback_url: address.optional(),
    account_id: text(255).optional(),
    payment_option_token: text(4_000).optional(),
    pre_auth: z.boolean().optional(),
    recurring: z.boolean().optional(),
  })
  .superRefine((details, context) => {
    const linked = details.account_id !== undefined;
    if (linked && details.payment_option_token === undefined)
      context.addIssue({ code: 'custom', path: ['payment_option_token'], message: 'is needed with account_id' });
    for (const field of linkedAccount)
      if (!linked && details[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: 'is for a linked account; account_id is missing' });
  });

export const Qris = z.strictObject({ acquirer: z.enum(['gopay', 'airpay shopee']).default('gopay') });

export const ShopeePay = z.strictObject({ callback_url: address.optional() });

export const Ovo = z.strictObject({ payer_phone_number: text(30).optional() });

export const Dana = z.strictObject({ callback_url: address.optional() });

const alfamartLine = text(40).optional();

export const Cstore = z.discriminatedUnion('store', [
  z.strictObject({ store: z.literal('indomaret'), message: line.optional() }),
  z.strictObject({
    store: z.literal('alfamart'),
    alfamart_free_text_1: alfamartLine,
    alfamart_free_text_2: alfamartLine,
    alfamart_free_text_3: alfamartLine,
  }),
]);

const sellerAddress = z.strictObject({
  first_name: text(255).optional(),
  last_name: text(255).optional(),
  phone: text(255).optional(),
  address: text(255).optional(),
  city: text(100).optional(),
  postal_code: text(10).optional(),
  country_code: text(10).optional(),
});

const seller = z.strictObject({
  id: text(50),
  name: text(255),
  email: email.optional(),
  url: webAddress.optional(),
  address: sellerAddress.optional(),
});

export const PayLater = z.strictObject({ seller_details: z.array(seller).min(1).max(50).optional() });

const description = text(255);

export const BcaKlikpay = z.strictObject({ description, misc_fee: z.int().nonnegative().optional() });
export const BcaKlikbca = z.strictObject({ description, user_id: text(255) });
export const CimbClicks = z.strictObject({ description });
export const UobEzpay = z.strictObject({ callback_url: address });
export const Nothing = z.strictObject({});

const acquirers = ['bca', 'bni', 'mandiri', 'cimb', 'bri', 'danamon', 'maybank', 'mega'] as const;
const bins = z
  .array(z.string().regex(/^[A-Za-z0-9]{1,10}$/, 'must be a BIN or a bank: 1 to 10 letters or digits'))
  .max(200);
const months = z.int().min(1).max(60);

export const CreditCard = z
  .strictObject({
    token_id: text(255).optional().meta({ description: "Made by Midtrans' card script in the browser" }),
    google_pay_token: jsonFields.optional().meta({ description: "Google Pay's payment token" }),
    authentication: z.boolean().optional().meta({ description: '3D Secure; true unless said otherwise' }),
    type: z.literal('authorize').optional().meta({ description: 'Reserve now, capture later' }),
    bank: z.enum(acquirers).optional().meta({ description: 'Acquirer' }),
    installment_term: months.optional(),
    bins: bins.optional(),
    save_token_id: z.boolean().optional(),
    point_redeem_amount: amount.optional(),
  })
  .superRefine(({ token_id: token, google_pay_token: googlePay }, context) => {
    if ((token === undefined) === (googlePay === undefined))
      context.addIssue({ code: 'custom', path: ['token_id'], message: 'or google_pay_token is needed, and not both' });
  }); // prettier-ignore

/** Snap's words for methods (midtrans-facts 3.1). */
const enabledPayments = [
  'credit_card', 'bca_va', 'bni_va', 'bri_va', 'cimb_va', 'permata_va', 'danamon_va', 'bsi_va', 'seabank_va', 'saqu_va', 'other_va',
  'bank_transfer', 'echannel', 'gopay', 'shopeepay', 'other_qris', 'dana', 'ovo', 'cstore', 'indomaret', 'alfamart', 'akulaku', 'kredivo',
  'bca_klikpay', 'bca_klikbca', 'cimb_clicks', 'danamon_online', 'bri_epay', 'uob_ezpay', 'google_pay',
] as const; // prettier-ignore

const installment = z.strictObject({
  required: z.boolean().optional(),
  disabled: z.boolean().optional(),
  terms: z.partialRecord(z.enum([...acquirers, 'offline']), z.array(months)).optional(),
});

const snapCard = z.strictObject({
  secure: z.boolean().optional(),
  save_card: z.boolean().optional(),
  bank: z.enum(acquirers).optional(),
  channel: text(50).optional(),
  type: z.enum(['authorize', 'authorize_capture']).optional(),
  whitelist_bins: bins.optional(),
  installment: installment.optional(),
});

export const ExpiryRequest = z
  .strictObject({ duration: z.int().positive(), unit: z.enum(['minute', 'hour', 'day']) })
  .meta({ id: 'Expiry', description: 'How long the customer may take to pay', example: { duration: 2, unit: 'hour' } });

export const Snap = z.strictObject({
  enabled_payments: z.array(z.enum(enabledPayments)).min(1).optional(),
  credit_card: snapCard.optional(),
  callbacks: z.strictObject({ finish: address.optional(), error: address.optional() }).optional(),
  page_expiry: ExpiryRequest.optional(),
});
