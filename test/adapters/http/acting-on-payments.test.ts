import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { PaymentAnswer } from '../../../src/adapters/http/payments/payment-answer.js';
import { RefundAnswer } from '../../../src/adapters/http/refunds/refund-schemas.js';
import type { JsonObject } from '../../../src/domain/json.js';
import {
  asText,
  callerAs,
  codesOf,
  eventData,
  dataOf,
  fieldsOf,
  rowsOf,
  type Answered,
  type Caller,
} from '../../service/caller.js';
import { clientKey, serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { bcaTransfer, freshOrder } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;
let buyer: Caller;
let support: Caller;
let finance: Caller;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  buyer = await callerAs(service.url, 'buyer');
  support = await callerAs(service.url, 'helper', 'support');
  finance = await callerAs(service.url, 'clerk', 'finance');
});

afterAll(async () => {
  await service.close();
  await simulator.close();
});

const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;
const pathOf = ({ id }: JsonObject): string => `/payments/${asText(id)}`;
const hand = (payment: JsonObject, does: string) =>
  fetch(`${simulator.url}/_simulator/transactions/${asText(payment['order_id'])}/${does}`, { method: 'POST' });

const pendingTransfer = async (): Promise<JsonObject> => (await buyer.post('/payments', bcaTransfer())).body;

const card = async (more: JsonObject = {}, number = '4811111111111114'): Promise<JsonObject> => {
  const query = new URLSearchParams({ client_key: clientKey, card_number: number, card_cvv: '123', card_exp_month: '12', card_exp_year: '2030' }); // prettier-ignore
  const token = (await (await fetch(`${simulator.url}/v2/token?${query.toString()}`)).json()) as { token_id: string };
  const details = { token_id: token.token_id, authentication: false, ...more };
  return (await buyer.post('/payments', { order_id: freshOrder(), payment_type: 'credit_card', gross_amount: 50_000, payment_details: details })).body;
}; // prettier-ignore

const settledGopay = async (): Promise<JsonObject> => {
  const { body } = await buyer.post('/payments', { order_id: freshOrder(), payment_type: 'gopay', gross_amount: 50_000 });
  await hand(body, 'pay');
  return (await support.post(`${pathOf(body)}/sync`)).body;
}; // prettier-ignore

describe('acting on a payment', () => {
  it('cancels a pending one for its own customer, with the reason on record', async () => {
    const payment = await pendingTransfer();
    const answer = await buyer.post(`${pathOf(payment)}/cancel`, { reason: 'changed my mind' });
    expect([answer.status, PaymentAnswer.parse(answer.body).status]).toEqual([200, 'cancel']);
    const events = rowsOf(await buyer.get(`${pathOf(payment)}/events`));
    const wish = events.find(({ type }) => type === 'CancelRequested');
    expect(eventData(wish)['reason']).toBe('changed my mind');
  });

  it('does not cancel a captured one for its customer, but for staff', async () => {
    const payment = await card();
    const refused = await buyer.post(`${pathOf(payment)}/cancel`);
    expect([...is(refused), dataOf(refused)]).toEqual([409, ['invalid_transaction_status'], { status: 'capture' }]);
    const answer = await support.post(`${pathOf(payment)}/cancel`);
    expect([answer.status, answer.body['status']]).toEqual([200, 'cancel']);
  });

  it('lets a pending one expire', async () => {
    const answer = await support.post(`${pathOf(await pendingTransfer())}/expire`, {});
    expect([answer.status, answer.body['status']]).toEqual([200, 'expire']);
  });

  it('captures what was authorized, or less', async () => {
    const whole = await card({ type: 'authorize' });
    expect(whole['status']).toBe('authorize');
    const captured = await finance.post(`${pathOf(whole)}/capture`);
    expect([captured.status, captured.body['captured_amount']]).toEqual([200, 50_000]);
    const part = await finance.post(`${pathOf(await card({ type: 'authorize' }))}/capture`, { amount: 20_000 });
    expect([part.status, part.body['status'], part.body['captured_amount']]).toEqual([200, 'capture', 20_000]);
  });

  it('captures no more than was authorized', async () => {
    const answer = await finance.post(`${pathOf(await card({ type: 'authorize' }))}/capture`, { amount: 50_001 });
    expect([...is(answer), dataOf(answer)]).toEqual([422, ['amount_out_of_range'], { authorized_amount: 50_000 }]);
  });

  it.each([
    ['approve', 'capture'],
    ['deny', 'deny'],
  ])('may %s a challenged card', async (word, status) => {
    const payment = await card({}, '4511111111111117');
    expect([payment['status'], payment['fraud_status'], payment['paid']]).toEqual(['capture', 'challenge', false]);
    const answer = await finance.post(`${pathOf(payment)}/${word}`);
    expect([answer.status, answer.body['status']]).toEqual([200, status]);
  });

  it.each(['capture', 'approve', 'deny'])('is 409 where the status does not allow it: %s', async (word) => {
    const answer = await finance.post(`${pathOf(await pendingTransfer())}/${word}`);
    expect([...is(answer), dataOf(answer)]).toEqual([409, ['invalid_transaction_status'], { status: 'pending' }]);
  });

  it('finds out with sync what no notification has told', async () => {
    const payment = await pendingTransfer();
    await hand(payment, 'pay');
    const answer = await support.post(`${pathOf(payment)}/sync`, {});
    expect([answer.status, answer.body['status'], answer.body['paid']]).toEqual([200, 'settlement', true]);
  });

  it.each(['cancel', 'expire', 'sync', 'capture', 'approve', 'deny', 'refunds'])(
    'is 404 before anything is said about the body: %s',
    async (word) => {
      const answer = await finance.post(`/payments/3eda3150-e9ce-5455-bb11-10a3ab4c4832/${word}`, '{"broken');
      expect(is(answer)).toEqual([404, ['not_found']]);
    },
  );

  it.each([
    ['cancel', { colour: 'red' }, 'colour'],
    ['cancel', { reason: 7 }, 'reason'],
    ['cancel', { amount: 7 }, 'amount'],
    ['capture', { amount: 0 }, 'amount'],
    ['sync', { amount: 7 }, 'amount'],
  ])('is 400 for a bad body: %s %j', async (word, body, field) => {
    const answer = await finance.post(`${pathOf(await pendingTransfer())}/${word}`, body);
    expect([...is(answer), fieldsOf(answer)]).toEqual([400, ['invalid_request'], [field]]);
  });
});

describe('refunding a payment', () => {
  it('answers 201 with the refund, which then stands in the list and in the amounts', async () => {
    const payment = await settledGopay();
    const answer = await finance.post(`${pathOf(payment)}/refunds`, { amount: 20_000, reason: 'one book is missing', refund_key: 'r-1' });
    expect(answer.status).toBe(201);
    const { created_at, status, ...refund } = RefundAnswer.parse(answer.body);
    expect(refund).toEqual({ refund_key: 'r-1', amount: 20_000, reason: 'one book is missing', bank_confirmed_at: null });
    expect(status).toBe('accepted');
    expect(Date.parse(created_at)).toBeGreaterThan(Date.parse(asText(payment['created_at'])));
    const list = await buyer.get(`${pathOf(payment)}/refunds`);
    expect(list.body).toEqual({ data: [answer.body], next_cursor: null });
    const after = (await buyer.get(pathOf(payment))).body;
    expect([after['status'], after['refunded_amount'], after['refundable_amount']]).toEqual(['partial_refund', 20_000, 30_000]);
  }); // prettier-ignore

  it('refunds all that is left when no amount is named, under a key of its own', async () => {
    const payment = await settledGopay();
    const answer = await finance.post(`${pathOf(payment)}/refunds`, { reason: 'sold out' });
    expect([answer.status, answer.body['amount']]).toEqual([201, 50_000]);
    expect(answer.body['refund_key']).toMatch(/^[A-Za-z0-9_-]{1,36}$/);
  });

  it('answers 200 for the same key and amount again, 422 for another amount', async () => {
    const payment = await settledGopay();
    const ask = (amount: number) => finance.post(`${pathOf(payment)}/refunds`, { amount, reason: 'x', refund_key: 'r-2' });
    const first = await ask(10_000);
    const again = await ask(10_000);
    const another = await ask(11_000);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect([...is(another), dataOf(another)]).toEqual([422, ['refund_key_reused'], { amount: 10_000 }]);
    expect(rowsOf(await finance.get(`${pathOf(payment)}/refunds`)).length).toBe(1);
  }); // prettier-ignore

  it('refunds no more than is left', async () => {
    const answer = await finance.post(`${pathOf(await settledGopay())}/refunds`, { amount: 50_001, reason: 'x' });
    expect([...is(answer), dataOf(answer)]).toEqual([422, ['refund_exceeds_balance'], { refundable_amount: 50_000 }]);
  });

  it('says that a method cannot be refunded before anything about its status', async () => {
    const answer = await finance.post(`${pathOf(await pendingTransfer())}/refunds`, { amount: 1, reason: 'x' });
    expect(is(answer)).toEqual([422, ['not_refundable']]);
  });

  it('is 409 while nothing is paid', async () => {
    const { body } = await buyer.post('/payments', { order_id: freshOrder(), payment_type: 'gopay', gross_amount: 50_000 }); // prettier-ignore
    const answer = await finance.post(`${pathOf(body)}/refunds`, { amount: 1, reason: 'x' });
    expect(is(answer)).toEqual([409, ['invalid_transaction_status']]);
  });

  it.each([
    [{ amount: 1 }, 'reason'],
    [{ reason: '' }, 'reason'],
    [{ reason: 'x'.repeat(256) }, 'reason'],
    [{ reason: 'x', amount: 0 }, 'amount'],
    [{ reason: 'x', refund_key: 'a b' }, 'refund_key'],
    [{ reason: 'x', refund_key: 'x'.repeat(37) }, 'refund_key'],
    [{ reason: 'x', colour: 'red' }, 'colour'],
  ])('is 400 for %j', async (body, field) => {
    const answer = await finance.post(`${pathOf(await pendingTransfer())}/refunds`, body);
    expect([...is(answer), fieldsOf(answer)]).toEqual([400, ['invalid_request'], [field]]);
  });
});
