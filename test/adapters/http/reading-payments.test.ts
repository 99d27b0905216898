import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { EventListAnswer, PaymentListAnswer } from '../../../src/adapters/http/payments/payment-answer.js';
import type { JsonObject } from '../../../src/domain/json.js';
import {
  asText,
  callerAs,
  codesOf,
  eventually,
  fieldsOf,
  rowsOf,
  type Answered,
  type Caller,
} from '../../service/caller.js';
import { clientKey, serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { bcaTransfer, customer, freshOrder } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;
let buyer: Caller;
let other: Caller;
let auditor: Caller;
let payment: JsonObject;

const made: JsonObject[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  [buyer, other, auditor] = await Promise.all([
    callerAs(service.url, 'buyer'),
    callerAs(service.url, 'other'),
    callerAs(service.url, 'auditor', 'auditor'),
  ]);
  for (const amount of [10_000, 20_000, 30_000, 40_000, 50_000])
    made.push((await buyer.post('/payments', bcaTransfer({ gross_amount: amount, customer_details: customer }))).body);
  made.push((await other.post('/payments', { order_id: freshOrder(), payment_type: 'qris', gross_amount: 60_000 })).body);
  payment = made[0] ?? {};
  await eventually(() => auditor.get('/payments'), (list) => rowsOf(list).length === made.length);
}); // prettier-ignore

afterAll(async () => {
  await service.close();
  await simulator.close();
});

const pathOf = ({ id }: JsonObject): string => `/payments/${asText(id)}`;
const is = (answer: Answered) => [answer.status, codesOf(answer), fieldsOf(answer)] as const;

describe('one payment', () => {
  it('is shown to its owner as it was made, with its revision as ETag', async () => {
    const answer = await buyer.get(pathOf(payment));
    expect([answer.status, answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([200, '"1"', 'no-store']);
    expect(answer.body).toEqual(payment);
  }); // prettier-ignore

  it.each([
    ['the same revision', '"1"', 304],
    ['a weak one', 'W/"1"', 304],
    ['one of several', '"0", "1"', 304],
    ['any', '*', 304],
    ['an older one', '"0"', 200],
    ['one beyond the log', '"99"', 200],
    ["somebody else's", '"abc"', 200],
  ])('knows by If-None-Match whether %s is the newest', async (_what, tag, status) => {
    const answer = await buyer.get(pathOf(payment), { 'if-none-match': tag });
    expect([answer.status, answer.headers.get('etag')]).toEqual([status, '"1"']);
    expect(answer.text === '').toBe(status === 304);
  });

  it('is shown from a revision on that is wished for', async () => {
    const answer = await buyer.get(`${pathOf(payment)}?min_revision=1`);
    expect([answer.status, answer.body['revision']]).toEqual([200, 1]);
  });

  it.each(['2', '999999'])('is 400 for a revision beyond the log: %s', async (revision) => {
    const answer = await buyer.get(`${pathOf(payment)}?min_revision=${revision}`);
    expect(is(answer)).toEqual([400, ['invalid_request'], ['min_revision']]);
  });

  it('is 400 for a revision beyond the log, also when the ETag is farther beyond', async () => {
    const answer = await buyer.get(`${pathOf(payment)}?min_revision=2`, { 'if-none-match': '"9"' });
    expect(answer.status).toBe(400);
  });

  it.each(['-1', 'x', '1.5', ''])('is 400 for a revision that is none: %p', async (revision) => {
    const answer = await buyer.get(`${pathOf(payment)}?min_revision=${revision}`);
    expect(is(answer)).toEqual([400, ['invalid_request'], ['min_revision']]);
  });

  it("is not there for anybody but its owner, not even as somebody else's", async () => {
    const notTheirs = await other.get(`${pathOf(payment)}?min_revision=x`);
    const notThere = await other.get('/payments/3eda3150-e9ce-5455-bb11-10a3ab4c4832');
    const noId = await other.get('/payments/17');
    for (const answer of [notTheirs, notThere, noId]) expect(is(answer)).toEqual([404, ['not_found'], [null]]);
    expect(notTheirs.body).toEqual(notThere.body);
  });

  it('is there the moment it is made, whatever the read model knows', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { body } = await buyer.post('/payments', bcaTransfer());
      expect((await buyer.get(pathOf(body))).status).toBe(200);
    }
  });
});

describe('the list of payments', () => {
  const ids = (answer: Answered) => rowsOf(answer).map(({ id }) => id);
  const newestFirst = (all: readonly JsonObject[]) => all.map(({ id }) => id).toReversed();
  /** Only what was made before all tests. */
  const until = (): string => `created_to=${encodeURIComponent(asText(made.at(-1)?.['created_at']))}`;

  it('has the newest first, all for the auditor and their own for customers', async () => {
    const all = await auditor.get(`/payments?${until()}`);
    const own = await other.get('/payments');
    expect(ids(all)).toEqual(newestFirst(made));
    expect(ids(own)).toEqual([made[5]?.['id']]);
    expect(() => PaymentListAnswer.parse(all.body)).not.toThrow();
    expect(rowsOf(all)[5]).toEqual(payment);
  });

  it('is walked through page by page, none missing and none twice', async () => {
    const found: unknown[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const page = await auditor.get(`/payments?limit=4&${until()}${cursor}`);
      found.push(...ids(page));
      pages += 1;
      cursor = page.body['next_cursor'] === null ? '' : `&cursor=${asText(page.body['next_cursor'])}`;
    } while (cursor !== '');
    expect([found, pages]).toEqual([newestFirst(made), 2]);
  });

  it('has exactly full pages without an empty one after them', async () => {
    const page = await auditor.get(`/payments?limit=6&${until()}`);
    expect([ids(page).length, page.body['next_cursor']]).toEqual([6, null]);
  });

  it.each<readonly [string, () => string, () => readonly number[]]>([
    ['an order', () => `order_id=${asText(payment['order_id'])}`, () => [0]],
    ['an order nobody knows', () => 'order_id=nobody', () => []],
    ['an order of another user', () => `order_id=${asText(payment['order_id'])}&user_id=other`, () => []],
    ['a user', () => 'user_id=other', () => [5]],
    ['a status', () => 'status=pending', () => [5, 4, 3, 2, 1, 0]],
    ['a status that none has', () => 'status=deny', () => []],
    ['a payment type', () => 'payment_type=qris', () => [5]],
    ['amounts', () => 'amount_min=20000&amount_max=40000', () => [3, 2, 1]],
    ['a time', () => `created_from=${asText(made[4]?.['created_at'])}`, () => [5, 4]],
    ['a time elsewhere', () => `created_from=${encodeURIComponent('2026-01-01T07:00:00+07:00')}`, () => [5, 4, 3, 2, 1, 0]],
    ['a number: an order id', () => `q=${asText(payment['order_id'])}`, () => [0]],
    ['a number: a transaction id', () => `q=${asText(payment['transaction_id'])}`, () => [0]],
    ['a user and a status', () => 'user_id=buyer&status=pending&amount_min=50000', () => [4]],
  ])('can be asked for by %s', async (_what, query, expected) => {
    const answer = await auditor.get(`/payments?${query()}&limit=100${query().includes('created_to') ? '' : `&${until()}`}`);
    expect(answer.status).toBe(200);
    expect(ids(answer)).toEqual(expected().map((index) => made[index]?.['id']));
  }); // prettier-ignore

  it('can be asked for by the number that the customer pays to', async () => {
    const details = made[2]?.['payment_details'] as { va_numbers: { va_number: string }[] };
    const number = details.va_numbers[0]?.va_number ?? '';
    expect(ids(await buyer.get(`/payments?q=${number}`))).toEqual([made[2]?.['id']]);
  });

  it('cannot be searched for a card number', async () => {
    expect(is(await buyer.get('/payments?q=4811111111111114'))).toEqual([422, ['card_number_refused'], ['q']]);
  });

  it("has nothing of others' for a customer who asks for them", async () => {
    const answer = await buyer.get('/payments?user_id=other');
    expect([answer.status, answer.body]).toEqual([200, { data: [], next_cursor: null }]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=x', 'limit'],
    ['status=paid', 'status'],
    ['payment_type=cash', 'payment_type'],
    ['created_from=yesterday', 'created_from'],
    ['created_from=2026-11-23', 'created_from'],
    ['amount_min=-1', 'amount_min'],
    ['order_id=a%20b', 'order_id'],
    ['colour=red', 'colour'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=x', 'cursor'],
    ['cursor=WyJhIiwiYiJd.AAAA', 'cursor'],
  ])('is 400 for %s', async (query, field) => {
    expect(is(await auditor.get(`/payments?${query}`))).toEqual([400, ['invalid_request'], [field]]);
  });

  it('takes no cursor that was changed, or given out for another question or another user', async () => {
    const page = await buyer.get('/payments?limit=1');
    const cursor = asText(page.body['next_cursor']);
    const changed = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    expect((await buyer.get(`/payments?limit=2&cursor=${cursor}`)).status).toBe(200);
    for (const refused of [
      await buyer.get(`/payments?limit=1&cursor=${changed}`),
      await buyer.get(`/payments?limit=1&status=pending&cursor=${cursor}`),
      await other.get(`/payments?limit=1&cursor=${cursor}`),
    ])
      expect(is(refused)).toEqual([400, ['invalid_request'], ['cursor']]);
  });
});

describe('the events of a payment', () => {
  it('tell who did what, when, why and from where; addresses are not for customers', async () => {
    const own = await buyer.get(`${pathOf(payment)}/events`);
    const audited = await auditor.get(`${pathOf(payment)}/events`);
    const [initiated, pending] = EventListAnswer.parse(own.body).data;
    expect([initiated?.type, initiated?.revision, pending?.type, pending?.revision]).toEqual(['PaymentInitiated', 0, 'PaymentPending', 1]);
    expect(initiated?.actor).toEqual({ kind: 'user', id: 'buyer', roles: ['customer'], address: null });
    expect(initiated?.data['personal']).toEqual({ customer_details: customer });
    expect(initiated?.occurred_at).toBe(payment['created_at']);
    expect(pending?.correlation_id).toBe(initiated?.correlation_id);
    expect(own.body['next_cursor']).toBeNull();
    const seen = EventListAnswer.parse(audited.body).data[0];
    expect(seen).toEqual({ ...initiated, actor: { ...initiated?.actor, address: '127.0.0.1' } });
  }); // prettier-ignore

  it('carry the name of the request that caused them', async () => {
    const { body } = await buyer.post('/payments', bcaTransfer(), { 'x-request-id': 'checkout-7' });
    const [initiated] = rowsOf(await buyer.get(`${pathOf(body)}/events`));
    expect([initiated?.['request_id'], initiated?.['correlation_id']]).toEqual(['checkout-7', 'checkout-7']);
  });

  it('show the raw notification behind an event to auditors, and to nobody else', async () => {
    await fetch(`${simulator.url}/_simulator/transactions/${asText(payment['order_id'])}/pay`, { method: 'POST' });
    const status = (await (await fetch(`${simulator.url}/v2/${asText(payment['order_id'])}/status`, { headers: { authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}` } })).json()) as JsonObject;
    const raw = JSON.stringify({ ...status, status_message: 'midtrans payment notification' });
    const door = await fetch(`${service.url}/payments/webhooks/midtrans`, { method: 'POST', body: raw, headers: { authorization: 'Bearer secret' } });
    expect(door.status).toBe(200);
    await eventually(() => buyer.get(pathOf(payment)), ({ body }) => body['status'] === 'settlement');
    const audited = rowsOf(await auditor.get(`${pathOf(payment)}/events`)).at(-1);
    expect(audited?.['type']).toBe('PaymentSettled');
    expect(audited?.['actor']).toEqual({ kind: 'midtrans', id: 'midtrans', roles: [], address: null });
    const notification = audited?.['notification'] as JsonObject;
    expect([notification['body'], notification['address'], Object.keys(notification)]).toEqual([raw, '127.0.0.1', ['received_at', 'address', 'headers', 'body']]);
    expect(Object.keys(notification['headers'] as JsonObject)).not.toContain('authorization');
    expect((await buyer.get(`${pathOf(payment)}/events`)).text).not.toContain('"notification"');
  }); // prettier-ignore

  it('are not there for others', async () => {
    expect((await other.get(`${pathOf(payment)}/events`)).status).toBe(404);
  });
});

describe('the payment methods', () => {
  it('are all twenty-four, with what each allows', async () => {
    const answer = await (await callerAs(service.url, 'somebody', 'operator')).get('/payments/methods');
    const methods = rowsOf(answer);
    expect([answer.status, methods.length, methods.every(({ enabled }) => enabled)]).toEqual([200, 24, true]);
    expect(methods.find(({ id }) => id === 'gopay')).toEqual({
      id: 'gopay',
      type: 'ewallet',
      provider: 'gopay',
      payment_type: 'gopay',
      enabled: true,
      amount_min: 1,
      amount_max: 20_000_000,
      expiry: { default_seconds: 900, min_seconds: 20, max_seconds: 604_800 },
      refund: 'partial',
      refund_within_days: 180,
      cancel_pending: true,
      expire_pending: true,
      created_at: null,
      updated_at: null,
    });
    const card = methods.find(({ id }) => id === 'credit_card');
    expect(card?.['client_key']).toBe(clientKey);
    expect(card?.['card_script']).toEqual({ url: expect.stringMatching(/^https?:/), environment: expect.any(String) });
    expect(answer.text).not.toContain(serverKey);
  });
});
