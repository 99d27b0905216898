import { describe, expect, it } from '@jest/globals';
import { chargeBytesMax, chargeRequestBytes, chargeRequestOf } from '../../../src/adapters/midtrans/charge-request.js';
import type { ChargeOrder } from '../../../src/application/ports/payment-gateway.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { providers, type Provider } from '../../../src/domain/methods/providers.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { anOrder } from './charge-orders.js';

const common = { transaction_details: { order_id: 'order-101', gross_amount: 44_000 }, custom_field3: 'wish-1' };
const text = (id: string, en: string) => ({ inquiry: [{ id, en }], payment: [{ id, en }] });
const customer = { first_name: 'Budi', phone: '0811' };

interface Row {
  readonly provider: Provider;
  readonly order?: Partial<ChargeOrder>;
  /** Beside the common fields. */
  readonly body: JsonObject;
}

const rows: readonly Row[] = [
  {
    provider: 'bca',
    order: {
      details: { bank: 'bca', va_number: '111111', free_text: text('teks', 'text'), sub_company_code: '00000' },
    },
    body: {
      payment_type: 'bank_transfer',
      bank_transfer: {
        bank: 'bca',
        va_number: '111111',
        free_text: text('teks', 'text'),
        bca: { sub_company_code: '00000' },
      },
    },
  },
  ...(['bni', 'bri', 'cimb'] as const).map((provider) => ({
    provider,
    order: { details: { bank: provider } },
    body: { payment_type: 'bank_transfer', bank_transfer: { bank: provider } },
  })),
  {
    provider: 'permata',
    order: { details: { bank: 'permata', va_number: '1234567890', recipient_name: 'SUDARSONO' } },
    body: {
      payment_type: 'bank_transfer',
      bank_transfer: { bank: 'permata', va_number: '1234567890', permata: { recipient_name: 'SUDARSONO' } },
    },
  },
  {
    provider: 'mandiri',
    order: {
      details: { bill_info1: 'Payment:', bill_info2: 'Online purchase', bill_info8: 'last', bill_key: '081211111111' },
    },
    body: {
      payment_type: 'echannel',
      echannel: { bill_info1: 'Payment:', bill_info2: 'Online purchase', bill_info8: 'last', bill_key: '081211111111' },
    },
  },
  { provider: 'gopay', body: { payment_type: 'gopay' } },
  {
    provider: 'gopay',
    order: { details: { enable_callback: true, callback_url: 'someapps://callback' } },
    body: { payment_type: 'gopay', gopay: { enable_callback: true, callback_url: 'someapps://callback' } },
  },
  {
    provider: 'gopay',
    order: { details: { account_id: 'account-1', payment_option_token: 'token-1', pre_auth: false, recurring: false } },
    body: {
      payment_type: 'gopay',
      gopay: { account_id: 'account-1', payment_option_token: 'token-1', pre_auth: false, recurring: false },
    },
  },
  { provider: 'qris', body: { payment_type: 'qris' } },
  {
    provider: 'qris',
    order: { details: { acquirer: 'gopay' } },
    body: { payment_type: 'qris', qris: { acquirer: 'gopay' } },
  },
  {
    provider: 'shopeepay',
    order: { details: { callback_url: 'https://shop.test/back' } },
    body: { payment_type: 'shopeepay', shopeepay: { callback_url: 'https://shop.test/back' } },
  },
  {
    provider: 'ovo',
    order: { details: { payer_phone_number: '081111111111' }, customerDetails: customer },
    body: { payment_type: 'ovo', customer_details: customer, ovo: { payer_phone_number: '081111111111' } },
  },
  {
    provider: 'ovo',
    order: { customerDetails: customer },
    body: { payment_type: 'ovo', customer_details: customer, ovo: { payer_phone_number: '0811' } },
  },
  {
    provider: 'indomaret',
    order: { details: { store: 'indomaret', message: 'Tiket1 transaction' } },
    body: { payment_type: 'cstore', cstore: { store: 'indomaret', message: 'Tiket1 transaction' } },
  },
  {
    provider: 'alfamart',
    order: {
      details: { store: 'alfamart', alfamart_free_text_1: 'a', alfamart_free_text_2: 'b', alfamart_free_text_3: 'c' },
    },
    body: {
      payment_type: 'cstore',
      cstore: { store: 'alfamart', alfamart_free_text_1: 'a', alfamart_free_text_2: 'b', alfamart_free_text_3: 'c' },
    },
  },
  ...(['akulaku', 'kredivo'] as const).map((provider) => ({
    provider,
    order: {
      details: { seller_details: [{ id: 's1', name: 'Seller' }] },
      customerDetails: customer,
      itemDetails: [{ id: 'i1', name: 'Pillow', price: 44_000, quantity: 1 }],
    },
    body: {
      payment_type: provider,
      item_details: [{ id: 'i1', name: 'Pillow', price: 44_000, quantity: 1 }],
      customer_details: customer,
      seller_details: [{ id: 's1', name: 'Seller' }],
    },
  })),
  {
    provider: 'bca_klikpay',
    order: { details: { description: 'Shoes', misc_fee: 0 } },
    body: { payment_type: 'bca_klikpay', bca_klikpay: { description: 'Shoes', misc_fee: 0 } },
  },
  {
    provider: 'bca_klikbca',
    order: { details: { description: 'Shoes', user_id: 'KLIKBCA01' } },
    body: { payment_type: 'bca_klikbca', bca_klikbca: { description: 'Shoes', user_id: 'KLIKBCA01' } },
  },
  {
    provider: 'cimb_clicks',
    order: { details: { description: 'Shoes' } },
    body: { payment_type: 'cimb_clicks', cimb_clicks: { description: 'Shoes' } },
  },
  { provider: 'danamon_online', body: { payment_type: 'danamon_online' } },
  { provider: 'bri_epay', body: { payment_type: 'bri_epay' } },
  {
    provider: 'uob_ezpay',
    order: { details: { callback_url: 'https://shop.test/back' } },
    body: { payment_type: 'uob_ezpay', uob_ezpay: { callback_url: 'https://shop.test/back' } },
  },
  {
    provider: 'credit_card',
    order: { details: { token_id: '48111111-1114-80d5df78' } },
    body: { payment_type: 'credit_card', credit_card: { token_id: '48111111-1114-80d5df78', authentication: true } },
  },
  {
    provider: 'credit_card',
    order: {
      details: {
        token_id: '48111111-1114-80d5df78',
        authentication: false,
        type: 'authorize',
        bank: 'bni',
        installment_term: 12,
        bins: ['48111111', 'bni'],
        save_token_id: true,
        point_redeem_amount: 1_000,
      },
    },
    body: {
      payment_type: 'credit_card',
      credit_card: {
        token_id: '48111111-1114-80d5df78',
        authentication: false,
        type: 'authorize',
        bank: 'bni',
        installment_term: 12,
        bins: ['48111111', 'bni'],
        save_token_id: true,
        point_redeem_amount: 1_000,
      },
    },
  },
  {
    provider: 'google_pay',
    order: { details: { google_pay_token: { protocolVersion: 'ECv2', signature: 'MEQCIH' } } },
    body: {
      payment_type: 'credit_card',
      credit_card: { google_pay_token: { protocolVersion: 'ECv2', signature: 'MEQCIH' }, authentication: true },
    },
  },
  { provider: 'snap', body: { credit_card: { secure: true } } },
  {
    provider: 'snap',
    order: {
      details: {
        enabled_payments: ['bca_va', 'gopay'],
        credit_card: { secure: false, bank: 'bni' },
        callbacks: { finish: 'https://shop.test/done' },
        page_expiry: { duration: 3, unit: 'hours' },
      },
      expiry: { duration: 1, unit: 'day' },
    },
    body: {
      enabled_payments: ['bca_va', 'gopay'],
      credit_card: { secure: false, bank: 'bni' },
      callbacks: { finish: 'https://shop.test/done' },
      page_expiry: { duration: 3, unit: 'hours' },
      expiry: { duration: 1, unit: 'day' },
    },
  },
  {
    provider: 'dana',
    order: { details: { callback_url: 'https://shop.test/back' } },
    body: {
      enabled_payments: ['dana'],
      dana: { callback_url: 'https://shop.test/back' },
      page_expiry: { duration: 15, unit: 'minute' },
    },
  },
  {
    provider: 'dana',
    order: { expiry: { duration: 1, unit: 'hour' } },
    body: { enabled_payments: ['dana'], expiry: { duration: 1, unit: 'hour' } },
  },
];

describe('a charge as Midtrans takes it', () => {
  it.each(rows)('for $provider: $body', ({ provider, order, body }) => {
    expect(chargeRequestOf(anOrder(provider, order)).body).toEqual({ ...common, ...body });
  });

  it('is written for every method there is', () => {
    expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(providers));
  });

  it('carries customer, items, metadata and expiry', () => {
    const order = anOrder('bca', {
      customerDetails: customer,
      itemDetails: [{ id: 'i1', name: 'Pillow', price: 44_000, quantity: 1 }],
      metadata: { campaign: 'november' },
      expiry: { duration: 60, unit: 'minute' },
    });
    expect(chargeRequestOf(order).body).toEqual({
      ...common,
      payment_type: 'bank_transfer',
      bank_transfer: { bank: 'bca' },
      customer_details: customer,
      item_details: [{ id: 'i1', name: 'Pillow', price: 44_000, quantity: 1 }],
      metadata: { campaign: 'november' },
      custom_expiry: { expiry_duration: 60, unit: 'minute' },
    });
  });

  it('leaves out what was not given, null included', () => {
    const order = anOrder('gopay', { details: { callback_url: null, enable_callback: false } });
    expect(chargeRequestOf(order).body).toEqual({
      ...common,
      payment_type: 'gopay',
      gopay: { enable_callback: false },
    });
  });

  it.each(providers.map((provider) => [provider]))('of %s goes to its own host and path', (provider) => {
    const { host, path } = chargeRequestOf(anOrder(provider));
    const isPage = provider === 'snap' || provider === 'dana';
    const expected = isPage
      ? { host: 'snap', path: '/snap/v1/transactions' }
      : { host: provider === 'google_pay' ? 'panapi' : 'core', path: '/v2/charge' };
    expect({ host, path }).toEqual(expected);
  });

  it('may be sent again wherever Midtrans honours the idempotency key', () => {
    const single = providers.filter((provider) => !chargeRequestOf(anOrder(provider)).repeatable);
    expect(single).toEqual(['permata', 'indomaret', 'bca_klikbca', 'cimb_clicks']);
  });

  it('is measured in bytes of UTF-8', () => {
    const order = anOrder('bca', { amount: rupiah(10_000), metadata: { note: 'é' } });
    expect(chargeRequestBytes(order)).toBe(
      '{"payment_type":"bank_transfer","transaction_details":{"order_id":"order-101","gross_amount":10000},"metadata":{"note":"é"},"custom_field3":"wish-1","bank_transfer":{"bank":"bca"}}'
        .length + 1,
    );
    expect(chargeRequestBytes(anOrder('bca', { metadata: { note: 'x'.repeat(16_000) } }))).toBeGreaterThan(
      chargeBytesMax,
    );
  });
});
