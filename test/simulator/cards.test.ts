import { describe, expect, it } from '@jest/globals';
import { isLuhnValid } from '../../simulator/cards/luhn.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const otp = (id: unknown, form: Record<string, string> = { otp: '112233' }) =>
  kit().browse(`/v2/3ds/redirect/${String(id)}`, form);

const statusAfterOtp = async (number: string): Promise<Record<string, unknown>> => {
  const charged = await kit().chargeCard('order-1', { number, authentication: true });
  expect(charged['transaction_status']).toBe('pending');
  await otp(charged['transaction_id']);
  return kit().status('order-1');
};

describe('a card token', () => {
  const token = (query: Record<string, string>) =>
    kit().browse(`/v2/token?${new URLSearchParams({ client_key: kit().simulator.clientKey, ...query }).toString()}`);

  it('is the masked number and the id of the transaction it will pay', async () => {
    const id = await kit().cardToken();
    expect(id).toMatch(/^48111111-1114-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const charged = await kit().charge('credit_card', 'order-1', 100_000, { credit_card: { token_id: id } });
    expect(id).toBe(`48111111-1114-${String(charged['transaction_id'])}`);
  });

  it.each([
    [{ card_number: '4811111111111115' }, 'card_number does not match with luhn algorithm'],
    [{ card_exp_year: '2019' }, 'card_exp_year must be greater than this year'],
    [{ secure: 'true' }, 'unsupported token request parameter(s)'],
  ])('is refused for %j with HTTP 200 and 400 in the body', async (wrong, message) => {
    const response = await token({
      card_number: '4811111111111114',
      card_exp_month: '12',
      card_exp_year: '2039',
      ...wrong,
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status_code: '400', validation_messages: [message] });
  });

  it('may name the amount, a bank token and a callback', async () => {
    const response = await token({
      card_number: '4811111111111114',
      card_exp_month: '12',
      card_exp_year: '2039',
      card_cvv: '123',
      gross_amount: '50000',
      currency: 'IDR',
      bank_one_time_token: '12345678',
      callback: 'shop.tokenCame',
    });
    expect(await response.text()).toMatch(/^shop\.tokenCame\(\{"status_code":"200"/);
  });

  it('without an expiry is refused by name', async () => {
    const response = await token({ card_number: '4811111111111114' });
    expect(await response.json()).toMatchObject({
      validation_messages: ['card_exp_month is required', 'card_exp_year is required'],
    });
  });

  it('needs the client key', async () => {
    expect((await token({ client_key: kit().simulator.serverKey })).status).toBe(401);
  });

  it('pays once', async () => {
    const token_id = await kit().cardToken();
    await kit().charge('credit_card', 'order-1', 100_000, { credit_card: { token_id } });
    const again = await kit().charge('credit_card', 'order-2', 100_000, { credit_card: { token_id } });
    expect(again).toMatchObject({ status_code: '411', status_message: 'Token id is missing, invalid, or timed out' });
  });

  it('is not used up by a charge that was refused', async () => {
    const token_id = await kit().cardToken();
    await kit().charge('credit_card', 'order-1', 1_000, { credit_card: { token_id } });
    const again = await kit().charge('credit_card', 'order-1', 100_000, { credit_card: { token_id } });
    expect(again['status_code']).toBe('200');
  });

  it('is good for ten minutes', async () => {
    const [early, late] = [await kit().cardToken(), await kit().cardToken()];
    await kit().advance(595);
    expect(await kit().charge('credit_card', 'order-1', 100_000, { credit_card: { token_id: early } })).toMatchObject({
      status_code: '200',
    });
    await kit().advance(10);
    expect(await kit().charge('credit_card', 'order-2', 100_000, { credit_card: { token_id: late } })).toMatchObject({
      status_code: '411',
    });
  });
});

describe('a card without 3DS', () => {
  it('is captured with the charge', async () => {
    expect(await kit().chargeCard('order-1', { bank: 'mandiri' })).toMatchObject({
      status_code: '200',
      status_message: 'Success, Credit Card transaction is successful',
      transaction_status: 'capture',
      fraud_status: 'accept',
      masked_card: '48111111-1114',
      card_type: 'credit',
      bank: 'mandiri',
      eci: '07',
      approval_code: expect.stringMatching(/^\d+$/),
      channel_response_code: '00',
      channel_response_message: 'Approved',
    });
  });

  it('at BCA is approved with 0', async () => {
    expect(await kit().chargeCard('order-1', { bank: 'bca' })).toMatchObject({ channel_response_code: '0' });
  });

  it('can be denied by the bank', async () => {
    expect(await kit().chargeCard('order-1', { number: '4911111111111113', bank: 'mandiri' })).toMatchObject({
      status_code: '202',
      status_message: 'Deny by Bank [MANDIRI] with code [05] and message [Do not honour]',
      transaction_status: 'deny',
      fraud_status: 'accept',
      channel_response_code: '05',
    });
  });

  it.each([
    ['denied by the fraud engine', '4611111111111116', 100_000, ['202', 'deny', 'deny']],
    ['challenged', '4511111111111117', 100_000, ['201', 'capture', 'challenge']],
    ['short of funds', '4472429869996670', 100_000, ['202', 'deny', 'accept']],
    ['short of funds above 30,000', '4806000000000081', 30_001, ['202', 'deny', 'accept']],
    ['fine up to 30,000', '4806000000000081', 30_000, ['200', 'capture', 'accept']],
    ['no test card', '4242424242424242', 100_000, ['202', 'deny', 'accept']],
    ['offline only', '4705859510984866', 100_000, ['202', 'deny', 'accept']],
  ])('can be %s', async (_name, number, amount, [code, status, fraud]) => {
    expect(await kit().chargeCard('order-1', { number, amount })).toMatchObject({
      status_code: code,
      transaction_status: status,
      fraud_status: fraud,
    });
  });

  it('is denied when the CVV is wrong', async () => {
    expect(await kit().chargeCard('order-1', { cvv: '999' })).toMatchObject({
      status_code: '202',
      channel_response_code: '82',
    });
  });
});

describe('a card with 3DS', () => {
  it('waits on the page of its bank, and is captured after the right password', async () => {
    const charged = await kit().chargeCard('order-1', { authentication: true });
    expect(charged).toMatchObject({
      status_code: '201',
      transaction_status: 'pending',
      redirect_url: `${kit().simulator.url}/v2/3ds/redirect/${String(charged['transaction_id'])}`,
      three_ds_version: '2',
      masked_card: '48111111-1114',
    });
    await otp(charged['transaction_id']);
    expect(await kit().status('order-1')).toMatchObject({
      status_code: '200',
      transaction_status: 'capture',
      eci: '05',
    });
    await kit().merchant.first(2);
    expect(kit().merchant.statuses()).toEqual(['pending', 'capture']);
  });

  it.each([
    ['Visa, full', '4811111111111114', 'capture', '05'],
    ['Mastercard, full', '5211111111111117', 'capture', '02'],
    ['Visa, attempted', '4411111111111118', 'capture', '06'],
    ['Mastercard, attempted', '5410111111111116', 'capture', '01'],
    ['Visa, denied by the bank', '4911111111111113', 'deny', '05'],
    ['frictionless', '4556557955726624', 'capture', '05'],
    ['frictionless, denied', '4485436455354151', 'deny', '05'],
    ['a card of BCA', '4773776057051650', 'capture', '05'],
  ])('of %s ends as the table of test cards says', async (_name, number, status, eci) => {
    expect(await statusAfterOtp(number)).toMatchObject({ transaction_status: status, eci });
  });

  it('asks three times for the password and then denies', async () => {
    const { transaction_id: id } = await kit().chargeCard('order-1', { authentication: true });
    const wrong = await otp(id, { otp: '000000' });
    expect(await wrong.text()).toContain('2 tries left');
    await otp(id, { otp: '000000' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await otp(id, { otp: '000000' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('deny');
  });

  it('can take its bank a minute', async () => {
    const pondering = await statusAfterOtp('4024007176265022');
    expect(pondering).toMatchObject({ transaction_status: 'pending', challenge_completion: false });
    // The shop's page is told by another name.
    expect('three_ds_challenge_completion' in pondering).toBe(false);
    const page = await kit().browse(`/v2/3ds/redirect/${String(pondering['transaction_id'])}`);
    expect(await page.text()).toContain('&quot;three_ds_challenge_completion&quot;:false');
    await kit().advance(60);
    const decided = await kit().status('order-1');
    expect(decided['transaction_status']).toBe('capture');
    expect('challenge_completion' in decided).toBe(false);
  });

  it('stays pending when the customer leaves the page, and can still be paid', async () => {
    const { transaction_id: id } = await kit().chargeCard('order-1', { authentication: true });
    const left = await (await otp(id, { do: 'abandon' })).text();
    expect(left).toContain('You can still pay');
    expect(left).toContain(`href="/v2/3ds/redirect/${String(id)}"`);
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await otp(id);
    expect((await kit().status('order-1'))['transaction_status']).toBe('capture');
  });

  it('is denied when the bank does not believe its customer', async () => {
    const { transaction_id: id } = await kit().chargeCard('order-1', { authentication: true });
    await otp(id, { do: 'fail' });
    expect((await kit().status('order-1'))['transaction_status']).toBe('deny');
  });

  it('leads back to the shop with success once it is captured', async () => {
    const { transaction_id: id } = await kit().chargeCard('order-1', { authentication: true });
    await otp(id);
    const page = await kit().browse(`/v2/3ds/redirect/${String(id)}?callback_url=https://shop.example/`);
    expect(await page.text()).toContain('https://shop.example/?order_id=order-1&amp;result=success');
  });

  it('expires after ten minutes on the page', async () => {
    await kit().chargeCard('order-1', { authentication: true });
    await kit().advance(601);
    expect(await kit().status('order-1')).toMatchObject({ status_code: '407', transaction_status: 'expire' });
  });

  it('is denied at once when 3DS is not possible', async () => {
    expect(await kit().chargeCard('order-1', { number: '4716125059847899', authentication: true })).toMatchObject({
      status_code: '202',
      transaction_status: 'deny',
    });
  });
});

describe('options of a card', () => {
  it('authorize holds the money for eight days', async () => {
    expect(await kit().chargeCard('order-1', { type: 'authorize' })).toMatchObject({
      status_code: '200',
      transaction_status: 'authorize',
    });
    await kit().advance(7 * 86_400);
    expect((await kit().status('order-1'))['transaction_status']).toBe('authorize');
    await kit().advance(86_400 + 1);
    expect((await kit().status('order-1'))['transaction_status']).toBe('expire');
  });

  it('installment_term is text in the answer and a number in the notification', async () => {
    const charged = await kit().chargeCard('order-1', {
      number: '4105058689481467',
      bank: 'bni',
      installment_term: 12,
    });
    expect(charged['installment_term']).toBe('12');
    const [notified] = await kit().merchant.first(1);
    expect(notified?.body['installment_term']).toBe(12);
  });

  it('save_token_id gives a token that pays again, without a limit of uses', async () => {
    const { saved_token_id: saved } = await kit().chargeCard('order-1', { save_token_id: true });
    expect(saved).toMatch(/^48111111[0-9a-f]{20}1114$/);
    for (const orderId of ['order-2', 'order-3'])
      expect(await kit().charge('credit_card', orderId, 100_000, { credit_card: { token_id: saved } })).toMatchObject({
        status_code: '200',
      });
  });

  it('bins let only the cards through that were named', async () => {
    expect(await kit().chargeCard('order-1', { bins: ['48111111'] })).toMatchObject({ status_code: '200' });
    expect(await kit().chargeCard('order-2', { bins: ['411111', 'bni'] })).toMatchObject({ status_code: '400' });
    expect(await kit().chargeCard('order-3', { bins: ['bni'], number: '4105058689481467' })).toMatchObject({
      status_code: '200',
    });
  });

  it('point_redeem_amount is answered with what is left', async () => {
    expect(await kit().chargeCard('order-1', { point_redeem_amount: 1_000 })).toMatchObject({
      point_redeem_amount: 1_000,
      point_redeem_quantity: 1_000,
      point_balance_amount: '199000.00',
    });
  });

  it.each([
    [10_002, '200'],
    [10_004, '200'],
    [10_001, '202'],
    [10_003, '202'],
    [20_000, '202'],
  ])('Google Pay over %i is answered %s', async (amount, code) => {
    expect(
      await kit().charge('credit_card', 'order-1', amount, { credit_card: { google_pay_token: { x: 1 } } }),
    ).toMatchObject({ status_code: code });
  });

  it('a challenge can be approved, and is dropped by the batch when nobody does', async () => {
    await kit().chargeCard('order-1', { number: '4511111111111117' });
    await kit().chargeCard('order-2', { number: '4511111111111117' });
    expect((await kit().post('/v2/order-1/approve')).body).toMatchObject({
      status_code: '200',
      fraud_status: 'accept',
    });
    await kit().advance(2 * 86_400);
    expect((await kit().status('order-1'))['transaction_status']).toBe('settlement');
    expect((await kit().status('order-2'))['transaction_status']).toBe('cancel');
  });
});

describe('around cards', () => {
  it('a card can be registered without a charge', async () => {
    const query = new URLSearchParams({
      client_key: kit().simulator.clientKey,
      card_number: '4811111111111114',
      card_exp_month: '12',
      card_exp_year: '2039',
    });
    const { saved_token_id: token_id } = (await (
      await kit().browse(`/v2/card/register?${query.toString()}`)
    ).json()) as Record<string, string>;
    expect(await kit().charge('credit_card', 'order-1', 100_000, { credit_card: { token_id } })).toMatchObject({
      status_code: '200',
    });
  });

  it('points are told for a token', async () => {
    const answer = await kit().api('GET', `/v2/point_inquiry/${await kit().cardToken()}`);
    expect(answer.body).toMatchObject({
      status_code: '200',
      point_balance: 200_000,
      point_balance_amount: '200000.00',
    });
  });

  it('BINs of the test cards are known', async () => {
    expect((await kit().api('GET', '/v1/bins/47737760')).body).toEqual({
      data: expect.objectContaining({ bin: '47737760', brand: 'visa', bank_code: 'bca', bin_type: 'credit' }),
    });
    const unknown = await kit().api('GET', '/v1/bins/99999999');
    expect([unknown.http, unknown.body]).toEqual([
      404,
      { errors: [{ message_title: 'not found', message: 'not found' }] },
    ]);
    const stranger = await kit().api('GET', '/v1/bins/47737760', undefined, { authorization: 'Basic eDo=' });
    expect([stranger.http, stranger.text]).toEqual([401, 'Unauthorized']);
  });

  it('no number is kept: tokens, transactions and pages know eight and four digits', async () => {
    await kit().chargeCard('order-1', { authentication: true });
    const everything =
      (await kit().control('GET', '/transactions')).text + (await kit().control('GET', '/notifications')).text;
    expect(everything).not.toContain('4811111111111114');
  });

  it('Luhn finds a wrong digit', () => {
    expect(isLuhnValid('4811111111111114')).toBe(true);
    expect(isLuhnValid('4811111111111141')).toBe(false);
  });
});
