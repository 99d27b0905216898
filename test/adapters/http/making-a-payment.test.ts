import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { PaymentAnswer } from '../../../src/adapters/http/payments/payment-answer.js';
import {
  asText,
  callerAs,
  codesOf,
  eventData,
  dataOf,
  fieldsOf,
  rowsOf,
  send,
  type Caller,
} from '../../service/caller.js';
import { clientKey, serverKey, serviceFor, tokenOf, type ServiceUnderTest } from '../../service/start-service.js';
import { bcaTransfer, customer, freshOrder, items } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;
let buyer: Caller;
let shop: Caller;
let clerk: Caller;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  buyer = await callerAs(service.url, 'buyer');
  shop = await callerAs(service.url, 'shop', 'service');
  clerk = await callerAs(service.url, 'clerk', 'finance');
});

afterAll(async () => {
  await service.close();
  await simulator.close();
});

const cardToken = async (number: string): Promise<string> => {
  const query = new URLSearchParams({ client_key: clientKey, card_number: number, card_cvv: '123', card_exp_month: '12', card_exp_year: '2030' }); // prettier-ignore
  const response = await fetch(`${simulator.url}/v2/token?${query.toString()}`);
  return ((await response.json()) as { token_id: string }).token_id;
};

const body = (type: string, details: JsonObject | null, more: JsonObject = {}): JsonObject => ({
  order_id: freshOrder(),
  payment_type: type,
  gross_amount: 50_000,
  ...(details && { payment_details: details }),
  ...more,
});

describe('making a payment', () => {
  it('answers 201 with the whole payment, what the customer needs to pay, its address and its revision', async () => {
    const asked = bcaTransfer({ customer_details: customer, item_details: items, metadata: { basket: [1, 'two', null] } });
    const answer = await buyer.post('/payments', asked);
    expect(answer.status).toBe(201);
    const payment = PaymentAnswer.parse(answer.body);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.headers.get('location')).toBe(`/payments/${payment.id}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { id, transaction_id, payment_details, created_at, updated_at, expires_at, ...rest } = payment;
    expect(rest).toEqual({
      order_id: asked['order_id'],
      user_id: 'buyer',
      payment_type: 'bank_transfer',
      status: 'pending',
      fraud_status: 'accept',
      paid: false,
      in_doubt: false,
      gross_amount: 50_000,
      currency: 'IDR',
      captured_amount: 0,
      refunded_amount: 0,
      refundable_amount: 0,
      customer_details: customer,
      item_details: items,
      metadata: { basket: [1, 'two', null] },
      paid_at: null,
      settled_at: null,
      revision: 1,
    });
    expect(payment_details).toEqual({ bank: 'bca', va_numbers: [{ bank: 'bca', va_number: expect.stringMatching(/^\d+$/) }] });
    expect(typeof transaction_id).toBe('string');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    expect(Date.parse(updated_at)).toBeGreaterThanOrEqual(Date.parse(created_at));
    expect(Date.parse(expires_at ?? '')).toBeGreaterThan(Date.parse(created_at));
  }); // prettier-ignore

  it('answers 200 with the same payment when the same request comes again, whatever the order of its fields', async () => {
    const asked = bcaTransfer({ customer_details: { first_name: 'Budi', phone: '0811' } });
    const first = await buyer.post('/payments', asked);
    const again = await buyer.post('/payments', Object.fromEntries(Object.entries(asked).toReversed()));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });

  it('refuses another request, or another user, under the same order id', async () => {
    const asked = bcaTransfer();
    await buyer.post('/payments', asked);
    const other = await buyer.post('/payments', { ...asked, gross_amount: 60_000 });
    const stranger = await (await callerAs(service.url, 'stranger')).post('/payments', asked);
    expect([other.status, codesOf(other)]).toEqual([409, ['order_id_taken']]);
    expect([stranger.status, codesOf(stranger)]).toEqual([409, ['order_id_taken']]);
  });

  it('makes it for the user whom a service names, and for nobody else in the name of a customer', async () => {
    const made = await shop.post('/payments', bcaTransfer({ user_id: 'buyer' }));
    expect([made.status, made.body['user_id']]).toEqual([201, 'buyer']);
    const seen = await buyer.get(`/payments/${asText(made.body['id'])}`);
    expect(seen.status).toBe(200);
    const refused = await buyer.post('/payments', bcaTransfer({ user_id: 'somebody' }));
    expect([refused.status, codesOf(refused)]).toEqual([403, ['forbidden']]);
  });

  it('answers 201 with status deny when Midtrans denies the charge', async () => {
    const token = await cardToken('4911111111111113');
    const answer = await buyer.post('/payments', body('credit_card', { token_id: token, authentication: false }));
    expect([answer.status, answer.body['status'], answer.body['paid']]).toEqual([201, 'deny', false]);
  });

  it('answers 201 with the capture of a card, and never shows or stores its token', async () => {
    const token = await cardToken('4811111111111114');
    const answer = await buyer.post('/payments', body('credit_card', { token_id: token, authentication: false }));
    expect([answer.status, answer.body['status'], answer.body['paid']]).toEqual([201, 'capture', true]);
    expect(answer.text).not.toContain(token);
    const events = await clerk.get(`/payments/${asText(answer.body['id'])}/events`);
    expect(events.text).not.toContain(token);
    expect(service.journal.text()).not.toContain(token);
  });

  const googlePay = { protocolVersion: 'ECv2', signature: 'MEQ=', signedMessage: '{}' };
  const callback = { callback_url: 'shop://paid' };
  const methods: readonly (readonly [name: string, provider: string, body: () => JsonObject])[] = [
    ['a BCA account', 'bca', () => body('bank_transfer', { bank: 'bca', va_number: '111111', sub_company_code: '00000', free_text: { inquiry: [{ id: 'satu', en: 'one' }] } })],
    ['a BNI account', 'bni', () => body('bank_transfer', { bank: 'bni' })],
    ['a BRI account', 'bri', () => body('bank_transfer', { bank: 'bri' })],
    ['a CIMB account', 'cimb', () => body('bank_transfer', { bank: 'cimb' }, { expiry: { duration: 2, unit: 'hour' } })],
    ['a Permata account', 'permata', () => body('bank_transfer', { bank: 'permata', recipient_name: 'BUDI' })],
    ['a Mandiri bill', 'mandiri', () => body('echannel', { bill_info1: 'Payment:', bill_info2: 'Books' })],
    ['GoPay', 'gopay', () => body('gopay', { enable_callback: true, callback_url: 'someapps://callback' })],
    ['GoPay without details', 'gopay', () => body('gopay', null)],
    ['QRIS', 'qris', () => body('qris', null, { expiry: { duration: 7, unit: 'day' } })],
    ['ShopeePay', 'shopeepay', () => body('shopeepay', callback)],
    ['OVO', 'ovo', () => body('ovo', { payer_phone_number: '081111111111' })],
    ['OVO with the phone of the customer', 'ovo', () => body('ovo', null, { customer_details: { phone: '081111111111' } })],
    ['DANA', 'dana', () => body('dana', callback, { expiry: { duration: 1, unit: 'day' } })],
    ['Indomaret', 'indomaret', () => body('cstore', { store: 'indomaret', message: 'Books' })],
    ['Alfamart', 'alfamart', () => body('cstore', { store: 'alfamart', alfamart_free_text_1: 'Books' })],
    ['Akulaku', 'akulaku', () => body('akulaku', null, { customer_details: customer, item_details: items })],
    ['Kredivo', 'kredivo', () => body('kredivo', null, { customer_details: customer, item_details: items })],
    ['BCA KlikPay', 'bca_klikpay', () => body('bca_klikpay', { description: 'Books', misc_fee: 0 })],
    ['KlikBCA', 'bca_klikbca', () => body('bca_klikbca', { description: 'Books', user_id: 'KLIKBCA01' })],
    ['CIMB Clicks', 'cimb_clicks', () => body('cimb_clicks', { description: 'Books' })],
    ['Danamon Online', 'danamon_online', () => body('danamon_online', null)],
    ['BRImo', 'bri_epay', () => body('bri_epay', {})],
    ['UOB EZ Pay', 'uob_ezpay', () => body('uob_ezpay', { callback_url: 'https://shop.example/paid' })],
    ['Google Pay', 'google_pay', () => body('credit_card', { google_pay_token: googlePay }, { gross_amount: 10_002 })],
    ['the hosted page', 'snap', () => body('snap', { enabled_payments: ['bca_va', 'gopay'], page_expiry: { duration: 30, unit: 'minute' } })],
  ]; // prettier-ignore

  it.each(methods)('is possible with %s', async (_name, provider, make) => {
    const answer = await buyer.post('/payments', make());
    expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('"id"')]);
    expect(() => PaymentAnswer.parse(answer.body)).not.toThrow();
    const [initiated] = rowsOf(await buyer.get(`/payments/${asText(answer.body['id'])}/events`));
    expect(eventData(initiated)['provider']).toBe(provider);
  });

  it('shows the token of a hosted page to its owner, in the payment but not among the events', async () => {
    const answer = await buyer.post('/payments', body('snap', null));
    const details = answer.body['payment_details'] as JsonObject;
    expect(details['snap_token']).toMatch(/^[0-9a-f-]{36}$/);
    const events = await buyer.get(`/payments/${asText(answer.body['id'])}/events`);
    expect(events.text).not.toContain('"snap_token"');
    expect(events.text).not.toContain(asText(details['snap_token']));
  });
});

describe('a payment that cannot be made as asked', () => {
  const rows: readonly (readonly [what: string, change: JsonObject, fields: readonly string[]])[] = [
    ['an order id with a space', { order_id: 'a b' }, ['order_id']],
    ['an order id of 51 characters', { order_id: 'x'.repeat(51) }, ['order_id']],
    ['a fraction of a rupiah', { gross_amount: 1.5 }, ['gross_amount']],
    ['no amount at all', { gross_amount: 0 }, ['gross_amount']],
    ['an amount as text', { gross_amount: '50000' }, ['gross_amount']],
    ['an unknown payment type', { payment_type: 'cash' }, ['payment_type']],
    ['an unknown field', { colour: 'red' }, ['colour']],
    ['an unknown field inside', { payment_details: { bank: 'bca', colour: 'red' } }, ['payment_details.colour']],
    ['an unknown bank', { payment_details: { bank: 'bcx' } }, ['payment_details.bank']],
    ['the company code of another bank', { payment_details: { bank: 'bni', sub_company_code: '1' } }, ['payment_details.sub_company_code']],
    ['letters in an account number', { payment_details: { bank: 'bca', va_number: '12a' } }, ['payment_details.va_number']],
    ['no details where they are needed', { payment_type: 'cstore', payment_details: { message: 'x' } }, ['payment_details.store']],
    ['an e-mail address that is none', { customer_details: { email: 'budi' } }, ['customer_details.email']],
    ['a first name of 256 characters', { customer_details: { first_name: 'x'.repeat(256) } }, ['customer_details.first_name']],
    ['a first name too long for BCA', { customer_details: { first_name: 'x'.repeat(31) } }, ['customer_details.first_name']],
    ['a phone that BNI refuses', { payment_details: { bank: 'bni' }, customer_details: { phone: '811' } }, ['customer_details.phone']],
    ['a city of 101 characters', { customer_details: { billing_address: { city: 'x'.repeat(101) } } }, ['customer_details.billing_address.city']],
    ['a control character', { customer_details: { last_name: 'a\u0007' } }, ['customer_details.last_name']],
    ['items that do not add up', { item_details: [{ id: 'a', name: 'Book', price: 1, quantity: 1 }] }, ['item_details']],
    ['an item without a name', { item_details: [{ id: 'a', price: 50_000, quantity: 1 }] }, ['item_details.0.name']],
    ['an item name of 51 characters', { item_details: [{ id: 'a', name: 'x'.repeat(51), price: 50_000, quantity: 1 }] }, ['item_details.0.name']],
    ['an expiry that is too short', { payment_type: 'dana', payment_details: {}, expiry: { duration: 14, unit: 'minute' } }, ['expiry']],
    ['an expiry that is too long', { expiry: { duration: 181, unit: 'day' } }, ['expiry']],
    ['an expiry in weeks', { expiry: { duration: 1, unit: 'week' } }, ['expiry.unit']],
    ['an expiry of a card', { payment_type: 'credit_card', payment_details: { token_id: 'x' }, expiry: { duration: 1, unit: 'day' } }, ['expiry']],
    ['an expiry of OVO', { payment_type: 'ovo', payment_details: { payer_phone_number: '0811' }, expiry: { duration: 1, unit: 'day' } }, ['expiry']],
    ['an expiry of BRImo', { payment_type: 'bri_epay', payment_details: {}, expiry: { duration: 1, unit: 'day' } }, ['expiry']],
    ['a page that ends too late', { payment_type: 'snap', payment_details: { page_expiry: { duration: 8, unit: 'day' } } }, ['payment_details.page_expiry']],
    ['a card without a token', { payment_type: 'credit_card', payment_details: {} }, ['payment_details.token_id']],
    ['a card with two tokens', { payment_type: 'credit_card', payment_details: { token_id: 'x', google_pay_token: {} } }, ['payment_details.token_id']],
    ['OVO without a phone', { payment_type: 'ovo', payment_details: {} }, ['payment_details.payer_phone_number']],
    ['a linked account without its token', { payment_type: 'gopay', payment_details: { account_id: 'x' } }, ['payment_details.payment_option_token']],
    ['Akulaku without items and customer', { payment_type: 'akulaku', payment_details: {} }, ['customer_details', 'item_details']],
    ['Kredivo with an item twice', { payment_type: 'kredivo', payment_details: {}, customer_details: customer, item_details: [{ id: 'a', name: 'A', price: 25_000, quantity: 1 }, { id: 'a', name: 'A', price: 25_000, quantity: 1 }] }, ['item_details']],
    ['an expiry of QRIS that is too long for ShopeePay', { payment_type: 'qris', payment_details: { acquirer: 'airpay shopee' }, expiry: { duration: 6, unit: 'day' } }, ['expiry']],
    ['an expiry of QRIS that is too long', { payment_type: 'qris', payment_details: {}, expiry: { duration: 8, unit: 'day' } }, ['expiry']],
    ['metadata that is no object', { metadata: ['x'] }, ['metadata']],
    ['metadata with a number that JSON does not keep', { metadata: { n: 2 ** 60 } }, ['metadata']],
    ['several things at once', { gross_amount: -1, colour: 'red' }, ['gross_amount', 'colour']],
  ]; // prettier-ignore

  it.each(rows)('is 400 for %s', async (_what, change, fields) => {
    const answer = await buyer.post('/payments', { ...bcaTransfer(), ...change });
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect(codesOf(answer)).toEqual(fields.map(() => 'invalid_request'));
  });

  it('is 422 for an amount that the method does not take, with its bounds', async () => {
    const answer = await buyer.post('/payments', bcaTransfer({ gross_amount: 9_999 }));
    expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['amount_out_of_range'], ['gross_amount']]);
    expect(dataOf(answer)).toEqual({ min: 10_000, max: 20_000_000_000 });
  }); // prettier-ignore

  it('is 413 when it would be more than Midtrans takes, and when the body itself is too large', async () => {
    const much = await buyer.post('/payments', bcaTransfer({ metadata: { note: 'x'.repeat(16_000) } }));
    const tooMuch = await buyer.post('/payments', bcaTransfer({ metadata: { note: 'x'.repeat(70_000) } }));
    expect([much.status, codesOf(much)]).toEqual([413, ['body_too_large']]);
    expect([tooMuch.status, codesOf(tooMuch)]).toEqual([413, ['body_too_large']]);
  });

  it('is 415 when it is not JSON, and 400 when it is malformed', async () => {
    const form = await buyer.post('/payments', 'order_id=1', { 'content-type': 'application/x-www-form-urlencoded' });
    const broken = await buyer.post('/payments', '{"order_id":');
    const list = await buyer.post('/payments', '[]');
    expect([form.status, codesOf(form)]).toEqual([415, ['unsupported_media_type']]);
    expect([broken.status, codesOf(broken)]).toEqual([400, ['invalid_request']]);
    expect([list.status, codesOf(list)]).toEqual([400, ['invalid_request']]);
  });

  it('is 400 when it is nested without end', async () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const answer = await buyer.post('/payments', deep);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['invalid_request']]);
  });

  it.each([
    ['half of a surrogate pair as text', { note: 'x\ud800' }, 'metadata.note', 'metadata.note must be well-formed Unicode; half of a surrogate pair stands alone in it'],
    ['such text deep inside', { list: [{ a: '\udc00\ud800' }] }, 'metadata.list.0.a', 'metadata.list.0.a must be well-formed Unicode; half of a surrogate pair stands alone in it'],
    ['two names that a store would make one', { '\ud800': 1, '\udc00': 2 }, 'metadata', 'metadata has a field whose name is not well-formed Unicode'],
  ])('is 400 for %s, which no store gives back as it came', async (_what, metadata, field, message) => {
    const answer = await buyer.post('/payments', bcaTransfer({ metadata }));
    expect([answer.status, answer.body['errors']]).toEqual([400, [{ field, code: 'invalid_request', message }]]);
  }); // prettier-ignore

  it.each([
    ['a number too large for JSON.parse', '{"n":1e400}', 'metadata.n', 'metadata.n is a number too large to be kept'],
    ['a name that would get lost', '{"__proto__":{"a":1}}', 'metadata', 'metadata has a field with the name __proto__, which is not taken'],
  ])('is 400 for %s, however it is written', async (_what, metadata, field, message) => {
    const text = JSON.stringify(bcaTransfer({ metadata: {} })).replace('"metadata":{}', `"metadata":${metadata}`);
    const answer = await buyer.post('/payments', text);
    expect([answer.status, answer.body['errors']]).toEqual([400, [{ field, code: 'invalid_request', message }]]);
  }); // prettier-ignore

  it('is 400 when its bytes are not UTF-8, and nobody puts other letters in their place', async () => {
    const headers = {
      authorization: `Bearer ${await tokenOf('buyer', 'customer')}`,
      'content-type': 'application/json',
    };
    const text = JSON.stringify(bcaTransfer({ metadata: { note: 'caf\u00e9' } }));
    const answer = await send(`${service.url}/payments`, {
      method: 'POST',
      headers,
      body: Buffer.from(text, 'latin1'),
    });
    expect([answer.status, answer.body['message']]).toEqual([400, 'The body is not UTF-8']);
  });

  it('is taken with whatever is Unicode', async () => {
    const metadata = { 'na\u00efve \u{1f600}': '\u{1f4b8} \ufffd \u0000' };
    const answer = await buyer.post('/payments', bcaTransfer({ metadata }));
    expect([answer.status, answer.body['metadata']]).toEqual([201, metadata]);
  });

  it('leaves nothing behind: no order id is used up by a bad request', async () => {
    const asked = bcaTransfer();
    await buyer.post('/payments', { ...asked, colour: 'red' });
    const answer = await buyer.post('/payments', asked);
    expect(answer.status).toBe(201);
  });
});
