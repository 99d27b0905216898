import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/domain/json.js';
import { loopbackMidtrans, silence, type LoopbackMidtrans } from '../midtrans/loopback-midtrans.js';
import { callerAs, codesOf, fieldsOf, send, type Answered, type Caller } from '../../service/caller.js';
import { serviceFor, tokenOf, type ServiceUnderTest } from '../../service/start-service.js';
import { bcaTransfer } from './payment-bodies.js';

const number = '4811111111111114';

let midtrans: LoopbackMidtrans;
let service: ServiceUnderTest;
let buyer: Caller;

beforeAll(async () => {
  midtrans = await loopbackMidtrans(silence);
  service = await serviceFor(midtrans.url);
  buyer = await callerAs(service.url, 'buyer');
});

afterAll(async () => {
  await midtrans.stop();
  await service.close();
});

const expectRefused = (answer: Answered, field: string | null): void => {
  expect([answer.status, codesOf(answer), fieldsOf(answer)]).toEqual([422, ['card_number_refused'], [field]]);
  expect(answer.text).not.toContain(number.slice(4, 12));
  expect(service.journal.text()).not.toContain(number.slice(4, 12));
  expect(midtrans.received).toEqual([]);
};

describe('a raw card number', () => {
  it.each<readonly [string, JsonObject, string | null]>([
    ['a text', { metadata: { note: `my card is ${number}` } }, 'metadata.note'],
    ['groups', { customer_details: { first_name: '4811 1111 1111 1114' } }, 'customer_details.first_name'],
    ['a number', { metadata: { card: Number(number) } }, 'metadata.card'],
    ['the place of a token', { payment_type: 'credit_card', payment_details: { token_id: number } }, 'payment_details.token_id'],
    ['a field that nobody knows', { card_number: number }, 'card_number'],
    ["a field's name", { metadata: { [number]: true } }, 'metadata'],
    ['the order id', { order_id: number }, 'order_id'],
    ['a phone', { customer_details: { phone: number } }, 'customer_details.phone'],
  ])('is refused in the body as %s, goes nowhere and is repeated nowhere', async (_what, change, field) => {
    expectRefused(await buyer.post('/payments', { ...bcaTransfer(), ...change }), field);
  }); // prettier-ignore

  it('is refused as a number that is too long for JSON.parse', async () => {
    const text = JSON.stringify(bcaTransfer({ metadata: { n: 0 } })).replace('"n":0', '"n":6212482535178193972');
    expectRefused(await buyer.post('/payments', text), null);
  });

  it('is refused in the query, the path and the headers', async () => {
    expectRefused(await buyer.get(`/payments?order_id=${number}`), 'order_id');
    expectRefused(await buyer.get(`/payments?user_id=4811+1111+1111+1114`), 'user_id');
    expectRefused(await buyer.get(`/payments?${number}=1`), null);
    expectRefused(await buyer.get(`/payments/${number}`), null);
    expectRefused(await buyer.post('/payments', bcaTransfer(), { 'idempotency-key': number }), 'idempotency-key');
  });

  it('is no matter yet for whoever may not do this at all', async () => {
    const operator = await callerAs(service.url, 'operator', 'operator');
    const answer = await operator.post(`/payments?x=${number}`, bcaTransfer());
    expect([answer.status, codesOf(answer)]).toEqual([403, ['forbidden']]);
    expect(service.journal.text()).not.toContain(number.slice(4, 12));
  });

  it('is no name for a request', async () => {
    const answer = await buyer.get('/payments', { 'x-request-id': number });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).not.toBe(number);
  });

  it('is logged nowhere when nobody is known to send it, or a path is unknown', async () => {
    await send(`${service.url}/payments?q=${number}`);
    await send(`${service.url}/cards/${number}`, { headers: { authorization: `Bearer ${await tokenOf('u', 'customer')}` } });
    expect(service.journal.text()).not.toContain(number.slice(4, 12));
  }); // prettier-ignore
});
