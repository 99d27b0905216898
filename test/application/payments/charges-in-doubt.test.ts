import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { hours, minutes, ServiceInDoubt, surroundings, type Surroundings } from './doubts-kit.js';

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

const charge = /^\/v2\/charge$/;
const status = /\/status$/;
const page = /^\/snap\/v1\/transactions$/;
const looks = () => around.between.sent('GET', status).length;
const chargesSent = () => around.between.sent('POST', charge).length;
const seconds = (n: number): number => n * 1_000;

/** Lost on the way, as often as the adapter repeats it. */
const lose = (where: 'lost_before' | 'lost_after', path = charge) => around.between.let('POST', path, { type: where });

describe('a charge whose answer was lost', () => {
  it('is found by a look, but not before its caller could have brought the answer home', async () => {
    lose('lost_after');
    expect((await service.make('permata', order)).type).toBe('in_doubt');
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'GatewayUnanswered']);
    expect(await service.view(order)).toMatchObject({ status: 'initiated', in_doubt: true, paid: false });
    await service.round();
    expect(looks()).toBe(0);

    await service.roundAfter(seconds(1));
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'GatewayUnanswered', 'PaymentPending']);
    expect(await service.view(order)).toMatchObject({ status: 'pending', in_doubt: false });
    expect([looks(), chargesSent(), (await around.simulator.transactionsOf(order)).length]).toEqual([1, 1, 1]);
    await service.roundAfter(hours(1));
    expect(looks()).toBe(1);
  });

  it('is let go of at once by a process that loses it, while its look goes on and finds it', async () => {
    lose('lost_after');
    await service.make('permata', order);
    around.between.let('GET', status, { type: 'held', ms: 300 }, 1);
    service.clock.push(seconds(1));
    const { ended } = await service.roundPutDown(() => looks() === 1);
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'GatewayUnanswered']);
    await ended;
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'GatewayUnanswered', 'PaymentPending']);
  });

  it('of a method with idempotency is repeated inside its call, and made once', async () => {
    around.between.let('POST', charge, { type: 'lost_after' }, 1);
    expect((await service.make('gopay', order)).type).toBe('done');
    const [first, second, ...more] = around.between.sent('POST', charge);
    expect(more).toEqual([]);
    expect(first?.idempotencyKey).toMatch(/^charge-/);
    expect(second).toEqual(first);
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'PaymentPending']);
    expect(await around.simulator.transactionsOf(order)).toHaveLength(1);
  });

  it('is settled by a sync of anybody at any time', async () => {
    lose('lost_after');
    await service.make('permata', order);
    expect((await service.sync(order)).type).toBe('synced');
    expect(await service.types(order)).toEqual([
      'PaymentInitiated',
      'GatewayUnanswered',
      'GatewayAsked',
      'PaymentPending',
    ]);
  });

  it('is seen by a resolver that remembers nothing, after a crash between wish and answer', async () => {
    lose('lost_after');
    await service.make('permata', order);
    service.clock.push(seconds(1));
    await service.round(service.anotherResolver());
    expect((await service.view(order)).status).toBe('pending');
  });
});

describe('a charge that never arrived', () => {
  const looked = 'GatewayAsked';

  it('is given up only ten minutes after it was sent, when it was missing twice, a minute apart', async () => {
    lose('lost_before');
    expect((await service.make('permata', order)).type).toBe('in_doubt');
    const asked = async () => (await service.events(order)).filter(({ type }) => type === looked).map(({ data }) => data['absence_counts']); // prettier-ignore
    // Counted from the moment at which its caller's time was up: 0 s, 30 s, 2, 5 and 10 minutes.
    await service.roundAfter(seconds(1));
    expect(await asked()).toEqual([false]);
    await service.roundAfter(seconds(15));
    expect(await asked()).toEqual([false]);
    await service.roundAfter(seconds(15));
    expect(await asked()).toEqual([false, false]);
    await service.roundAfter(minutes(1.5));
    await service.roundAfter(minutes(3));
    expect(await asked()).toEqual([false, false, false, false]);
    await service.roundAfter(minutes(4.5));
    expect(await asked()).toEqual([false, false, false, false]);
    await service.roundAfter(minutes(0.6));
    expect(await asked()).toEqual([false, false, false, false, true]);
    await service.roundAfter(seconds(40));
    expect(await asked()).toEqual([false, false, false, false, true]);
    await service.roundAfter(seconds(30));
    expect((await service.types(order)).at(-1)).toBe('ChargeNotMade');
    expect(await service.view(order)).toMatchObject({ status: 'failure', in_doubt: false, captured_amount: 0 });
    expect([chargesSent(), (await around.simulator.transactionsOf(order)).length]).toEqual([1, 0]);

    await service.roundAfter(hours(5));
    expect(looks()).toBe(6);
  });

  it('re-opens with an alarm when it turns up after all', async () => {
    lose('lost_before');
    await service.make('permata', order);
    await service.roundAfter(minutes(11));
    await service.roundAfter(minutes(2));
    expect((await service.types(order)).at(-1)).toBe('ChargeNotMade');

    // What was lost was only very late.
    const [sent] = around.between.sent('POST', charge);
    await around.simulator.api('POST', '/v2/charge', sent?.body);
    expect((await service.sync(order)).type).toBe('synced');
    expect((await service.types(order)).slice(-2)).toEqual(['GatewayContradiction', 'PaymentPending']);
    expect((await service.events(order)).at(-2)?.data).toMatchObject({ kind: 'charge_turned_up', detail: 'not_made' });
    expect((await service.view(order)).status).toBe('pending');
    expect(service.alarms()).toEqual(['gateway_contradiction']);
  });

  it.each([
    ['with a wish of its own', { custom_field3: 'their-wish' }],
    ['with something else where ours has its wish', { custom_field3: 'legacy shop / 77' }],
    ['with nothing there', {}],
  ])('is not mistaken for what another system charges under the same order id %s', async (_, theirs) => {
    lose('lost_before');
    await service.make('permata', order);
    const foreign = { transaction_details: { order_id: order, gross_amount: 50_000 } };
    await around.simulator.api('POST', '/v2/charge', { payment_type: 'bank_transfer', ...foreign, bank_transfer: { bank: 'permata' }, ...theirs }); // prettier-ignore
    await service.roundAfter(seconds(1));
    expect((await service.types(order)).slice(2)).toEqual(['GatewayContradiction', 'PaymentFailed']);
    expect((await service.events(order)).at(-1)?.data).toMatchObject({ because: 'gateway_order_id_taken' });
    expect(await service.view(order)).toMatchObject({ status: 'failure', transaction_id: null, in_doubt: false });
    expect(service.alarms()).toEqual(['gateway_contradiction', 'gateway_order_id_taken']);
  });
});

describe('a charge under an order id that Midtrans knows from elsewhere', () => {
  it('fails at once, is never adopted, and raises an alarm', async () => {
    await around.simulator.api('POST', '/v2/charge', {
      payment_type: 'gopay',
      transaction_details: { order_id: order, gross_amount: 50_000 },
    });
    expect(await service.make('gopay', order)).toMatchObject({
      type: 'refused',
      refusal: { because: 'conflict', statusCode: 406 },
    });
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'PaymentFailed']);
    await around.simulator.pay(order);
    await service.sync(order);
    expect(await service.view(order)).toMatchObject({ status: 'failure', paid: false, transaction_id: null });
    expect(service.alarms()).toEqual(['gateway_order_id_taken', 'gateway_contradiction']);
  });
});

describe('a charge that could not be sent', () => {
  const down = 'http://127.0.0.1:9';

  it('is no doubt: the same request is the next attempt, under the same wish', async () => {
    around.between.let('POST', charge, { type: 'answered', status: 429, body: { message: 'API rate limit exceeded' } });
    expect(await service.make('gopay', order)).toMatchObject({ type: 'not_sent', because: 'rate_limited' });
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'ChargeNotSent']);
    expect(await service.view(order)).toMatchObject({ status: 'initiated', in_doubt: false });
    around.between.heal();
    expect((await service.make('gopay', order)).type).toBe('done');
    expect(await service.types(order)).toEqual([
      'PaymentInitiated',
      'ChargeNotSent',
      'ChargeAttempted',
      'PaymentPending',
    ]);
    const sent = around.between.sent('POST', charge);
    for (const one of sent) expect(one).toEqual(sent[0]);
  });

  it('fails after 24 hours, and not before', async () => {
    const offline = new ServiceInDoubt(down);
    try {
      expect(await offline.make('gopay', order)).toMatchObject({ type: 'not_sent', because: 'unreachable' });
      await offline.roundAfter(hours(23.9));
      expect(await offline.types(order)).toEqual(['PaymentInitiated', 'ChargeNotSent']);
      await offline.roundAfter(hours(0.2));
      expect(await offline.types(order)).toEqual(['PaymentInitiated', 'ChargeNotSent', 'PaymentFailed']);
      expect((await offline.events(order)).at(-1)?.data).toMatchObject({ because: 'not_sent_in_time' });
      expect(await offline.view(order)).toMatchObject({ status: 'failure', in_doubt: false });
    } finally {
      await offline.close();
    }
  });

  it('because of our account burns no order id', async () => {
    around.between.let('POST', charge, { type: 'answered', status: 401, body: { status_code: '401', status_message: 'Access denied due to unauthorized transaction' } }, 1); // prettier-ignore
    expect(await service.make('gopay', order)).toMatchObject({ type: 'refused', refusal: { because: 'account' } });
    expect(await service.view(order)).toMatchObject({ status: 'initiated', in_doubt: false });
    expect((await service.make('gopay', order)).type).toBe('done');
    expect((await service.view(order)).status).toBe('pending');
  });
});

describe('an order whose payment has failed', () => {
  /** The order again, by the same user: with the same body, and with another. */
  const askedAgain = async () => {
    const [same, other] = [await service.make('gopay', order), await service.make('gopay', order, { amount: rupiah(1) })];
    return [same.type === 'done' ? same.novelty : same.type, other.type === 'rejected' ? other.rejection.code : other.type];
  }; // prettier-ignore

  it('means that payment for ever: after a charge that was not made it is shown, and nothing is sent', async () => {
    lose('lost_before');
    await service.make('gopay', order);
    await service.roundAfter(minutes(11));
    await service.roundAfter(minutes(2));
    around.between.heal();
    const sent = chargesSent();
    expect(await askedAgain()).toEqual(['again', 'order-id-taken']);
    expect([chargesSent(), (await service.types(order)).at(-1)]).toEqual([sent, 'ChargeNotMade']);
    expect(await service.view(order)).toMatchObject({ status: 'failure', in_doubt: false });
  });

  it('means that payment for ever: 24 hours after a charge that could not be sent, and not before', async () => {
    around.between.let('POST', charge, { type: 'answered', status: 429, body: { message: 'API rate limit exceeded' } });
    expect((await service.make('gopay', order)).type).toBe('not_sent');
    service.clock.push(hours(23.9));
    expect((await service.make('gopay', order)).type).toBe('not_sent');
    service.clock.push(hours(0.2));
    around.between.heal();
    const sent = chargesSent();
    expect(await askedAgain()).toEqual(['again', 'order-id-taken']);
    expect([chargesSent(), (await service.types(order)).at(-1)]).toEqual([sent, 'PaymentFailed']);
    expect(await service.view(order)).toMatchObject({ status: 'failure', in_doubt: false });
  });
});

describe('a method that is not offered any more', () => {
  const disabled = { type: 'unavailable', because: 'disabled' };

  it('is not charged with, also not by the next attempt of what could not be sent while it was', async () => {
    around.between.let('POST', charge, { type: 'answered', status: 429, body: { message: 'API rate limit exceeded' } });
    expect((await service.make('gopay', order)).type).toBe('not_sent');
    around.between.heal();
    await service.offer('gopay', false);
    const sent = chargesSent();
    expect(await service.make('gopay', order)).toEqual(disabled);
    expect([chargesSent(), (await service.types(order)).at(-1)]).toEqual([sent, 'ChargeNotSent']);
    await service.offer('gopay', true);
    expect((await service.make('gopay', order)).type).toBe('done');
  });

  it('is still answered for with what was made, or is in doubt, and takes nothing new', async () => {
    await service.make('gopay', order);
    lose('lost_after');
    await service.make('gopay', `${order}-lost`);
    await service.offer('gopay', false);
    expect(await service.make('gopay', order)).toMatchObject({ type: 'done', novelty: 'again' });
    expect((await service.make('gopay', `${order}-lost`)).type).toBe('in_doubt');
    expect(await service.make('gopay', order, { amount: rupiah(60_000) })).toMatchObject({ type: 'rejected' });
    expect(await service.make('gopay', `${order}-new`)).toEqual(disabled);
  });
});

describe('a Snap page whose answer was lost', () => {
  it('is asked for again after claiming it: the older page dies, and the sealed customer data goes along', async () => {
    lose('lost_after', page);
    expect((await service.make('snap', order)).type).toBe('in_doubt');
    const before = around.between.sent('POST', page).length;
    around.between.heal();
    await service.round();
    expect(around.between.sent('POST', page)).toHaveLength(before);

    await service.roundAfter(seconds(1));
    expect(await service.types(order)).toEqual([
      'PaymentInitiated',
      'GatewayUnanswered',
      'ChargeAttempted',
      'PaymentPending',
    ]);
    const sent = around.between.sent('POST', page);
    expect(sent).toHaveLength(before + 1);
    expect(sent.at(-1)).toEqual(sent[0]);
    const { status: word, payment_details: details } = await service.view(order);
    expect([word, typeof details['snap_token'], typeof details['redirect_url']]).toEqual([
      'pending',
      'string',
      'string',
    ]);

    await around.simulator.pay(order);
    await service.sync(order);
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, captured_amount: 50_000 });
    expect(await around.simulator.transactionsOf(order)).toHaveLength(1);
  });

  it('is asked for once only by two resolvers that see it at the same time', async () => {
    lose('lost_before', page);
    await service.make('snap', order);
    const before = around.between.sent('POST', page).length;
    around.between.heal();
    service.clock.push(seconds(1));
    await service.catchUp();
    await Promise.all([service.round(service.anotherResolver()), service.round(service.anotherResolver())]);
    expect(around.between.sent('POST', page)).toHaveLength(before + 1);
    expect((await service.types(order)).filter((type) => type === 'ChargeAttempted')).toHaveLength(1);
  });
});

describe('a Snap page that Midtrans can never make', () => {
  it('is asked for until its time is over, then looked for once more and given up', async () => {
    around.between.let('POST', page, { type: 'answered', status: 500, body: { error_messages: ['Sorry'] } });
    expect((await service.make('snap', order, { expiry: { duration: 2, unit: 'hour' } })).type).toBe('in_doubt');
    for (let hour = 0; hour < 2; hour += 1) await service.roundAfter(hours(1));
    expect(await service.view(order)).toMatchObject({ status: 'initiated', in_doubt: true });
    const asked = around.between.sent('POST', page).length;
    for (let hour = 0; hour < 3; hour += 1) await service.roundAfter(hours(1));
    expect((await service.types(order)).at(-1)).toBe('ChargeNotMade');
    expect(await service.view(order)).toMatchObject({ status: 'failure', in_doubt: false });
    expect(around.between.sent('POST', page)).toHaveLength(asked);
  });
});

describe('a page in doubt of a customer who is erased', () => {
  it('is asked for no more, and was not made when Midtrans knows nothing after its time', async () => {
    lose('lost_after', page);
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    around.between.heal();
    const asked = around.between.sent('POST', page).length;
    await service.erase();
    await service.roundAfter(seconds(1));
    expect(await service.view(order)).toMatchObject({ status: 'initiated', in_doubt: true, customer_details: null });
    await service.roundAfter(minutes(31));
    expect(await service.types(order)).toEqual([
      'PaymentInitiated',
      'GatewayUnanswered',
      'GatewayAsked',
      'ChargeNotMade',
    ]);
    expect(await service.view(order)).toMatchObject({ status: 'failure', in_doubt: false });
    expect(around.between.sent('POST', page)).toHaveLength(asked);
  });

  it('is known as soon as somebody has paid on it', async () => {
    lose('lost_after', page);
    await service.make('snap', order);
    around.between.heal();
    await around.simulator.pay(order);
    await service.erase();
    await service.round();
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, in_doubt: false });
  });
});

describe('a page on which nobody picked a method', () => {
  it.each(['snap', 'dana'] as const)('of %s expires ten minutes after its end, not before', async (provider) => {
    await service.make(provider, order, { expiry: { duration: 20, unit: 'minute' } });
    await service.roundAfter(minutes(29));
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'PaymentPending']);
    expect(looks()).toBe(0);
    await service.roundAfter(minutes(1.1));
    expect(await service.types(order)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentExpired']);
    expect(await service.view(order)).toMatchObject({ status: 'expire', in_doubt: false });
  });

  it('is asked for again when Midtrans cannot be asked at its end', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    around.between.let('GET', status, { type: 'lost_before' });
    await service.roundAfter(minutes(31));
    expect((await service.view(order)).status).toBe('pending');
    around.between.heal();
    await service.roundAfter(seconds(10));
    expect((await service.view(order)).status).toBe('expire');
  });

  it('and whose order id somebody else has used expires all the same, and is looked at no more', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    const foreign = { transaction_details: { order_id: order, gross_amount: 50_000 } };
    await around.simulator.api('POST', '/v2/charge', {
      payment_type: 'gopay',
      ...foreign,
      custom_field3: 'their-wish',
    });
    await service.roundAfter(minutes(31));
    expect(await service.view(order)).toMatchObject({ status: 'expire', transaction_id: null, in_doubt: false });
    expect(service.alarms()).toEqual(['gateway_contradiction']);
    const asked = looks();
    for (let hour = 0; hour < 5; hour += 1) await service.roundAfter(hours(1));
    expect(looks()).toBe(asked);
  });

  it('and of which Midtrans says what cannot be is looked at hourly in the end', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    await around.simulator.pay(order);
    const told = await around.simulator.api('GET', `/v2/${order}/status`);
    around.between.let('GET', status, { type: 'answered', body: { ...told, gross_amount: '1.00' } });
    for (let round = 0; round < 40; round += 1) await service.roundAfter(minutes(20));
    const asked = looks();
    for (let round = 0; round < 24; round += 1) await service.roundAfter(minutes(10));
    expect(looks() - asked).toBeLessThanOrEqual(4);
    expect(looks()).toBeGreaterThan(asked);
  });

  it('after a denied one is looked at when its time is over: what was paid on it since, unheard of, is found', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    await around.simulator.act('deny', order, { payment_type: 'credit_card' });
    await service.sync(order);
    await around.simulator.pay(order);
    await service.roundAfter(minutes(31));
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true });
  });

  it('after a denied one expires too, and is looked at no more', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    await around.simulator.act('deny', order, { payment_type: 'credit_card' });
    await service.sync(order);
    await service.roundAfter(minutes(31));
    expect(await service.view(order)).toMatchObject({ status: 'expire', in_doubt: false });
    const asked = looks();
    for (let hour = 0; hour < 3; hour += 1) await service.roundAfter(hours(1));
    expect(looks()).toBe(asked);
  });

  it('that was paid is not called expired', async () => {
    await service.make('snap', order, { expiry: { duration: 20, unit: 'minute' } });
    await around.simulator.pay(order);
    await service.roundAfter(minutes(31));
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true });
  });
});

describe('a doubt that does not end', () => {
  it('is an alarm after an hour, and looked at hourly', async () => {
    lose('lost_before');
    await service.make('permata', order);
    around.between.let('GET', status, { type: 'answered', status: 502, body: { message: 'Bad gateway' } });
    await service.roundAfter(minutes(59));
    expect(service.alarms()).toEqual([]);
    await service.roundAfter(minutes(11));
    expect(service.alarms()).toEqual(['in_doubt_too_long']);
    expect(service.journal.entries.at(-1)).toMatchObject({ fields: { order_id: order } });
  });

  it('is an alarm after an hour also when Midtrans answers every look, and a person looks in between', async () => {
    await service.make('gopay', order);
    await around.simulator.pay(order);
    await service.sync(order);
    around.between.let('POST', /\/refund$/, { type: 'lost_before' });
    await service.refund(order, 'r-1', 20_000);
    await service.roundAfter(seconds(1));
    for (let minute = 1; minute < 60; minute += 1) {
      await service.roundAfter(minutes(1));
      if (minute > 40) await service.sync(order);
    }
    expect(service.alarms()).toEqual([]);
    const before = looks();
    await service.roundAfter(minutes(1));
    expect(service.alarms()).toEqual(['in_doubt_too_long']);
    expect(looks()).toBeGreaterThan(before);

    // Told once, and looked at as planned from then on.
    const told = looks();
    for (let round = 0; round < 10; round += 1) await service.roundAfter(minutes(1));
    expect([service.alarms(), looks()]).toEqual([['in_doubt_too_long'], told]);
  });

  it('is told to a person once, whoever looks after it next', async () => {
    lose('lost_before');
    await service.make('permata', order);
    around.between.let('GET', status, { type: 'answered', status: 502, body: { message: 'Bad gateway' } });
    for (let hour = 0; hour < 3; hour += 1) await service.roundAfter(hours(1.1));
    await service.round(service.anotherResolver());
    expect(service.alarms()).toEqual(['in_doubt_too_long']);
  });

  it('is not looked at again and again when Midtrans says what cannot be', async () => {
    lose('lost_after');
    await service.make('permata', order);
    const told = await around.simulator.api('GET', `/v2/${order}/status`);
    around.between.let('GET', status, { type: 'answered', body: { ...told, gross_amount: '1.00' } });
    await service.roundAfter(seconds(1));
    for (let round = 0; round < 10; round += 1) await service.roundAfter(seconds(1));
    expect(looks()).toBeLessThanOrEqual(2);
    expect(service.alarms()).toEqual(['gateway_contradiction']);
    await service.roundAfter(minutes(1));
    expect(looks()).toBeLessThanOrEqual(3);

    // Once it is put right at Midtrans, the next look settles it.
    around.between.heal();
    await service.roundAfter(minutes(30));
    expect((await service.view(order)).status).toBe('pending');
  });
});

describe('two who ask for the same payment at once', () => {
  it('make one: the second is told that it is under way', async () => {
    around.between.let('POST', charge, { type: 'held', ms: 100 });
    const answers = await Promise.all([service.make('gopay', order), service.make('gopay', order)]);
    expect(answers.map(({ type }) => type).sort()).toEqual(['done', 'in_doubt']);
    expect([chargesSent(), await service.types(order)]).toEqual([1, ['PaymentInitiated', 'PaymentPending']]);
  });

  it('for different things make one, and the other is told that the order id is taken', async () => {
    const answers = await Promise.all([
      service.make('gopay', order),
      service.make('gopay', order, { amount: rupiah(60_000) }),
    ]);
    expect(answers.map((answer) => (answer.type === 'rejected' ? answer.rejection.code : answer.type)).sort()).toEqual([
      'done',
      'order-id-taken',
    ]);
    expect(chargesSent()).toBe(1);
  });
});
