import { expect } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.js';

/** What a method promises (midtrans-facts 3.1, 3.2), as a customer and a clerk see it. */
export interface MethodJourney {
  readonly method: string;
  readonly paymentType: string;
  /** `payment_details` of the request. */
  readonly asked: JsonObject;
  /** What the answer adds, so that the customer can pay. */
  readonly toPay: JsonObject;
  /** What being paid adds. */
  readonly receipt: JsonObject;
  readonly refund: 'none' | 'full' | 'partial';
  readonly cancel: boolean;
  readonly expire: boolean;
}

const text = expect.any(String) as unknown as string;
const digits = expect.stringMatching(/^\d+$/) as unknown as string;
const address = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) as unknown as string;
const action = (name: string, method = 'GET'): JsonObject => ({ name, method, url: address });

const cancelAndExpire = { cancel: true, expire: true } as const;

const bank = (name: string, change: Partial<MethodJourney> = {}): MethodJourney => ({
  method: `bank_transfer ${name}`,
  paymentType: 'bank_transfer',
  asked: { bank: name },
  toPay: { va_numbers: [{ bank: name, va_number: digits }] },
  receipt: {},
  refund: 'none',
  ...cancelAndExpire,
  ...change,
});

const shop = (store: string): MethodJourney => ({
  method: `cstore ${store}`,
  paymentType: 'cstore',
  asked: { store },
  toPay: { payment_code: digits },
  // Indomaret's only (midtrans-facts 7.4).
  receipt: store === 'indomaret' ? { approval_code: digits } : {},
  refund: 'none',
  ...cancelAndExpire,
});

/** Paid on another page. */
const redirect = (paymentType: string, asked: JsonObject = {}, change: Partial<MethodJourney> = {}): MethodJourney => ({
  method: paymentType,
  paymentType,
  asked,
  toPay: { redirect_url: address },
  receipt: { approval_code: digits },
  refund: 'none',
  ...cancelAndExpire,
  ...change,
});

const back = { callback_url: 'https://shop.example/back' };

/** Every method of R1.1 that waits for its customer; cards have a journey of their own. */
export const methodJourneys: readonly MethodJourney[] = [
  bank('bca'),
  bank('bni', { receipt: { payment_amounts: [{ paid_at: text, amount: 50_000 }] } }),
  bank('bri'),
  bank('cimb'),
  bank('permata', { asked: { bank: 'permata', recipient_name: 'Budi Utomo' } }),
  {
    method: 'echannel',
    paymentType: 'echannel',
    asked: { bill_info1: 'Payment:', bill_info2: 'Online purchase' },
    toPay: { bill_key: digits, biller_code: '70012' },
    receipt: {},
    refund: 'none',
    ...cancelAndExpire,
  },
  {
    method: 'gopay QR',
    paymentType: 'gopay',
    asked: {},
    toPay: {
      actions: [
        action('generate-qr-code'),
        action('generate-qr-code-v2'),
        action('deeplink-redirect'),
        action('get-status'),
        action('cancel', 'POST'),
      ],
      channel_response_code: '200',
      channel_response_message: 'Success',
    },
    receipt: { payment_option_type: 'GOPAY_WALLET' },
    refund: 'partial',
    ...cancelAndExpire,
  },
  {
    method: 'qris',
    paymentType: 'qris',
    asked: { acquirer: 'gopay' },
    toPay: {
      actions: [action('generate-qr-code'), action('generate-qr-code-v2')],
      qr_string: expect.stringMatching(/^000201/) as unknown as string,
    },
    receipt: { transaction_type: 'on-us', issuer: 'gopay', merchant_cross_reference_id: text },
    refund: 'partial',
    ...cancelAndExpire,
  },
  {
    method: 'shopeepay',
    paymentType: 'shopeepay',
    asked: back,
    toPay: { actions: [action('deeplink-redirect')], channel_response_code: '0', channel_response_message: 'success' },
    receipt: { shopeepay_reference_number: digits, reference_id: digits },
    refund: 'full',
    ...cancelAndExpire,
  },
  {
    method: 'dana',
    paymentType: 'dana',
    asked: back,
    toPay: { redirect_url: address, snap_token: text },
    receipt: { paid_with: 'dana' },
    refund: 'partial',
    ...cancelAndExpire,
  },
  {
    method: 'ovo',
    paymentType: 'ovo',
    asked: {},
    toPay: { payer_phone_number: '+6281211111111' },
    receipt: { merchant_invoice: text },
    refund: 'full',
    cancel: false,
    expire: true,
  },
  shop('indomaret'),
  shop('alfamart'),
  redirect('akulaku', {}, { toPay: { redirect_url: address, channel_response_code: '' }, receipt: {}, refund: 'partial' }),
  redirect('kredivo', {}, { toPay: { redirect_url: address, channel_response_code: 'OK' }, receipt: {}, refund: 'partial' }),
  redirect('bca_klikpay', { description: 'A pillow and a lamp' }, {
    toPay: { redirect_url: address, redirect_data: expect.objectContaining({ method: 'post' }) as unknown as JsonObject },
  }),
  redirect('bca_klikbca', { description: 'A pillow and a lamp', user_id: 'KLIKBCA01' }),
  redirect('cimb_clicks', { description: 'A pillow and a lamp' }),
  redirect('danamon_online'),
  redirect('bri_epay'),
  redirect('uob_ezpay', back),
  redirect('snap', { enabled_payments: ['gopay', 'bca_va'] }, {
    toPay: { redirect_url: address, snap_token: text },
    receipt: { paid_with: 'gopay', payment_option_type: 'GOPAY_WALLET' },
    refund: 'partial',
  }),
]; // prettier-ignore
