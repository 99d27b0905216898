import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/domain/json.js';
import type { ActionName } from '../../../src/domain/payments/stages.js';
import { until } from '../../service/until.js';
import { days, hours, minutes, ServiceInDoubt, surroundings, type Surroundings } from './doubts-kit.js';

let around: Surroundings;
let service: ServiceInDoubt;
let order: string;
let orders = 0;

beforeAll(async () => {
  around = await surroundings();
});
afterAll(() => around.stop());

beforeEach(() => {
  around.between.heal();
  around.between.seen.length = 0;
  service = new ServiceInDoubt(around.between.url);
  order = `doubt-${(orders += 1)}`;
});
afterEach(() => service.close());

const status = /\/status$/;
const refund = /\/refund$/;
const seconds = (n: number): number => n * 1_000;
const refundsSent = () => around.between.sent('POST', refund);
const midtrans = (): Promise<JsonObject> => around.simulator.api('GET', `/v2/${order}/status`);

/** Paid with GoPay: 50,000 rupiah to give back. */
const paid = async (): Promise<void> => {
  await service.make('gopay', order);
  await around.simulator.pay(order);
  await service.sync(order);
  expect((await service.view(order)).refundable_amount).toBe(50_000);
};

/** What happened after it was paid, made and asked for. The bank confirms a refund when it likes, so that is left out. */
const since = async (count = 4): Promise<readonly string[]> =>
  (await service.types(order)).slice(count).filter((type) => type !== 'RefundConfirmed');

describe('a refund whose answer was lost', () => {
  beforeEach(paid);

  it('is reserved, and found by its key', async () => {
    around.between.let('POST', refund, { type: 'lost_after' });
    expect((await service.refund(order, 'r-1', 20_000)).type).toBe('in_doubt');
    expect(await service.view(order)).toMatchObject({ in_doubt: true, refunded_amount: 0, refundable_amount: 30_000 });
    const sent = refundsSent().length;
    await service.roundAfter(seconds(1));
    expect(await since()).toEqual(['RefundRequested', 'GatewayUnanswered', 'RefundAccepted']);
    expect(await service.view(order)).toMatchObject({
      status: 'partial_refund',
      in_doubt: false,
      refunded_amount: 20_000,
      refundable_amount: 30_000,
    });
    expect(refundsSent()).toHaveLength(sent);
    expect((await midtrans())['refund_amount']).toBe('20000.00');
  });

  it('on the way there is sent again with the same key, once claimed, and made once', async () => {
    around.between.let('POST', refund, { type: 'lost_before' });
    expect((await service.refund(order, 'r-1', 20_000)).type).toBe('in_doubt');
    const sent = refundsSent().length;
    around.between.heal();
    await service.round();
    expect(refundsSent()).toHaveLength(sent);

    await service.roundAfter(seconds(1));
    expect(await since()).toEqual(['RefundRequested', 'GatewayUnanswered', 'RefundAttempted', 'RefundAccepted']);
    expect(refundsSent()).toHaveLength(sent + 1);
    expect(refundsSent().at(-1)).toEqual(refundsSent()[0]);
    await service.roundAfter(days(1));
    expect(refundsSent()).toHaveLength(sent + 1);
    expect((await midtrans())['refund_amount']).toBe('20000.00');
  });

  it('is sent again by one of two resolvers that see it at the same time', async () => {
    around.between.let('POST', refund, { type: 'lost_before' });
    await service.refund(order, 'r-1', 20_000);
    const sent = refundsSent().length;
    around.between.heal();
    service.clock.push(seconds(1));
    await service.catchUp();
    await Promise.all([service.round(service.anotherResolver()), service.round(service.anotherResolver())]);
    expect(refundsSent()).toHaveLength(sent + 1);
    expect((await since()).filter((type) => type === 'RefundAttempted')).toHaveLength(1);
    expect((await midtrans())['refund_amount']).toBe('20000.00');
  });

  it('is the same refund when it is asked for again, and another amount under its key is not', async () => {
    around.between.let('POST', refund, { type: 'lost_after' });
    await service.refund(order, 'r-1', 20_000);
    const sent = refundsSent().length;
    expect((await service.refund(order, 'r-1', 20_000)).type).toBe('in_doubt');
    expect(await service.refund(order, 'r-1', 20_001)).toMatchObject({
      type: 'rejected',
      rejection: { code: 'refund-key-reused', amount: 20_000 },
    });
    expect(await service.refund(order, 'r-2', 30_001)).toMatchObject({
      type: 'rejected',
      rejection: { code: 'refund-exceeds-balance', refundable: 30_000 },
    });
    expect(refundsSent()).toHaveLength(sent);
  });

  it('is sent again for six days at most, then a person is asked', async () => {
    around.between.let('POST', refund, { type: 'lost_before' });
    await service.refund(order, 'r-1', 20_000);
    await service.roundAfter(seconds(1));
    await service.roundAfter(days(5.9));
    const sent = refundsSent().length;
    expect((await since()).filter((type) => type === 'RefundAttempted')).toHaveLength(2);
    expect(service.alarms()).toEqual(['in_doubt_too_long']);

    await service.roundAfter(days(0.2));
    await service.roundAfter(days(3));
    expect(refundsSent()).toHaveLength(sent);
    expect((await service.events(order)).at(-1)).toMatchObject({
      type: 'GatewayContradiction',
      data: { kind: 'refund_unresolved', detail: 'r-1' },
    });
    expect(service.alarms()).toEqual(['in_doubt_too_long', 'gateway_contradiction']);
    // Nobody knows, so the money stays reserved.
    expect(await service.view(order)).toMatchObject({ in_doubt: true, refundable_amount: 30_000 });
  });

  it('is not freed by a no that comes when another has sent it again', async () => {
    around.between.let('POST', refund, { type: 'answered', body: { status_code: '414', status_message: 'Refund request is rejected' }, ms: 300 }, 1); // prettier-ignore
    around.between.let('POST', refund, { type: 'held', ms: 400 }, 1);
    const heldUp = service.refund(order, 'r-1', 20_000);
    await until('the first send has left', () => refundsSent().length === 1);
    await Promise.all([service.roundAfter(seconds(1)), heldUp]);
    expect((await heldUp).type).toBe('in_doubt');
    expect(await since()).toEqual(['RefundRequested', 'RefundAttempted', 'GatewayUnanswered', 'RefundAccepted']);
    expect(await service.view(order)).toMatchObject({ in_doubt: false, refunded_amount: 20_000, refundable_amount: 30_000 }); // prettier-ignore
  });

  it('and whose repeat is refused for having been made, is made', async () => {
    around.between.let('POST', refund, { type: 'lost_after' });
    await service.refund(order, 'r-1', 50_000);
    around.between.heal();
    // Midtrans is slow to show it: a first look does not find it, so it is sent again and answered 412.
    const { refunds: _refunds, refund_amount: _amount, ...stale } = await midtrans();
    around.between.let('GET', status, { type: 'answered', body: { ...stale, transaction_status: 'settlement' } }, 1);
    around.between.let('POST', refund, { type: 'answered', body: { status_code: '412', status_message: 'Merchant cannot modify the status of the transaction' } }, 1); // prettier-ignore
    await service.roundAfter(seconds(1));
    expect(await since()).toEqual(['RefundRequested', 'GatewayUnanswered', 'RefundAttempted', 'RefundAccepted']);
    expect(await service.view(order)).toMatchObject({ status: 'refund', refunded_amount: 50_000, in_doubt: false });
  });

  it('and whose repeat inside the same call is refused for having been made, is done', async () => {
    around.between.let('POST', refund, { type: 'lost_after' }, 1);
    around.between.let('POST', refund, { type: 'answered', body: { status_code: '412', status_message: 'Merchant cannot modify the status of the transaction' } }, 1); // prettier-ignore
    expect((await service.refund(order, 'r-1', 50_000)).type).toBe('done');
    expect(await since()).toEqual(['RefundRequested', 'RefundAccepted']);
  });

  it('cannot take what a refund from the dashboard has taken since, and is only looked for', async () => {
    around.between.let('POST', refund, { type: 'lost_before' });
    await service.refund(order, 'r-1', 20_000);
    around.between.heal();
    await around.simulator.act('refund', order, { amount: 50_000 });
    const sent = refundsSent().length;
    await service.roundAfter(seconds(1));
    for (let round = 0; round < 5; round += 1) await service.roundAfter(seconds(2));
    expect(refundsSent()).toHaveLength(sent);
    expect(await service.view(order)).toMatchObject({
      status: 'refund',
      refunded_amount: 50_000,
      refundable_amount: 0,
    });
    // On the schedule, not round after round.
    expect(around.between.sent('GET', status).length).toBeLessThanOrEqual(5);
    expect((await service.types(order)).length).toBeLessThanOrEqual(8);
  });
});

describe('a refund that Midtrans refuses', () => {
  beforeEach(paid);

  it('gives its reservation back', async () => {
    around.between.let('POST', refund, { type: 'answered', body: { status_code: '414', status_message: 'Refund amount is larger than the transaction' } }); // prettier-ignore
    expect(await service.refund(order, 'r-1', 20_000)).toMatchObject({
      type: 'refused',
      refusal: { because: 'request', statusCode: 414 },
    });
    expect(await since()).toEqual(['RefundRequested', 'RefundRefused']);
    expect(await service.view(order)).toMatchObject({ in_doubt: false, refundable_amount: 50_000 });
  });

  it('because its key was used elsewhere is looked into: what Midtrans has under it counts, with an alarm', async () => {
    await around.simulator.api('POST', `/v2/${order}/refund`, { refund_key: 'r-1', amount: 5_000, reason: 'by hand' });
    await service.refund(order, 'r-1', 20_000);
    expect(await since()).toEqual(['RefundRequested', 'GatewayContradiction', 'RefundAccepted']);
    expect(await service.view(order)).toMatchObject({ refunded_amount: 5_000, refundable_amount: 45_000 });
    expect(service.alarms()).toEqual(['gateway_contradiction']);
  });

  it('for our balance being too low goes through later under the same key', async () => {
    around.between.let('POST', refund, { type: 'answered', body: { status_code: '414', status_message: 'Insufficient funds' } }, 1); // prettier-ignore
    expect((await service.refund(order, 'r-1', 20_000)).type).toBe('refused');
    expect(await service.refund(order, 'r-1', 20_000)).toMatchObject({ type: 'done', novelty: 'new' });
    expect(await service.refund(order, 'r-1', 20_000)).toMatchObject({ type: 'done', novelty: 'again' });
    expect(await since()).toEqual(['RefundRequested', 'RefundRefused', 'RefundAttempted', 'RefundAccepted']);
    expect(refundsSent().map(({ body }) => body['refund_key'])).toEqual(['r-1', 'r-1']);
    expect((await midtrans())['refund_amount']).toBe('20000.00');
  });

  const duplicate: JsonObject = { status_code: '406', status_message: 'Duplicate refund ID' };

  it('because its key was used for another order is refused: no send of ours can be meant', async () => {
    around.between.let('POST', refund, { type: 'answered', body: duplicate });
    expect(await service.refund(order, 'r-1', 20_000)).toMatchObject({ type: 'refused', refusal: { statusCode: 406 } });
    expect(await since()).toEqual(['RefundRequested', 'RefundRefused']);
    expect(await service.view(order)).toMatchObject({ in_doubt: false, refundable_amount: 50_000 });
    const sent = refundsSent().length;
    await service.roundAfter(hours(1));
    expect(refundsSent()).toHaveLength(sent);
  });

  it('because its key is known from an earlier send, though not shown yet, stays in doubt', async () => {
    around.between.let('POST', refund, { type: 'lost_before' });
    await service.refund(order, 'r-1', 20_000);
    around.between.heal();
    around.between.let('POST', refund, { type: 'answered', body: duplicate });
    await service.roundAfter(seconds(1));
    expect(await service.view(order)).toMatchObject({ in_doubt: true, refundable_amount: 30_000 });
  });

  it('because of the state is refused after a look that brings ours up to date', async () => {
    await around.simulator.act('refund', order, {});
    const answer = await service.refund(order, 'r-1', 20_000);
    expect(answer).toMatchObject({ type: 'refused', refusal: { because: 'state' } });
    expect(await service.view(order)).toMatchObject({
      status: 'refund',
      refunded_amount: 50_000,
      refundable_amount: 0,
    });
    expect((await service.types(order)).at(-1)).toBe('RefundRefused');
  });

  it('is not sent at all when Midtrans takes no more requests, and may be tried again under its key', async () => {
    around.between.let('POST', refund, { type: 'answered', status: 429, body: { message: 'API rate limit exceeded' } });
    expect(await service.refund(order, 'r-1', 20_000)).toMatchObject({ type: 'not_sent', because: 'rate_limited' });
    expect(await service.view(order)).toMatchObject({ in_doubt: false, refundable_amount: 50_000 });
    around.between.heal();
    expect((await service.refund(order, 'r-1', 20_000)).type).toBe('done');
    expect(await since()).toEqual(['RefundRequested', 'RefundNotSent', 'RefundAttempted', 'RefundAccepted']);
  });
});

interface Action {
  readonly action: ActionName;
  readonly path: RegExp;
  readonly from: () => Promise<void>;
  readonly reached: string;
  readonly status: string;
}

const cardCharge = async (details: JsonObject): Promise<void> => {
  const token = await around.simulator.cardToken('4811111111111114');
  await service.make('credit_card', order, { details: { token_id: token, ...details } });
};

const pendingGopay = async (): Promise<void> => void (await service.make('gopay', order));
const authorized = (): Promise<void> => cardCharge({ authentication: false, type: 'authorize' });
const challenged = async (): Promise<void> => {
  await cardCharge({});
  await around.simulator.act('challenge', order);
  await service.sync(order);
};

const actions: readonly Action[] = [
  { action: 'Cancel', path: /\/cancel$/, from: pendingGopay, reached: 'PaymentCancelled', status: 'cancel' },
  { action: 'Expiry', path: /\/expire$/, from: pendingGopay, reached: 'PaymentExpired', status: 'expire' },
  { action: 'Capture', path: /\/capture$/, from: authorized, reached: 'PaymentCaptured', status: 'capture' },
  { action: 'Approval', path: /\/approve$/, from: challenged, reached: 'PaymentCaptured', status: 'capture' },
  { action: 'Denial', path: /\/deny$/, from: challenged, reached: 'PaymentDenied', status: 'deny' },
];

describe.each(actions)('$action', ({ action, path, from, reached, status: word }) => {
  let before: number;
  beforeEach(async () => {
    await from();
    before = (await service.types(order)).length;
  });

  it('lost on the way is sent again after a look and a claim, in the state it was asked in', async () => {
    around.between.let('POST', path, { type: 'lost_before' });
    expect((await service.act(action, order)).type).toBe('in_doubt');
    const sent = around.between.sent('POST', path).length;
    around.between.heal();
    await service.roundAfter(seconds(1));
    expect(await since(before)).toEqual([`${action}Requested`, 'GatewayUnanswered', `${action}Attempted`, reached]);
    expect(around.between.sent('POST', path)).toHaveLength(sent + 1);
    expect(around.between.sent('POST', path).at(-1)).toEqual(around.between.sent('POST', path)[0]);
    expect(await service.view(order)).toMatchObject({ status: word, in_doubt: false });
  });

  it('carried out, its answer lost, is found by a look and not sent again', async () => {
    around.between.let('POST', path, { type: 'lost_after' });
    expect((await service.act(action, order)).type).toBe('in_doubt');
    const sent = around.between.sent('POST', path).length;
    await service.roundAfter(seconds(1));
    expect(await since(before)).toEqual([`${action}Requested`, 'GatewayUnanswered', reached]);
    expect(around.between.sent('POST', path)).toHaveLength(sent);
    expect(await service.view(order)).toMatchObject({ status: word, in_doubt: false });
  });

  it('answered is done at once', async () => {
    expect((await service.act(action, order)).type).toBe('done');
    expect(await since(before)).toEqual([`${action}Requested`, reached]);
  });
});

describe('an action that Midtrans refuses for the state', () => {
  const no: JsonObject = { status_code: '412', status_message: 'Merchant cannot modify the status of the transaction' };
  const cancel = /\/cancel$/;

  it('is refused after a look that brings ours up to date', async () => {
    await pendingGopay();
    await around.simulator.pay(order);
    expect(await service.act('Cancel', order)).toMatchObject({
      type: 'refused',
      refusal: { because: 'state', statusCode: 412 },
    });
    expect(await since(2)).toEqual(['CancelRequested', 'PaymentSettled', 'CancelRefused']);
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, in_doubt: false });
  });

  it('stays in doubt when looking fails, since an earlier send of ours may be why', async () => {
    await pendingGopay();
    around.between.let('POST', cancel, { type: 'lost_after' }, 1);
    around.between.let('POST', cancel, { type: 'answered', body: no });
    around.between.let('GET', status, { type: 'lost_before' });
    expect((await service.act('Cancel', order)).type).toBe('in_doubt');
    expect(await since(2)).toEqual(['CancelRequested', 'GatewayUnanswered']);
    around.between.heal();
    await service.roundAfter(seconds(1));
    expect(await since(2)).toEqual(['CancelRequested', 'GatewayUnanswered', 'PaymentCancelled']);
  });

  it('is done when the look shows that an earlier send of ours had reached it', async () => {
    await pendingGopay();
    around.between.let('POST', cancel, { type: 'lost_after' }, 1);
    around.between.let('POST', cancel, { type: 'answered', body: no }, 1);
    expect((await service.act('Cancel', order)).type).toBe('done');
    expect(await since(2)).toEqual(['CancelRequested', 'PaymentCancelled']);
  });
});

describe('a capture of less, sent twice', () => {
  const capture = /\/capture$/;
  const declined: JsonObject = { status_code: '202', status_message: 'Capture is declined by the bank' };

  it('and declined the second time is known by its amount when the first comes through after all', async () => {
    await authorized();
    around.between.let('POST', capture, { type: 'lost_before' });
    expect((await service.act('Capture', order, 30_000)).type).toBe('in_doubt');
    const [first] = around.between.sent('POST', capture);
    around.between.heal();
    around.between.let('POST', capture, { type: 'answered', body: declined });
    await service.roundAfter(seconds(1));
    expect((await service.types(order)).at(-1)).toBe('CaptureRefused');

    await around.simulator.api('POST', '/v2/capture', first?.body);
    const told = await midtrans();
    around.between.let('GET', status, { type: 'answered', body: { ...told, gross_amount: '30000.00' } });
    await service.sync(order);
    expect(await service.view(order)).toMatchObject({ status: 'capture', paid: true, captured_amount: 30_000 });
    expect(service.alarms()).toEqual([]);
  });

  it('and declined for having been made is made: a look tells', async () => {
    await authorized();
    const before = await midtrans();
    around.between.let('POST', capture, { type: 'lost_after' });
    expect((await service.act('Capture', order, 30_000)).type).toBe('in_doubt');
    around.between.heal();
    // Midtrans is slow to show it: a first look does not find it.
    around.between.let('GET', status, { type: 'answered', body: before }, 1);
    around.between.let('POST', capture, { type: 'answered', body: declined });
    await service.roundAfter(seconds(1));
    expect((await service.types(order)).slice(-2)).toEqual(['CaptureAttempted', 'PaymentCaptured']);
    expect(await service.view(order)).toMatchObject({ status: 'capture', in_doubt: false, captured_amount: 30_000 });
  });
});

describe('a cancel that was lost on the way', () => {
  it('does not void what the customer has paid meanwhile', async () => {
    await cardCharge({});
    around.between.let('POST', /\/cancel$/, { type: 'lost_before' });
    expect((await service.act('Cancel', order)).type).toBe('in_doubt');
    const sent = around.between.sent('POST', /\/cancel$/).length;
    around.between.heal();
    await around.simulator.pay(order);
    await service.roundAfter(seconds(1));
    await service.roundAfter(hours(1));
    expect(await since(2)).toEqual(['CancelRequested', 'GatewayUnanswered', 'PaymentCaptured', 'CancelRefused']);
    expect(around.between.sent('POST', /\/cancel$/)).toHaveLength(sent);
    expect(await service.view(order)).toMatchObject({ status: 'capture', paid: true, in_doubt: false });
  });
});

describe('a page that is to be closed', () => {
  const close = /^\/snap\/v1\/transactions\/[^/]+\/cancel$/;

  it.each([
    ['Cancel', 'PaymentCancelled', 'cancel'],
    ['Expiry', 'PaymentExpired', 'expire'],
  ] as const)('is closed with the token that was sealed: %s', async (action, event, word) => {
    await service.make('snap', order);
    expect((await service.act(action, order)).type).toBe('done');
    expect(await since(2)).toEqual([`${action}Requested`, event]);
    expect((await service.view(order)).status).toBe(word);
  });

  it('after a lost answer is closed by another attempt', async () => {
    await service.make('snap', order);
    around.between.let('POST', close, { type: 'lost_after' });
    expect((await service.act('Cancel', order)).type).toBe('in_doubt');
    around.between.heal();
    await service.roundAfter(seconds(1));
    await service.roundAfter(minutes(1));
    expect(await service.view(order)).toMatchObject({ status: 'cancel', in_doubt: false });
    expect((await service.types(order)).at(-1)).toBe('PaymentCancelled');
  });

  it('whose repeat inside the same call finds it closed is closed', async () => {
    await service.make('snap', order);
    around.between.let('POST', close, { type: 'lost_after' }, 1);
    expect((await service.act('Cancel', order)).type).toBe('done');
    expect(await since(2)).toEqual(['CancelRequested', 'PaymentCancelled']);
  });

  it('after a denied try is closed, and nobody can pay on it any more', async () => {
    await service.make('snap', order);
    await around.simulator.act('deny', order, { payment_type: 'credit_card' });
    await service.sync(order);
    expect((await service.view(order)).status).toBe('deny');
    expect((await service.act('Cancel', order)).type).toBe('done');
    expect(await service.view(order)).toMatchObject({ status: 'cancel', in_doubt: false });
    await expect(around.simulator.pay(order)).rejects.toThrow('409');
  });

  it('on which the customer is paying cannot be closed: a look tells what is going on', async () => {
    await service.make('snap', order);
    await around.simulator.pay(order);
    expect(await service.act('Cancel', order)).toMatchObject({ type: 'refused', refusal: { because: 'state' } });
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, in_doubt: false });
  });
});

describe('while a charge is in doubt', () => {
  it('nothing else is done to the payment', async () => {
    around.between.let('POST', /charge$/, { type: 'lost_after' });
    await service.make('permata', order);
    for (const action of ['Cancel', 'Expiry'] as const)
      expect(await service.act(action, order)).toMatchObject({
        type: 'rejected',
        rejection: { code: 'charge-in-doubt' },
      });
    expect(await since(0)).toEqual(['PaymentInitiated', 'GatewayUnanswered']);
    await service.roundAfter(hours(1));
    expect((await service.act('Cancel', order)).type).toBe('done');
  });
});
