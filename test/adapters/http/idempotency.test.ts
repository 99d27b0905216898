import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { IdempotentRequests } from '../../../src/application/idempotency/idempotent-requests.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { after } from '../../../src/domain/time/instant.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { freshFolder } from '../embedded/open-folder.js';
import { json, loopbackMidtrans, reset } from '../midtrans/loopback-midtrans.js';
import { asText, callerAs, codesOf, eventData, rowsOf, type Answered, type Caller } from '../../service/caller.js';
import { clientKey, serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { pending, refusal } from './midtrans-answers.js';
import { bcaTransfer, customer, freshOrder } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;
let buyer: Caller;
let finance: Caller;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  buyer = await callerAs(service.url, 'buyer', 'customer');
  finance = await callerAs(service.url, 'clerk', 'finance');
});

afterAll(async () => {
  await service.close();
  await simulator.close();
});

let used = 0;
const freshKey = (): string => `key-${(used += 1)}`;
const keyed = (key: string) => ({ 'idempotency-key': key });
const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;
const pathOf = ({ id }: JsonObject): string => `/payments/${asText(id)}`;
const hit = ({ headers }: Answered) => headers.get('idempotency-hit');

describe('the same request with the same Idempotency-Key', () => {
  it('gets the very answer of the first, whatever happened to the payment since', async () => {
    const key = keyed(freshKey());
    const asked = bcaTransfer({ customer_details: customer });
    const first = await buyer.post('/payments', asked, key);
    await buyer.post(`${pathOf(first.body)}/cancel`);
    const again = await buyer.post('/payments', asked, key);
    expect([first.status, hit(first), again.status, hit(again)]).toEqual([201, null, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await buyer.get(pathOf(first.body))).body['status']).toBe('cancel');
  });

  it('gets a refund once, also without a refund key', async () => {
    const { body } = await buyer.post('/payments', { order_id: freshOrder(), payment_type: 'gopay', gross_amount: 50_000 });
    await fetch(`${simulator.url}/_simulator/transactions/${asText(body['order_id'])}/pay`, { method: 'POST' });
    await finance.post(`${pathOf(body)}/sync`);
    const key = keyed(freshKey());
    const ask = () => finance.post(`${pathOf(body)}/refunds`, { amount: 10_000, reason: 'x' }, key);
    const first = await ask();
    const again = await ask();
    expect([first.status, again.status, hit(again)]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect(rowsOf(await finance.get(`${pathOf(body)}/refunds`)).length).toBe(1);
  }); // prettier-ignore

  it('is acted on once', async () => {
    const { body } = await buyer.post('/payments', bcaTransfer());
    const key = keyed(freshKey());
    const first = await buyer.post(`${pathOf(body)}/cancel`, undefined, key);
    const again = await buyer.post(`${pathOf(body)}/cancel`, undefined, key);
    expect([first.status, again.status, hit(again)]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('gets the refusal again when it was a 422', async () => {
    const key = keyed(freshKey());
    const asked = bcaTransfer({ gross_amount: 9_999 });
    const first = await buyer.post('/payments', asked, key);
    const again = await buyer.post('/payments', asked, key);
    expect([is(first), hit(first), hit(again)]).toEqual([[422, ['amount_out_of_range']], null, 'true']);
    expect([again.status, again.body]).toEqual([422, first.body]);
  });

  it('may have its fields in another order', async () => {
    const key = keyed(freshKey());
    const asked = bcaTransfer();
    await buyer.post('/payments', asked, key);
    const again = await buyer.post('/payments', Object.fromEntries(Object.entries(asked).toReversed()), key);
    expect([again.status, hit(again)]).toEqual([201, 'true']);
  });

  it('is told by the caller: the same key of somebody else is another', async () => {
    const key = keyed(freshKey());
    const mine = await buyer.post('/payments', bcaTransfer(), key);
    const theirs = await (await callerAs(service.url, 'other')).post('/payments', bcaTransfer(), key);
    expect([mine.status, theirs.status, hit(theirs)]).toEqual([201, 201, null]);
  });
});

/** Midtrans does what it is asked on this path, and its answers get lost, until `withoutFaults`. */
const losingAnswers = (path: string) =>
  fetch(`${simulator.url}/_simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path, kind: 'drop_after_commit', probability: 1 }),
  });
const atSimulator = async (what: 'transactions' | 'snap_pages'): Promise<readonly JsonObject[]> => {
  const answer = await fetch(`${simulator.url}/_simulator/transactions`);
  return ((await answer.json()) as Record<typeof what, readonly JsonObject[]>)[what];
};
const withoutFaults = () => fetch(`${simulator.url}/_simulator/faults`, { method: 'DELETE' });

describe('an Idempotency-Key', () => {
  it('is refused for another body or another path', async () => {
    const key = keyed(freshKey());
    const asked = bcaTransfer();
    const { body } = await buyer.post('/payments', asked, key);
    const otherBody = await buyer.post('/payments', { ...asked, gross_amount: 60_000 }, key);
    const otherPath = await buyer.post(`${pathOf(body)}/cancel`, undefined, key);
    expect(is(otherBody)).toEqual([422, ['idempotency_key_reused']]);
    expect(is(otherPath)).toEqual([422, ['idempotency_key_reused']]);
    expect((await buyer.get(pathOf(body))).body['status']).toBe('pending');
  });

  it('is free again after a refusal that may be put right', async () => {
    const key = keyed(freshKey());
    expect((await buyer.post('/payments', bcaTransfer({ gross_amount: -1 }), key)).status).toBe(400);
    expect((await buyer.post('/payments', bcaTransfer(), key)).status).toBe(201);
  });

  it('is free again after a 503 and a 502, and the same request then goes through', async () => {
    const asked = bcaTransfer();
    const order = asText(asked['order_id']);
    const limited = json({ message: 'API rate limit exceeded' }, 429);
    const unauthorized = json(refusal('401', 'Unknown key'), 401);
    const midtrans = await loopbackMidtrans(limited, limited, unauthorized, json(pending(order)));
    const durations = JSON.stringify({ answerWithinMs: 1_200 });
    const limping = await serviceFor(midtrans.url, { DURATIONS_FOR_TESTS: durations });
    const caller = await callerAs(limping.url, 'u');
    const ask = () => caller.post('/payments', asked, keyed('k'));
    const answers = [await ask(), await ask(), await ask(), await ask()];
    await limping.close();
    await midtrans.stop();
    expect(answers.map(({ status }) => status)).toEqual([503, 502, 201, 201]);
    expect(answers.map(hit)).toEqual([null, null, null, 'true']);
  });

  it('is free again while the outcome is in doubt, and nothing is sent twice', async () => {
    const midtrans = await loopbackMidtrans(reset);
    const doubtful = await serviceFor(midtrans.url, { DURATIONS_FOR_TESTS: JSON.stringify({ answerWithinMs: 1_200, lookAfterMs: [60_000] }) });
    const caller = await callerAs(doubtful.url, 'u');
    const asked = { ...bcaTransfer(), payment_details: { bank: 'permata' } };
    const first = await caller.post('/payments', asked, keyed('k'));
    const again = await caller.post('/payments', asked, keyed('k'));
    await midtrans.stop();
    await doubtful.close();
    expect([first.status, again.status, hit(again)]).toEqual([202, 202, null]);
    expect(midtrans.received.filter(({ method }) => method === 'POST').length).toBe(1);
  }); // prettier-ignore

  it('that comes with another order after doubt gets a page of its own, not the one of the first', async () => {
    const hosted = () => ({ order_id: freshOrder(), payment_type: 'snap', gross_amount: 50_000 });
    const key = keyed(freshKey());
    await losingAnswers('/snap/v1/transactions');
    const first = await buyer.post('/payments', hosted(), key);
    await withoutFaults();
    const second = await buyer.post('/payments', hosted(), key);
    expect([first.status, second.status]).toEqual([202, 201]);
    const [made] = (await atSimulator('snap_pages')).filter((page) => page['order_id'] === second.body['order_id']);
    expect(second.body['payment_details']).toMatchObject({ snap_token: made?.['token'] ?? 'no page was made' });
  });

  it('that comes with another refund key after doubt is another refund', async () => {
    const { body } = await buyer.post('/payments', {
      order_id: freshOrder(),
      payment_type: 'gopay',
      gross_amount: 50_000,
    });
    const order = asText(body['order_id']);
    await fetch(`${simulator.url}/_simulator/transactions/${order}/pay`, { method: 'POST' });
    await finance.post(`${pathOf(body)}/sync`);
    const key = keyed(freshKey());
    const ask = (refund: string) =>
      finance.post(`${pathOf(body)}/refunds`, { amount: 10_000, reason: 'x', refund_key: `${refund}-${order}` }, key);
    await losingAnswers('/v2/*/refund');
    await losingAnswers('/v2/*/status');
    const first = await ask('a');
    await withoutFaults();
    const second = await ask('b');
    expect([first.status, second.status]).toEqual([202, 201]);
    expect((await finance.post(`${pathOf(body)}/sync`)).body['refunded_amount']).toBe(20_000);
    const [refunded] = (await atSimulator('transactions')).filter((transaction) => transaction['order_id'] === order);
    expect(refunded?.['refunds']).toMatchObject([{ refund_key: `a-${order}` }, { refund_key: `b-${order}` }]);
  });

  it('that comes with another amount to capture after doubt is another capture, and not answered with the first', async () => {
    const query = new URLSearchParams({ client_key: clientKey, card_number: '4811111111111114', card_cvv: '123', card_exp_month: '12', card_exp_year: '2039' }); // prettier-ignore
    const token = (await (await fetch(`${simulator.url}/v2/token?${query.toString()}`)).json()) as { token_id: string };
    const { body } = await buyer.post('/payments', {
      order_id: freshOrder(),
      payment_type: 'credit_card',
      gross_amount: 50_000,
      payment_details: { token_id: token.token_id, authentication: false, type: 'authorize' },
    });
    const key = keyed(freshKey());
    const ask = (amount: number) => finance.post(`${pathOf(body)}/capture`, { amount }, key);
    await losingAnswers('/v2/capture');
    const first = await ask(20_000);
    const other = await ask(30_000);
    await withoutFaults();
    expect([first.status, is(other)]).toEqual([202, [409, ['invalid_transaction_status']]]);
    expect((await finance.post(`${pathOf(body)}/sync`)).body['captured_amount']).toBe(20_000);
    const done = [await ask(30_000), await ask(20_000)];
    expect(done.map(({ status }) => status)).toEqual([409, 200]);
  });

  it.each(['', 'x'.repeat(256)])('must have 1 to 255 characters: %#', async (key) => {
    const answer = await buyer.post('/payments', bcaTransfer(), keyed(key));
    expect(is(answer)).toEqual([400, ['invalid_request']]);
  });

  /** Claims as another process would, that then dies: `agoMs` ago. */
  const claimAsDead = async (agoMs: number, key: string, body: JsonObject): Promise<void> => {
    const { container } = service.service;
    const clock = container.get<Clock>(Port.clock);
    const past: Clock = {
      now: () => after(clock.now(), -agoMs),
      monotonicMs: () => clock.monotonicMs(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
    const other = new IdempotentRequests(container.get(Port.idempotencyAnswers), container.get(Port.personalData), past, container.get(Port.ids));
    const claim = await other.claim({ caller: 'buyer', path: '/payments', key, body });
    expect(claim.type).toBe('claimed');
  }; // prettier-ignore

  it('whose first request still runs is 409', async () => {
    const key = freshKey();
    const asked = bcaTransfer();
    await claimAsDead(59_000, key, asked);
    expect(is(await buyer.post('/payments', asked, keyed(key)))).toEqual([409, ['idempotency_in_progress']]);
  });

  it('whose first owner died is taken over after 60 s, and the command runs again', async () => {
    const key = freshKey();
    const asked = bcaTransfer();
    await claimAsDead(60_000, key, asked);
    const answer = await buyer.post('/payments', asked, keyed(key));
    const again = await buyer.post('/payments', asked, keyed(key));
    expect([answer.status, hit(answer), again.status, hit(again)]).toEqual([201, null, 201, 'true']);
  });

  it('of many requests at once lets one through', async () => {
    const key = keyed(freshKey());
    const asked = bcaTransfer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.post('/payments', asked, key)));
    const firsts = answers.filter((answer) => answer.status === 201 && hit(answer) === null);
    const others = answers.filter((answer) => !firsts.includes(answer));
    expect(firsts.length).toBe(1);
    for (const { status } of others) expect([201, 409]).toContain(status);
    const events = rowsOf(await buyer.get(`${pathOf(firsts[0]?.body ?? {})}/events`));
    expect(events.map(({ type }) => type)).toEqual(['PaymentInitiated', 'PaymentPending']);
  });

  it('names the wish in the events, so that a repeat is recognised: 36 characters that fit Midtrans', async () => {
    const { body } = await buyer.post('/payments', bcaTransfer(), keyed(freshKey()));
    const [initiated] = rowsOf(await buyer.get(`${pathOf(body)}/events`));
    expect(eventData(initiated)['wish_id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }); // prettier-ignore
});

describe('a log that was put back from an older backup than the answers', () => {
  it('has the request made anew, whose answer tells of what has not happened by then', async () => {
    const DATA_DIR = freshFolder();
    const opened = async () => {
      const running = await serviceFor(simulator.url, { DATA_DIR });
      return { running, caller: await callerAs(running.url, 'buyer'), clerk: await callerAs(running.url, 'clerk', 'finance') };
    };
    const asked = { order_id: freshOrder(), payment_type: 'gopay', gross_amount: 50_000 };
    const [payment, cancel, refund] = [keyed('payment'), keyed('cancel'), keyed('refund')];
    const files = ['events.db', 'events.db-wal', 'events.db-shm'].map((name) => join(DATA_DIR, name));

    const before = await opened();
    const other = await before.caller.post('/payments', bcaTransfer());
    const paid = await before.caller.post('/payments', { ...asked, order_id: freshOrder() });
    await fetch(`${simulator.url}/_simulator/transactions/${asText(paid.body['order_id'])}/pay`, { method: 'POST' });
    await before.clerk.post(`${pathOf(paid.body)}/sync`);
    await before.running.close();
    const backup = files.map((file) => (existsSync(file) ? readFileSync(file) : undefined));

    const ask = async ({ caller, clerk }: Awaited<ReturnType<typeof opened>>) => [
      await caller.post('/payments', asked, payment),
      await caller.post(`${pathOf(other.body)}/cancel`, undefined, cancel),
      await clerk.post(`${pathOf(paid.body)}/refunds`, { amount: 10_000, reason: 'x', refund_key: 'r-1' }, refund),
    ];
    const between = await opened();
    const first = await ask(between);
    await between.running.close();

    for (const [n, file] of files.entries()) {
      rmSync(file, { force: true });
      const bytes = backup[n];
      if (bytes) writeFileSync(file, bytes);
    }
    const restored = await opened();
    const again = await ask(restored);
    const third = await ask(restored);
    await restored.running.close();
    expect(first.map((answer) => [answer.status, hit(answer)])).toEqual([[201, null], [200, null], [201, null]]);
    expect(again.map((answer) => [answer.status, hit(answer)])).toEqual([[201, null], [200, null], [201, null]]);
    expect(third.map((answer) => [answer.status, hit(answer)])).toEqual([[201, 'true'], [200, 'true'], [201, 'true']]);
    expect(again[0]?.body['id']).toBe(first[0]?.body['id']);
  }); // prettier-ignore
});
