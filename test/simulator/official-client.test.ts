import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { withSimulator } from './simulator-kit.js';

type Body = Record<string, unknown>;

/** The part of midtrans-client that is used here; the package has no types. */
interface Transactions {
  status(id: string): Promise<Body>;
  statusb2b(id: string): Promise<Body>;
  approve(id: string): Promise<Body>;
  deny(id: string): Promise<Body>;
  cancel(id: string): Promise<Body>;
  expire(id: string): Promise<Body>;
  refund(id: string, body: Body): Promise<Body>;
  refundDirect(id: string, body: Body): Promise<Body>;
  notification(body: Body): Promise<Body>;
}

interface CoreApi {
  transaction: Transactions;
  charge(body: Body): Promise<Body>;
  capture(body: Body): Promise<Body>;
  cardToken(body: Body): Promise<Body>;
  cardRegister(body: Body): Promise<Body>;
  cardPointInquiry(token: string): Promise<Body>;
  linkPaymentAccount(body: Body): Promise<Body>;
  getPaymentAccount(id: string): Promise<Body>;
  unlinkPaymentAccount(id: string): Promise<Body>;
  createSubscription(body: Body): Promise<Body>;
  getSubscription(id: string): Promise<Body>;
  disableSubscription(id: string): Promise<Body>;
}

interface Snap {
  createTransaction(body: Body): Promise<Body>;
  createTransactionRedirectUrl(body: Body): Promise<string>;
}

interface Keys {
  isProduction: boolean;
  serverKey: string;
  clientKey: string;
}

const load = createRequire(import.meta.url);
const midtrans = load('midtrans-client') as { CoreApi: new (keys: Keys) => CoreApi; Snap: new (keys: Keys) => Snap };
const hosts = load('midtrans-client/lib/apiConfig') as { CORE_SANDBOX_BASE_URL: string; SNAP_SANDBOX_BASE_URL: string };

const kit = withSimulator();

const keys = (): Keys => {
  const { url, serverKey, clientKey } = kit().simulator;
  hosts.CORE_SANDBOX_BASE_URL = url;
  hosts.SNAP_SANDBOX_BASE_URL = `${url}/snap/v1`;
  return { isProduction: false, serverKey, clientKey };
};
const core = (): CoreApi => new midtrans.CoreApi(keys());
const snap = (): Snap => new midtrans.Snap(keys());

const details = (order_id: string, gross_amount = 100_000): Body => ({
  transaction_details: { order_id, gross_amount },
});
const bca = (orderId: string): Body => ({
  payment_type: 'bank_transfer',
  ...details(orderId),
  bank_transfer: { bank: 'bca' },
});

const token = async (card_number: string): Promise<unknown> => {
  const card = { card_number, card_cvv: '123', card_exp_month: '12', card_exp_year: '2039' };
  return (await core().cardToken({ ...card, client_key: kit().simulator.clientKey }))['token_id'];
};

const card = async (orderId: string, number = '4811111111111114', options: Body = {}): Promise<Body> => ({
  payment_type: 'credit_card',
  ...details(orderId),
  credit_card: { token_id: await token(number), ...options },
});

/** The client throws what the body calls an error; its code is text then. */
const refusal = async (call: Promise<Body>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return (error as { httpStatusCode: unknown }).httpStatusCode;
  }
  throw new Error('the client did not throw');
};

describe('the official client', () => {
  it('charges, asks and cancels', async () => {
    expect(await core().charge(bca('order-1'))).toMatchObject({ status_code: '201' });
    expect(await core().transaction.status('order-1')).toMatchObject({ transaction_status: 'pending' });
    expect(await core().transaction.cancel('order-1')).toMatchObject({
      status_code: '200',
      transaction_status: 'cancel',
    });
    expect(await refusal(core().transaction.cancel('order-1'))).toBe('412');
    expect(await refusal(core().transaction.status('unknown'))).toBe('404');
  });

  it('takes 407 for success: of expire, and of the status afterwards', async () => {
    await core().charge(bca('order-1'));
    expect(await core().transaction.expire('order-1')).toMatchObject({ status_code: '407' });
    expect(await core().transaction.status('order-1')).toMatchObject({ transaction_status: 'expire' });
  });

  it('authorizes and captures', async () => {
    const held = await core().charge(await card('order-1', undefined, { type: 'authorize' }));
    expect(held).toMatchObject({ transaction_status: 'authorize' });
    expect(await core().capture({ transaction_id: held['transaction_id'], gross_amount: 60_000 })).toMatchObject({
      status_code: '200',
      gross_amount: '60000.00',
    });
  });

  it('approves one challenge and denies another', async () => {
    await core().charge(await card('order-1', '4511111111111117'));
    await core().charge(await card('order-2', '4511111111111117'));
    expect(await core().transaction.approve('order-1')).toMatchObject({ fraud_status: 'accept' });
    expect(await core().transaction.deny('order-2')).toMatchObject({ transaction_status: 'deny' });
  });

  it('refunds, also directly, and learns why it cannot', async () => {
    await core().charge({ payment_type: 'gopay', ...details('order-1') });
    expect(await refusal(core().transaction.refund('order-1', { amount: 1_000 }))).toBe('412');
    await kit().act('order-1', 'pay');
    expect(await core().transaction.refund('order-1', { refund_key: 'a', amount: 40_000 })).toMatchObject({
      refund_amount: '40000.00',
    });
    expect(await refusal(core().transaction.refund('order-1', { refund_key: 'a', amount: 1_000 }))).toBe('406');
    expect(await refusal(core().transaction.refund('order-1', { amount: 60_001 }))).toBe('414');
    expect(await core().transaction.refundDirect('order-1', { refund_key: 'b', amount: 60_000 })).toMatchObject({
      transaction_status: 'refund',
    });
    expect(await core().transaction.statusb2b('order-1')).toMatchObject({ status_code: '200', has_next: false });
  });

  it('hears of validation errors as a number, since HTTP says 400', async () => {
    expect(await refusal(core().charge({ payment_type: 'gopay', ...details('order-1', 0) }))).toBe(400);
  });

  it('handles a notification by asking for its transaction', async () => {
    await core().charge(bca('order-1'));
    await kit().act('order-1', 'pay');
    const [, settled] = await kit().merchant.first(2);
    expect(await core().transaction.notification(settled?.body ?? {})).toMatchObject({
      order_id: 'order-1',
      transaction_status: 'settlement',
    });
  });

  it('makes Snap transactions', async () => {
    expect(await snap().createTransaction(details('order-1'))).toEqual({
      token: expect.any(String),
      redirect_url: expect.any(String),
    });
    expect(await snap().createTransactionRedirectUrl(details('order-1'))).toMatch(/\/snap\/v3\/redirection\//);
    expect(await refusal(snap().createTransaction({}))).toBe(400);
  });

  it('registers cards and asks for points', async () => {
    const registered = await core().cardRegister({
      client_key: kit().simulator.clientKey,
      card_number: '4811111111111114',
      card_exp_month: '12',
      card_exp_year: '2039',
    });
    expect(registered['saved_token_id']).toMatch(/^48111111/);
    expect(await core().cardPointInquiry(String(registered['saved_token_id']))).toMatchObject({ status_code: '200' });
  });

  it('links a GoPay account and lets it go', async () => {
    const partner = { phone_number: '81234567891', country_code: '62', redirect_url: 'https://shop.example/' };
    const { account_id } = await core().linkPaymentAccount({ payment_type: 'gopay', gopay_partner: partner });
    const id = String(account_id);
    expect(await refusal(core().unlinkPaymentAccount(id))).toBe('412');
    await kit().control('POST', `/accounts/${id}/activate`);
    expect(await core().getPaymentAccount(id)).toMatchObject({ account_status: 'ENABLED' });
    expect(await core().unlinkPaymentAccount(id)).toMatchObject({ account_status: 'DISABLED' });
    expect(await refusal(core().getPaymentAccount('unknown'))).toBe('404');
  });

  it('subscribes', async () => {
    const registered = await core().cardRegister({
      client_key: kit().simulator.clientKey,
      card_number: '4811111111111114',
      card_exp_month: '12',
      card_exp_year: '2039',
    });
    const subscription = await core().createSubscription({
      name: 'MONTHLY',
      amount: '14000',
      currency: 'IDR',
      payment_type: 'credit_card',
      token: registered['saved_token_id'],
      schedule: { interval: 1, interval_unit: 'month', max_interval: 12 },
    });
    const id = String(subscription['id']);
    expect(await core().getSubscription(id)).toMatchObject({ status: 'active' });
    expect(await core().disableSubscription(id)).toEqual({ status_message: 'Subscription is updated.' });
    expect(await refusal(core().getSubscription('unknown'))).toBe(404);
  });
});
