import { describe, expect, it } from '@jest/globals';
import { accountSignatureKey } from '../../simulator/transactions/signature.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const link = (phone = '81234567891') =>
  kit().post('/v2/pay/account', {
    payment_type: 'gopay',
    gopay_partner: { phone_number: phone, country_code: '62', redirect_url: 'https://shop.example/' },
  });

const linked = async (): Promise<string> => {
  const id = String((await link()).body['account_id']);
  await kit().control('POST', `/accounts/${id}/activate`);
  return id;
};

const paymentOptions = async (id: string): Promise<{ name: string; token: string }[]> => {
  const { metadata } = (await kit().api('GET', `/v2/pay/account/${id}`)).body;
  return (metadata as { payment_options: { name: string; token: string }[] }).payment_options;
};

const chargeLinked = async (id: string, amount: number, rest: Record<string, unknown> = {}) => {
  const [wallet] = await paymentOptions(id);
  return kit().charge('gopay', 'order-1', amount, {
    gopay: { account_id: id, payment_option_token: wallet?.token, callback_url: 'https://shop.example/', ...rest },
  });
};

describe('linking a GoPay account', () => {
  it('waits for the customer, then shows what can be paid with, and is told', async () => {
    const { body } = await link();
    expect(body).toMatchObject({ status_code: '201', account_status: 'PENDING' });
    const id = String(body['account_id']);
    expect((body['actions'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'activation-link-url',
      'activation-link-app',
      'activation-deeplink',
    ]);
    expect(await (await kit().browse(`/gopay/accounts/${id}/link`)).text()).toContain('+6281234567891');
    await kit().browse(`/gopay/accounts/${id}/link`, {});
    expect((await kit().api('GET', `/v2/pay/account/${id}`)).body).toMatchObject({
      status_code: '200',
      account_status: 'ENABLED',
    });
    const [notified] = await kit().merchant.first(1);
    expect(notified?.body).toEqual({
      account_id: id,
      merchant_id: 'G000000000',
      payment_type: 'gopay',
      signature_key: accountSignatureKey(id, 'ENABLED', '200', kit().simulator.serverKey),
      status_code: '200',
      account_status: 'ENABLED',
      status_message: 'Midtrans account_linked notification',
    });
  });

  it.each([
    ['123450001', 'User Not Found'],
    ['123450002', 'Wallet is Blocked'],
  ])('of %s is refused: %s', async (phone, message) => {
    const { http, body } = await link(phone);
    expect(http).toBe(200);
    expect(body).toMatchObject({ status_code: '202', channel_response_message: message });
  });

  it('of a phone that is none is not taken for a word of the language', async () => {
    expect((await link('toString')).body).toMatchObject({ status_code: '201', account_status: 'PENDING' });
  });

  it('can be undone, once', async () => {
    const pending = String((await link()).body['account_id']);
    expect((await kit().post(`/v2/pay/account/${pending}/unbind`)).body['status_code']).toBe('412');
    const id = await linked();
    expect((await kit().post(`/v2/pay/account/${id}/unbind`)).body).toMatchObject({
      status_code: '204',
      account_status: 'DISABLED',
      channel_response_code: '0',
    });
    expect((await kit().post(`/v2/pay/account/${id}/unbind`)).body['status_code']).toBe('202');
    expect((await kit().api('GET', `/v2/pay/account/${id}`)).body).toMatchObject({
      status_code: '204',
      account_status: 'DISABLED',
    });
    expect((await kit().api('GET', '/v2/pay/account/unknown')).body['status_code']).toBe('404');
  });
});

describe('a charge on a linked account', () => {
  it('of a small amount is paid at once', async () => {
    expect(await chargeLinked(await linked(), 50_000)).toMatchObject({
      status_code: '200',
      status_message: 'Success, GoPay transaction is successful',
      transaction_status: 'settlement',
      payment_option_type: 'GOPAY_WALLET',
    });
  });

  it('of a large amount wants the PIN within five minutes, and expires after fifteen', async () => {
    const charged = await chargeLinked(await linked(), 150_000);
    expect(charged).toMatchObject({
      status_code: '201',
      status_message: 'GoPay transaction is created. Action(s) required',
      transaction_status: 'pending',
    });
    expect((charged['actions'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'verification-link-url',
      'verification-link-app',
    ]);
    const page = new URL((charged['actions'] as { url: string }[])[0]?.url ?? '').pathname;
    expect((await kit().browse(page)).status).toBe(200);
    await kit().advance(301);
    const pages = [
      await kit().browse(page),
      await kit().browse(`/pay/${String(charged['transaction_id'])}`, { do: 'pay' }),
    ];
    expect(pages.map(({ status }) => status)).toEqual([410, 410]);
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await kit().advance(600);
    expect((await kit().status('order-1'))['transaction_status']).toBe('expire');
    const [, , expired] = await kit().merchant.first(3);
    expect(expired?.body).toMatchObject({ transaction_status: 'expire', payment_option_type: 'GOPAY_WALLET' });
  });

  it('expires when the merchant wants it to', async () => {
    const id = await linked();
    const [wallet] = await paymentOptions(id);
    await kit().charge('gopay', 'order-1', 150_000, {
      gopay: { account_id: id, payment_option_token: wallet?.token },
      custom_expiry: { expiry_duration: 30, unit: 'minute' },
    });
    await kit().advance(29 * 60);
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await kit().advance(61);
    expect((await kit().status('order-1'))['transaction_status']).toBe('expire');
  });

  it('stays pending when the customer refuses in the app, and the shop is told by the way back only', async () => {
    const { transaction_id: id } = await chargeLinked(await linked(), 150_000);
    await kit().browse(`/pay/${String(id)}`, { do: 'deny' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await kit().browse(`/pay/${String(id)}`, { do: 'pay' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('settlement');
  });

  it('can be made with what is saved, and with promotions', async () => {
    const id = await linked();
    const options = await paymentOptions(id);
    expect(options.map(({ name }) => name)).toEqual(['GOPAY_WALLET', 'PAY_LATER', 'GOPAY_SAVINGS']);
    const charge = (rest: Record<string, unknown>) =>
      kit().charge('gopay', 'order-1', 50_000, {
        gopay: { account_id: id, payment_option_token: options[2]?.token, ...rest },
      });
    expect((await charge({ promotion_ids: 'one' }))['validation_messages']).toEqual([
      'gopay.promotion_ids must be an array',
    ]);
    expect(await charge({ promotion_ids: ['one'] })).toMatchObject({
      status_code: '200',
      payment_option_type: 'GOPAY_SAVINGS',
    });
  });

  it('that recurs wants no PIN', async () => {
    expect(await chargeLinked(await linked(), 150_000, { recurring: true })).toMatchObject({ status_code: '200' });
  });

  it('of more than there is, is denied', async () => {
    expect(await chargeLinked(await linked(), 2_000_001)).toMatchObject({
      status_code: '202',
      status_message: 'GoPay transaction is denied',
      transaction_status: 'deny',
      channel_response_code: '201',
      channel_response_message: 'Insufficient Balance',
    });
  });

  it('can hold the money first', async () => {
    const held = await chargeLinked(await linked(), 50_000, { pre_auth: true });
    expect(held).toMatchObject({ status_code: '200', transaction_status: 'authorize' });
    const captured = await kit().post('/v2/capture', { transaction_id: held['transaction_id'] });
    expect(captured.body).toMatchObject({ status_code: '200', transaction_status: 'capture' });
  });

  it('with a token of another account is refused', async () => {
    const [mine, other] = [await linked(), await linked()];
    const [option] = await paymentOptions(other);
    const charged = await kit().charge('gopay', 'order-1', 50_000, {
      gopay: { account_id: mine, payment_option_token: option?.token },
    });
    expect(charged['status_code']).toBe('411');
  });
});
