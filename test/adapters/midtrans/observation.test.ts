import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { jsonObjectIn } from '../../../src/adapters/midtrans/json.js';
import { observationOf, UnreadableTransaction } from '../../../src/adapters/midtrans/observation.js';
import { transactionStatuses } from '../../../src/domain/payments/gateway-status.js';
import { somebodyElses } from '../../../src/domain/payments/observation.js';
import type { JsonObject } from '../../../src/domain/json.js';

const charged = {
  status_code: '201',
  status_message: 'created',
  transaction_id: 'be03df7d-2f97-4c8c-a53c-8959f1b67295',
  order_id: '1571823229',
  merchant_id: 'G812785002',
  gross_amount: '44000.00',
  currency: 'IDR',
  payment_type: 'bank_transfer',
  transaction_time: '2019-10-23 16:33:49',
  transaction_status: 'pending',
  fraud_status: 'accept',
} satisfies JsonObject;

const seen = {
  orderId: '1571823229',
  transactionId: 'be03df7d-2f97-4c8c-a53c-8959f1b67295',
  paymentType: 'bank_transfer',
  provider: null,
  status: 'pending',
  statusWord: 'pending',
  fraudStatus: 'accept',
  grossAmount: 44_000,
  wishId: null,
  transactionTime: '2019-10-23T09:33:49.000Z',
  settlementTime: null,
  expiryTime: null,
  refunds: [],
  refundedTotal: null,
  chargedBackTotal: null,
  details: {},
  personalDetails: {},
};

interface Row {
  readonly method: string;
  /** What Midtrans adds to or changes in `charged`; null takes a field away. */
  readonly answer: JsonObject;
  /** What that changes in `seen`. */
  readonly observed: object;
}

const redirect = (paymentType: string, url: string, extra: JsonObject = {}): Row => ({
  method: paymentType,
  answer: { payment_type: paymentType, redirect_url: url, ...extra },
  observed: { paymentType, provider: paymentType, details: { redirect_url: url, ...extra } },
});

const rows: readonly Row[] = [
  ...['bca', 'bni', 'bri', 'cimb'].map((bank) => ({
    method: `${bank} VA`,
    answer: { va_numbers: [{ va_number: '812785002530231', bank }], payment_amounts: [] },
    observed: { provider: bank, details: { va_numbers: [{ bank, va_number: '812785002530231' }] } },
  })),
  {
    method: 'a VA of a bank that only Snap offers',
    answer: { va_numbers: [{ bank: 'danamon', va_number: '1' }], expiry_time: '2023-06-29 15:15:58' },
    observed: {
      expiryTime: '2023-06-29T08:15:58.000Z',
      details: { va_numbers: [{ bank: 'danamon', va_number: '1' }] },
    },
  },
  {
    method: 'permata VA',
    answer: { permata_va_number: '850003072869607' },
    observed: { provider: 'permata', details: { va_numbers: [{ bank: 'permata', va_number: '850003072869607' }] } },
  },
  {
    method: 'Mandiri bill',
    answer: { payment_type: 'echannel', bill_key: '778347787706', biller_code: '70012' },
    observed: {
      paymentType: 'echannel',
      provider: 'mandiri',
      details: { bill_key: '778347787706', biller_code: '70012' },
    },
  },
  {
    method: 'GoPay',
    answer: {
      payment_type: 'gopay',
      fraud_status: null,
      actions: [
        { name: 'generate-qr-code', method: 'GET', url: 'https://api.midtrans.com/v2/gopay/e48447d1/qr-code' },
        { name: 'cancel', method: 'POST', url: 'https://api.midtrans.com/v2/e48447d1/cancel', fields: [] },
      ],
      channel_response_code: '200',
      channel_response_message: 'Success',
    },
    observed: {
      paymentType: 'gopay',
      provider: 'gopay',
      fraudStatus: null,
      details: {
        actions: [
          { name: 'generate-qr-code', method: 'GET', url: 'https://api.midtrans.com/v2/gopay/e48447d1/qr-code' },
          { name: 'cancel', method: 'POST', url: 'https://api.midtrans.com/v2/e48447d1/cancel' },
        ],
        channel_response_code: '200',
        channel_response_message: 'Success',
      },
    },
  },
  {
    method: 'QRIS, its expiry misspelt',
    answer: {
      payment_type: 'qris',
      acquirer: 'gopay',
      qr_string: '00020101021226620014COM.GO-JEK',
      actions: [{ name: 'generate-qr-code', method: 'GET', url: 'https://api.test/qr-code' }],
      expire_time: '2023-01-05 10:16:39',
    },
    observed: {
      paymentType: 'qris',
      provider: 'qris',
      expiryTime: '2023-01-05T03:16:39.000Z',
      details: {
        acquirer: 'gopay',
        qr_string: '00020101021226620014COM.GO-JEK',
        actions: [{ name: 'generate-qr-code', method: 'GET', url: 'https://api.test/qr-code' }],
      },
    },
  },
  {
    method: 'QRIS paid',
    answer: {
      payment_type: 'qris',
      transaction_status: 'settlement',
      settlement_time: '2021-06-23 14:06:48',
      transaction_type: 'on-us',
      issuer: 'gopay',
      acquirer: 'gopay',
      merchant_cross_reference_id: '0197f326',
      shopeepay_reference_number: 'ref-1',
      reference_id: 'ref-2',
    },
    observed: {
      paymentType: 'qris',
      provider: 'qris',
      status: 'settlement',
      statusWord: 'settlement',
      settlementTime: '2021-06-23T07:06:48.000Z',
      details: {
        transaction_type: 'on-us',
        issuer: 'gopay',
        acquirer: 'gopay',
        merchant_cross_reference_id: '0197f326',
        shopeepay_reference_number: 'ref-1',
        reference_id: 'ref-2',
      },
    },
  },
  {
    method: 'ShopeePay',
    answer: {
      payment_type: 'shopeepay',
      channel_response_code: '0',
      channel_response_message: 'success',
      actions: [{ name: 'deeplink-redirect', method: 'GET', url: 'https://wsa.test/pay' }],
    },
    observed: {
      paymentType: 'shopeepay',
      provider: 'shopeepay',
      details: {
        channel_response_code: '0',
        channel_response_message: 'success',
        actions: [{ name: 'deeplink-redirect', method: 'GET', url: 'https://wsa.test/pay' }],
      },
    },
  },
  {
    method: 'DANA, which shouts',
    answer: { payment_type: 'dana', transaction_id: 'A120240830074017NP16XMU4JTID', transaction_status: 'PENDING' },
    observed: {
      paymentType: 'dana',
      provider: 'dana',
      transactionId: 'A120240830074017NP16XMU4JTID',
      status: 'pending',
      statusWord: 'PENDING',
    },
  },
  {
    method: 'OVO',
    answer: { payment_type: 'ovo', payer_phone_number: '08111111111', merchant_invoice: 'inv-1' },
    observed: {
      paymentType: 'ovo',
      provider: 'ovo',
      details: { merchant_invoice: 'inv-1' },
      personalDetails: { payer_phone_number: '08111111111' },
    },
  },
  ...['indomaret', 'alfamart'].map((store) => ({
    method: store,
    answer: { payment_type: 'cstore', store, payment_code: '25709650945026', approval_code: 'ABC0101BCA02' },
    observed: {
      paymentType: 'cstore',
      provider: store,
      details: { store, payment_code: '25709650945026', approval_code: 'ABC0101BCA02' },
    },
  })),
  redirect('akulaku', 'https://api.test/v2/akulaku/redirect/1', { channel_response_code: '' }),
  redirect('kredivo', 'https://api.test/v2/oms/redirect/1', { channel_response_code: 'OK' }),
  redirect('bca_klikpay', 'https://klikpay.test', { redirect_data: { url: 'u', method: 'post', params: { a: '1' } } }),
  redirect('bca_klikbca', 'https://klikbca.test'),
  redirect('cimb_clicks', 'https://cimb.test'),
  redirect('danamon_online', 'https://danamon.test'),
  redirect('bri_epay', 'https://bri.test', { approval_code: '1' }),
  redirect('uob_ezpay', 'https://uob.test'),
  {
    method: 'a card without 3DS',
    answer: {
      payment_type: 'credit_card',
      transaction_status: 'capture',
      approval_code: '1408869563148',
      eci: '05',
      masked_card: '48111111-1114',
      bank: 'bni',
      card_type: 'credit',
      channel_response_code: '00',
      channel_response_message: 'Approved',
      on_us: true,
      three_ds_version: '2',
      channel: 'dragon',
      installment_term: '12',
      saved_token_id: '48111111sHfSakAvHvFQFEjTivUV1114',
      saved_token_id_expired_at: '2024-12-31 07:00:00',
      point_redeem_amount: 1_000,
      point_redeem_quantity: 10,
      point_balance_amount: '5000.00',
    },
    observed: {
      paymentType: 'credit_card',
      provider: 'credit_card',
      status: 'capture',
      statusWord: 'capture',
      details: {
        approval_code: '1408869563148',
        eci: '05',
        masked_card: '48111111-1114',
        bank: 'bni',
        card_type: 'credit',
        channel_response_code: '00',
        channel_response_message: 'Approved',
        on_us: true,
        three_ds_version: '2',
        channel: 'dragon',
        installment_term: 12,
        saved_token_id_expired_at: '2024-12-31T00:00:00.000Z',
        point_redeem_amount: 1_000,
        point_redeem_quantity: 10,
        point_balance_amount: 5_000,
      },
      personalDetails: { saved_token_id: '48111111sHfSakAvHvFQFEjTivUV1114' },
    },
  },
  {
    method: 'a card waiting for 3DS',
    answer: {
      payment_type: 'credit_card',
      fraud_status: null,
      redirect_url: 'https://api.test/v2/3ds/redirect/1',
      masked_card: '48111111-1114',
      card_type: 'credit',
      installment_term: 3,
    },
    observed: {
      paymentType: 'credit_card',
      provider: 'credit_card',
      fraudStatus: null,
      details: {
        redirect_url: 'https://api.test/v2/3ds/redirect/1',
        masked_card: '48111111-1114',
        card_type: 'credit',
        installment_term: 3,
      },
    },
  },
  {
    method: 'BNI VA paid',
    answer: {
      transaction_status: 'settlement',
      settlement_time: '2021-06-23 11:42:03',
      va_numbers: [{ va_number: '3333000000111111', bank: 'bni' }],
      payment_amounts: [{ paid_at: '2021-06-23 11:42:02', amount: '44000.00' }],
    },
    observed: {
      provider: 'bni',
      status: 'settlement',
      statusWord: 'settlement',
      settlementTime: '2021-06-23T04:42:03.000Z',
      details: {
        va_numbers: [{ bank: 'bni', va_number: '3333000000111111' }],
        payment_amounts: [{ paid_at: '2021-06-23T04:42:02.000Z', amount: 44_000 }],
      },
    },
  },
];

const transaction = (changes: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...charged, ...changes }).filter(([, value]) => value !== null));

const observed = (changes: JsonObject) => observationOf(transaction(changes));

const reasonOf = (changes: JsonObject): string => {
  try {
    observed(changes);
  } catch (error) {
    if (error instanceof UnreadableTransaction) return error.message;
    throw error;
  }
  return 'readable';
};

describe('a transaction of Midtrans in our words', () => {
  it.each(rows)('$method', ({ answer, observed: changes }) => {
    expect(observed(answer)).toEqual({ ...seen, ...changes });
  });

  it('carries our wish where it was made by one', () => {
    expect(observed({ custom_field3: 'wish-1' }).wishId).toBe('wish-1');
  });

  it.each(['legacy shop / 77', 'x'.repeat(47), ['wish-1'], { wish: 'wish-1' }, true])(
    'is somebody else’s where it carries %j instead of a wish',
    (echoed) => expect(observed({ custom_field3: echoed }).wishId).toBe(somebodyElses),
  );

  it.each(['', null])('says nothing of who made it where it carries %j', (echoed) =>
    expect(observed({ custom_field3: echoed }).wishId).toBeNull(),
  );

  it('says every status that Midtrans knows, in either case', () => {
    const words = transactionStatuses.flatMap((word) => [word, word.toUpperCase()]);
    expect(words.map((word) => observed({ transaction_status: word }).status)).toEqual(
      transactionStatuses.flatMap((word) => [word, word]),
    );
  });

  it('does not guess at a status it has never seen', () => {
    const { status, statusWord } = observed({ transaction_status: 'on_hold' });
    expect({ status, statusWord }).toEqual({ status: 'unknown', statusWord: 'on_hold' });
  });

  it('does not take money for safe when the fraud check says a word never seen', () => {
    const capture = observed({ transaction_status: 'capture', fraud_status: 'review' });
    expect([capture.status, capture.statusWord, capture.fraudStatus]).toEqual([
      'unknown',
      'capture with fraud_status review',
      null,
    ]);
    const settled = observed({ transaction_status: 'settlement', fraud_status: 'review' });
    expect([settled.status, settled.fraudStatus]).toEqual(['settlement', null]);
  });

  it('tells challenge from accept', () =>
    expect(observed({ transaction_status: 'capture', fraud_status: 'challenge' }).fraudStatus).toBe('challenge'));

  it('lists refunds and their total', () => {
    const body = jsonObjectIn(`{
      "transaction_time":"2025-02-07 16:41:19","transaction_status":"refund","transaction_id":"A120250123494119o1P1fiYNhZID",
      "status_code":"200","settlement_time":"2025-02-07 16:41:26","refunds":[
        {"refund_method":"online","refund_key":"refund-key-123","refund_chargeback_id":202502070943231234,
         "refund_amount":"27000.00","created_at":"2025-02-07 16:43:23","bank_confirmed_at":"2025-02-07 16:43:23","reason":"late"},
        {"refund_chargeback_id":202502070943231235,"refund_amount":"610.00"}],
      "refund_amount":"27610.00","payment_type":"gopay","payment_option_type":"GOPAY_WALLET","order_id":"order-id",
      "gross_amount":"27610.00","fraud_status":"accept","expiry_time":"2025-02-07 17:55:50","currency":"IDR"}`);
    expect(observationOf(body ?? {})).toEqual({
      ...seen,
      orderId: 'order-id',
      transactionId: 'A120250123494119o1P1fiYNhZID',
      paymentType: 'gopay',
      provider: 'gopay',
      status: 'refund',
      statusWord: 'refund',
      grossAmount: 27_610,
      transactionTime: '2025-02-07T09:41:19.000Z',
      settlementTime: '2025-02-07T09:41:26.000Z',
      expiryTime: '2025-02-07T10:55:50.000Z',
      refunds: [
        { refundKey: 'refund-key-123', amount: 27_000, reason: 'late', confirmedAt: '2025-02-07T09:43:23.000Z' },
        { refundKey: '202502070943231235', amount: 610, reason: null, confirmedAt: null },
      ],
      refundedTotal: 27_610,
      details: { payment_option_type: 'GOPAY_WALLET' },
    });
  });

  it.each([
    ['settlement', null, null],
    ['partial_refund', 500, null],
    ['refund', 500, null],
    ['partial_chargeback', null, 500],
    ['chargeback', null, 500],
  ])('takes refund_amount under %s for what it is', (status, refundedTotal, chargedBackTotal) => {
    const read = observed({ transaction_status: status, refund_amount: '500.00' });
    expect([read.refundedTotal, read.chargedBackTotal]).toEqual([refundedTotal, chargedBackTotal]);
  });

  it('takes the whole of it for charged back under a chargeback that follows a refund', () => {
    const refunds = [{ refund_key: 'r-1', refund_amount: '200.00' }];
    const read = observed({ transaction_status: 'partial_chargeback', refund_amount: '500.00', refunds });
    expect([read.refundedTotal, read.chargedBackTotal, read.refunds.length]).toEqual([null, 500, 1]);
  });

  it.each([
    [{ order_id: null }, 'order_id is missing'],
    [{ order_id: 'x'.repeat(51) }, 'order_id is malformed'],
    [{ transaction_id: null }, 'transaction_id is missing'],
    [{ transaction_status: '' }, 'transaction_status is missing'],
    [{ payment_type: null }, 'payment_type is missing'],
    [{ gross_amount: null }, 'gross_amount is no whole rupiah'],
    [{ gross_amount: '10000.50' }, 'gross_amount is no whole rupiah'],
    [{ gross_amount: 0.5 }, 'gross_amount is no whole rupiah'],
    [{ gross_amount: '-1.00' }, 'gross_amount is no whole rupiah'],
    [{ gross_amount: '1e3' }, 'gross_amount is no whole rupiah'],
    [{ gross_amount: '9007199254740993.00' }, 'gross_amount is malformed'],
    [{ currency: 'USD' }, 'currency is not IDR'],
    [{ refunds: [{ refund_key: 'k', refund_amount: '0.10' }] }, 'refund_amount is no whole rupiah'],
    [{ refunds: [{ refund_amount: '1.00' }] }, 'refund_chargeback_id is missing'],
    [{ refunds: ['k'] }, 'refunds holds something else than refunds'],
  ])('is not read from %j', (changes, reason) => {
    expect(reasonOf(changes)).toBe(reason);
  });

  it.each([[44_000], ['44000'], ['44000.0'], ['44000.00']])('knows 44000 rupiah as %j', (grossAmount) => {
    expect(observed({ gross_amount: grossAmount }).grossAmount).toBe(44_000);
  });

  it.each([
    ['2020-02-30 10:00:00', null],
    ['2020-01-01 25:00:00', null],
    ['2020-01-01 10:61:00', null],
    ['yesterday', null],
    ['2020-03-01 06:59:59', '2020-02-29T23:59:59.000Z'],
    ['2022-10-26T04:20:00.000000Z', '2022-10-26T04:20:00.000Z'],
    ['2016-12-07 11:54:12 +0700', '2016-12-07T04:54:12.000Z'],
  ])('reads the time %s as %s', (time, at) => {
    expect(observed({ settlement_time: time }).settlementTime).toBe(at);
  });

  it('survives any rubbish beside what it needs', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...detailNames), fc.jsonValue()), (rubbish) => {
        expect(observationOf({ ...charged, ...(rubbish as JsonObject) }).orderId).toBe('1571823229');
      }),
    ));
});

const detailNames = [
  'va_numbers', 'permata_va_number', 'actions', 'redirect_data', 'installment_term', 'payment_amounts', 'store', 'bank', 'eci',
  'saved_token_id', 'saved_token_id_expired_at', 'payer_phone_number', 'point_balance_amount', 'settlement_time', 'custom_field3',
]; // prettier-ignore
