import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Port } from '../../src/infrastructure/ports.js';
import type { JsonObject } from '../../src/domain/json.js';
import { asText } from '../service/caller.js';
import { openShop, type Shop } from '../service/shop.js';
import { until } from '../service/until.js';
import { amount, customer, items, orderOf } from './orders.js';

let shop: Shop;
let order: string;
let orders = 0;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());
beforeEach(() => {
  order = `card-${(orders += 1)}`;
});

// The test cards of midtrans-facts 8.
const good = '4811111111111114';
const bniCard = '4105058689481467';
const refusedByBank = '4911111111111113';
const challengedByFraudEngine = '4511111111111117';
const text = expect.any(String) as unknown as string;

const chargeCard = async (number: string, details: JsonObject = {}): Promise<JsonObject> => {
  const token = await shop.simulator.cardToken(number);
  const { status, body } = await shop.clerk.make(orderOf(order, 'credit_card', { token_id: token, ...details }));
  expect(status).toBe(201);
  return body;
};

const idOf = (payment: JsonObject): string => asText(payment['id']);
const detailsOf = (payment: JsonObject): JsonObject => payment['payment_details'] as JsonObject;
const typesOf = (payment: JsonObject): Promise<readonly string[]> => shop.clerk.types(idOf(payment));

/** The customer on the issuing bank's page. */
const onBankPage = (payment: JsonObject, form: Record<string, string>): Promise<void> =>
  shop.simulator.submit(asText(detailsOf(payment)['redirect_url']), form);
const oneTimePassword = { do: 'answer', otp: '112233' };

const receipt = {
  masked_card: '48111111-1114',
  card_type: 'credit',
  bank: text,
  eci: text,
  approval_code: text,
  channel_response_code: '00',
  channel_response_message: 'Approved',
};

const shown = (change: JsonObject): JsonObject => ({
  id: text,
  order_id: order,
  transaction_id: text,
  user_id: 'u-1',
  payment_type: 'credit_card',
  fraud_status: 'accept',
  in_doubt: false,
  gross_amount: amount,
  currency: 'IDR',
  refunded_amount: 0,
  refundable_amount: 0,
  payment_details: expect.objectContaining(receipt) as unknown as JsonObject,
  customer_details: customer,
  item_details: items,
  metadata: { table: 7 },
  created_at: text,
  updated_at: text,
  expires_at: text,
  paid_at: text,
  settled_at: null,
  ...change,
});

const captured = { status: 'capture', paid: true, captured_amount: amount, refundable_amount: amount };

describe('a card with 3DS', () => {
  it('waits for the one-time password, is captured, settled and refunded in part', async () => {
    const made = await chargeCard(good);
    expect([made['status'], made['paid'], detailsOf(made)['redirect_url']]).toEqual(['pending', false, text]);
    await onBankPage(made, oneTimePassword);
    expect(await shop.clerk.becomes(idOf(made), { status: 'capture' })).toEqual(shown({ ...captured, revision: 2 }));

    await shop.simulator.act('settle', order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    const refund = await shop.clerk.act(idOf(made), 'refunds', { amount: 20_000, reason: 'broken', refund_key: 'r-1' });
    expect(refund.status).toBe(201);
    expect(await shop.clerk.becomes(idOf(made), { revision: 6 })).toEqual(
      shown({
        ...captured,
        status: 'partial_refund',
        refunded_amount: 20_000,
        refundable_amount: 30_000,
        settled_at: text,
        revision: 6,
      }),
    );
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentCaptured',
      'PaymentSettled',
      'RefundRequested',
      'RefundAccepted',
      'RefundConfirmed',
    ]);
  });

  it('is denied when the bank does not believe that it is its customer', async () => {
    const made = await chargeCard(good);
    await onBankPage(made, { do: 'fail' });
    const denied = await shop.clerk.becomes(idOf(made), { status: 'deny' });
    expect([denied['paid'], denied['captured_amount']]).toEqual([false, 0]);
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentDenied']);
  });

  it('that nobody answers expires', async () => {
    const made = await chargeCard(good);
    await shop.simulator.act('expire', order);
    await shop.clerk.becomes(idOf(made), { status: 'expire' });
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentExpired']);
  });
});

describe('a card without 3DS', () => {
  it('is captured at once, and is not refundable before it is settled, but can be voided', async () => {
    const made = await chargeCard(good, { authentication: false });
    expect(made).toEqual(shown({ ...captured, revision: 1 }));
    const refund = await shop.clerk.act(idOf(made), 'refunds', { reason: 'broken' });
    expect(refund.status).toBe(409);
    const voided = await shop.clerk.act(idOf(made), 'cancel', { reason: 'sold out' });
    expect([voided.status, voided.body]).toEqual([
      200,
      shown({ status: 'cancel', paid: false, captured_amount: 0, refundable_amount: 0, revision: 3 }),
    ]);
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentCaptured', 'CancelRequested', 'PaymentCancelled']);
  });

  it('that the bank denies is a payment with that status', async () => {
    const made = await chargeCard(refusedByBank, { authentication: false });
    expect([made['status'], made['paid'], made['in_doubt']]).toEqual(['deny', false, false]);
    expect(detailsOf(made)).toMatchObject({ channel_response_code: '05', channel_response_message: 'Do not honour' });
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentDenied']);
  });
});

describe('a hold on a card', () => {
  it('is captured for less, settled for that, and refunded for no more', async () => {
    const made = await chargeCard(good, { authentication: false, type: 'authorize' });
    expect([made['status'], made['paid'], made['captured_amount']]).toEqual(['authorize', false, 0]);
    const more = await shop.clerk.act(idOf(made), 'capture', { amount: amount + 1 });
    expect([400, 422]).toContain(more.status);
    const answer = await shop.clerk.act(idOf(made), 'capture', { amount: 30_000 });
    expect([answer.status, answer.body]).toEqual([
      200,
      shown({ ...captured, captured_amount: 30_000, refundable_amount: 30_000, payment_details: expect.anything() as unknown as JsonObject, revision: 3 }),
    ]); // prettier-ignore
    await shop.simulator.act('settle', order);
    expect(await shop.clerk.becomes(idOf(made), { status: 'settlement' })).toMatchObject({
      gross_amount: amount,
      captured_amount: 30_000,
      refundable_amount: 30_000,
    });
    const tooMuch = await shop.clerk.act(idOf(made), 'refunds', { amount: 30_001, reason: 'broken' });
    expect(tooMuch.status).toBe(422);
    expect((await shop.clerk.act(idOf(made), 'refunds', { reason: 'broken' })).status).toBe(201);
    expect(await shop.clerk.becomes(idOf(made), { status: 'refund', revision: 7 })).toMatchObject({
      captured_amount: 30_000,
      refunded_amount: 30_000,
      refundable_amount: 0,
    });
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentAuthorized',
      'CaptureRequested',
      'PaymentCaptured',
      'PaymentSettled',
      'RefundRequested',
      'RefundAccepted',
      'RefundConfirmed',
    ]);
  });

  it('is let go', async () => {
    const made = await chargeCard(good, { authentication: false, type: 'authorize' });
    expect((await shop.clerk.act(idOf(made), 'cancel')).body).toMatchObject({ status: 'cancel', captured_amount: 0 });
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentAuthorized',
      'CancelRequested',
      'PaymentCancelled',
    ]);
  });
});

describe('a card in installments', () => {
  it('shows its term', async () => {
    const made = await chargeCard(bniCard, { authentication: false, bank: 'bni', installment_term: 12 });
    expect([made['status'], detailsOf(made)['installment_term'], detailsOf(made)['bank']]).toEqual([
      'capture',
      12,
      'bni',
    ]);
    await shop.simulator.act('settle', order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentCaptured', 'PaymentSettled']);
  });
});

describe('a saved card', () => {
  it('is given to the customer once, and pays again with its security code', async () => {
    const first = await chargeCard(good, { authentication: false, save_token_id: true });
    const saved = asText(detailsOf(first)['saved_token_id']);
    const token = await shop.simulator.cardToken(good, { token_id: saved });
    order = `${order}-again`;
    const { status, body } = await shop.clerk.make(
      orderOf(order, 'credit_card', { token_id: token, authentication: false }),
    );
    expect([status, body['status']]).toEqual([201, 'capture']);
    const [initiated] = await shop.clerk.events(idOf(first));
    expect(JSON.stringify(initiated)).not.toContain(saved);
  });
});

describe('a card that the fraud engine challenges', () => {
  const challenged = async (): Promise<JsonObject> => {
    const made = await chargeCard(challengedByFraudEngine);
    await onBankPage(made, { do: 'answer' });
    const payment = await shop.clerk.becomes(idOf(made), { fraud_status: 'challenge' });
    expect([payment['status'], payment['paid'], payment['captured_amount']]).toEqual(['capture', false, 0]);
    return payment;
  };

  it('is approved by a clerk', async () => {
    const payment = await challenged();
    const approved = await shop.clerk.act(idOf(payment), 'approve', { reason: 'known customer' });
    expect([approved.status, approved.body]).toMatchObject([200, { ...captured, fraud_status: 'accept' }]);
    expect(await typesOf(payment)).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentChallenged',
      'ApprovalRequested',
      'PaymentCaptured',
    ]);
  });

  it('is denied by a clerk', async () => {
    const payment = await challenged();
    const denied = await shop.clerk.act(idOf(payment), 'deny');
    expect([denied.status, denied.body]).toMatchObject([200, { status: 'deny', paid: false, fraud_status: 'deny' }]);
    expect(await typesOf(payment)).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentChallenged',
      'DenialRequested',
      'PaymentDenied',
    ]);
  });
});

describe('a chargeback', () => {
  it('takes what the cardholder took back from what can be refunded', async () => {
    const made = await chargeCard(good, { authentication: false });
    await shop.simulator.act('settle', order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    await shop.simulator.act('partial_chargeback', order, { amount: 15_000 });
    expect(await shop.clerk.becomes(idOf(made), { status: 'partial_chargeback' })).toMatchObject({
      paid: true,
      refundable_amount: 35_000,
    });
    await shop.simulator.act('chargeback', order);
    expect(await shop.clerk.becomes(idOf(made), { status: 'chargeback' })).toMatchObject({
      paid: false,
      refundable_amount: 0,
    });
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentCaptured',
      'PaymentSettled',
      'ChargebackReceived',
      'ChargebackReceived',
    ]);
  });
});

describe('a chargeback after a refund', () => {
  it('leaves what neither of them took', async () => {
    const made = await chargeCard(good, { authentication: false });
    await shop.simulator.act('settle', order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    await shop.simulator.act('refund', order, { amount: 10_000 });
    await shop.clerk.becomes(idOf(made), { status: 'partial_refund' });
    await shop.simulator.act('partial_chargeback', order, { amount: 5_000 });
    expect(await shop.clerk.becomes(idOf(made), { status: 'partial_chargeback' })).toMatchObject({
      captured_amount: 50_000,
      refunded_amount: 10_000,
      refundable_amount: 35_000,
    });
  });
});

describe('Google Pay', () => {
  it('is charged like a card, settled and refunded', async () => {
    // In the sandbox this amount is accepted (midtrans-facts 8).
    const { status, body: made } = await shop.clerk.make({
      order_id: order,
      payment_type: 'credit_card',
      gross_amount: 10_002,
      payment_details: { google_pay_token: { protocolVersion: 'ECv2', signature: 'MEQCIH6Q4OwQ' }, authentication: false },
    });
    expect([status, made['status'], made['captured_amount']]).toEqual([201, 'capture', 10_002]);
    await shop.simulator.act('settle', order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    await shop.clerk.act(idOf(made), 'refunds', { reason: 'broken' });
    expect(await shop.clerk.becomes(idOf(made), { status: 'refund', revision: 5 })).toMatchObject({
      refunded_amount: 10_002,
    });
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentCaptured',
      'PaymentSettled',
      'RefundRequested',
      'RefundAccepted',
      'RefundConfirmed',
    ]);
  }); // prettier-ignore
});

describe('a linked GoPay account', () => {
  const linked = async () => {
    const partner = { phone_number: '81212345678', country_code: '62', redirect_url: 'https://shop.example/linked' };
    const wish = { payment_type: 'gopay', gopay_partner: partner };
    const { account_id: id } = await shop.simulator.api('POST', '/v2/pay/account', wish);
    await shop.simulator.link(asText(id));
    const account = await shop.simulator.api('GET', `/v2/pay/account/${asText(id)}`);
    const { payment_options: options } = account['metadata'] as { payment_options: readonly JsonObject[] };
    const wallet = options.find(({ name }) => name === 'GOPAY_WALLET');
    return { account_id: asText(id), payment_option_token: asText(wallet?.['token']) };
  };

  it('pays at once, is notified, settled and refunded; neither account nor token stands in the log', async () => {
    const account = await linked();
    const { status, body: made } = await shop.clerk.make(orderOf(order, 'gopay', account));
    expect([status, made['status'], made['paid']]).toEqual([201, 'settlement', true]);
    await shop.clerk.act(idOf(made), 'refunds', { reason: 'broken' });
    await shop.clerk.becomes(idOf(made), { status: 'refund', revision: 4 });
    expect(await typesOf(made)).toEqual([
      'PaymentInitiated',
      'PaymentSettled',
      'RefundRequested',
      'RefundAccepted',
      'RefundConfirmed',
    ]);
    const { container } = shop.under.service;
    const stored = JSON.stringify(await container.get(Port.eventLog).read(`payment-${idOf(made)}`));
    expect([stored.includes(account.account_id), stored.includes(account.payment_option_token)]).toEqual([
      false,
      false,
    ]);
    expect(JSON.stringify(await shop.clerk.events(idOf(made)))).not.toContain(account.payment_option_token);
  });
});

describe('a reversal', () => {
  it.each([
    ['permata', 'bank_transfer', { bank: 'permata' }],
    ['mandiri', 'echannel', { bill_info1: 'Payment:', bill_info2: 'Online purchase' }],
    ['indomaret', 'cstore', { store: 'indomaret' }],
  ])('takes a settled payment by %s back', async (_, paymentType, details) => {
    const { body: made } = await shop.clerk.make(orderOf(order, paymentType, details));
    await shop.simulator.pay(order);
    await shop.clerk.becomes(idOf(made), { status: 'settlement' });
    await shop.simulator.act('reverse', order);
    expect(await shop.clerk.becomes(idOf(made), { status: 'deny' })).toMatchObject({ paid: false, captured_amount: 0 });
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled', 'PaymentReversed']);
  });
});

describe('a Snap page', () => {
  const page = async (enabled: readonly string[]): Promise<JsonObject> =>
    (await shop.clerk.make(orderOf(order, 'snap', { enabled_payments: enabled }))).body;

  it.each([
    ['bca_va', 'bank_transfer', 'settlement'],
    ['permata_va', 'bank_transfer', 'settlement'],
    ['echannel', 'echannel', 'settlement'],
    ['shopeepay', 'shopeepay', 'settlement'],
    ['indomaret', 'cstore', 'settlement'],
    ['akulaku', 'akulaku', 'settlement'],
    ['credit_card', 'credit_card', 'capture'],
  ])('is paid with %s, as the customer picks', async (picked, paidWith, status) => {
    const made = await page([picked]);
    await shop.simulator.pay(order, { payment_type: picked });
    const paid = await shop.clerk.becomes(idOf(made), { status });
    expect(paid).toMatchObject({ payment_type: 'snap', paid: true, captured_amount: amount });
    expect(detailsOf(paid)['paid_with']).toBe(paidWith);
  });

  it('on which one try was denied is paid by the next, and both stand in its events', async () => {
    const made = await page(['credit_card', 'gopay']);
    await shop.simulator.act('deny', order, { payment_type: 'credit_card' });
    await shop.clerk.becomes(idOf(made), { status: 'deny' });
    await shop.simulator.pay(order, { payment_type: 'gopay' });
    expect(await shop.clerk.becomes(idOf(made), { status: 'settlement' })).toMatchObject({ captured_amount: amount });
    await until('both', async () => (await shop.simulator.transactionsOf(order)).length === 2);
    expect(await typesOf(made)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentDenied', 'PaymentSettled']);
  });
});
