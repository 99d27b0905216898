import { describe, expect, it } from '@jest/globals';
import { intervalsAfter } from '../../simulator/subscriptions/subscription.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const day = 86_400;

const savedCard = async (number = '4811111111111114'): Promise<string> => {
  const query = new URLSearchParams({
    client_key: kit().simulator.clientKey,
    card_number: number,
    card_exp_month: '12',
    card_exp_year: '2039',
  });
  const answer = (await (await kit().browse(`/v2/card/register?${query.toString()}`)).json()) as Record<string, string>;
  return answer['saved_token_id'] ?? '';
};

const subscribe = async (rest: Record<string, unknown> = {}) =>
  kit().post('/v1/subscriptions', {
    name: 'MONTHLY_2026',
    amount: '14000',
    currency: 'IDR',
    payment_type: 'credit_card',
    token: await savedCard(),
    schedule: { interval: 1, interval_unit: 'day' },
    ...rest,
  });

const charges = () =>
  kit()
    .merchant.received.filter(({ body }) => body['event_name'] === 'subscription.charge')
    .map(({ body }) => body as { transaction: Record<string, unknown>; subscription: Record<string, unknown> });

const show = async (id: unknown) => (await kit().api('GET', `/v1/subscriptions/${String(id)}`)).body;

describe('a subscription', () => {
  it('charges every interval, and says so without a signature', async () => {
    const { http, body } = await subscribe({ metadata: { plan: 'gold' } });
    expect(http).toBe(200);
    expect(body).toMatchObject({ name: 'MONTHLY_2026', amount: '14000', status: 'active', transaction_ids: [] });
    expect('status_code' in body).toBe(false);
    await kit().advance(2 * day + 60);
    const [first, second, ...more] = charges();
    expect(more).toEqual([]);
    expect(first?.transaction).toMatchObject({
      transaction_status: 'capture',
      status_code: '200',
      channel_response_message: 'Approved',
    });
    expect(first?.subscription).toMatchObject({ id: body['id'], status: 'active', metadata: { plan: 'gold' } });
    const after = await show(body['id']);
    expect(after['transaction_ids']).toEqual([
      first?.transaction['transaction_id'],
      second?.transaction['transaction_id'],
    ]);
    const transaction = await kit().status(String(first?.transaction['transaction_id']));
    expect(transaction['order_id']).toMatch(/^MONTHLY_2026\d{32}$/);
    expect(transaction['gross_amount']).toBe('14000.00');
  });

  it.each([
    [0, 1],
    [2, 2],
  ])('with max_interval %i charges %i times', async (max_interval, times) => {
    const { body } = await subscribe({ schedule: { interval: 1, interval_unit: 'day', max_interval } });
    await kit().advance(5 * day);
    expect(charges()).toHaveLength(times);
    expect((await show(body['id']))['status']).toBe('inactive');
  });

  it('tries a failed charge again, and gives up when the retries are used', async () => {
    const token = await savedCard('4911111111111113');
    const retry_schedule = { interval: 1, interval_unit: 'day', max_interval: 2 };
    const { body } = await subscribe({ token, schedule: { interval: 1, interval_unit: 'month' }, retry_schedule });
    await kit().advance(40 * day);
    expect(charges().map(({ subscription }) => subscription['status'])).toEqual(['active', 'active', 'inactive']);
    expect((await show(body['id']))['status']).toBe('inactive');
  });

  it('with a token that is gone fails with 411', async () => {
    await subscribe({ token: 'gone' });
    await kit().advance(day + 60);
    expect(charges()[0]).toMatchObject({
      transaction: { status_code: '411', status_message: 'Token id is missing, invalid, or timed out' },
      subscription: { status: 'inactive' },
    });
  });

  it('of a GoPay account goes on however often the account is looked at', async () => {
    const { account_id } = (
      await kit().post('/v2/pay/account', {
        payment_type: 'gopay',
        gopay_partner: { phone_number: '81234567891', country_code: '62' },
      })
    ).body;
    await kit().control('POST', `/accounts/${String(account_id)}/activate`);
    const look = async () => (await kit().api('GET', `/v2/pay/account/${String(account_id)}`)).body;
    const { metadata } = await look();
    const [wallet] = (metadata as { payment_options: { token: string }[] }).payment_options;
    await subscribe({ payment_type: 'gopay', token: wallet?.token, gopay: { account_id } });
    for (let times = 0; times < 25; times++) await look();
    await kit().advance(day + 60);
    expect(charges()[0]?.transaction).toMatchObject({ transaction_status: 'settlement', status_code: '200' });
  });

  it('whose card is challenged says 201', async () => {
    await subscribe({ token: await savedCard('4511111111111117') });
    await kit().advance(day + 60);
    expect(charges()[0]?.transaction).toMatchObject({ transaction_status: 'capture', status_code: '201' });
  });

  it('can be changed, disabled, enabled and cancelled', async () => {
    const { id } = (await subscribe()).body;
    const call = async (method: string, what: string, body?: unknown) =>
      kit().api(method, `/v1/subscriptions/${String(id)}${what}`, body);
    expect((await call('PATCH', '', { amount: '15000' })).body).toEqual({ status_message: 'Subscription is updated.' });
    await call('POST', '/disable');
    await kit().advance(3 * day);
    expect(charges()).toHaveLength(0);
    await call('POST', '/enable');
    await kit().advance(day + 60);
    expect(charges()).toHaveLength(1);
    expect(charges()[0]?.subscription['amount']).toBe('15000');
    await call('POST', '/cancel');
    await kit().advance(3 * day);
    expect(charges()).toHaveLength(1);
  });

  it('is refused with real HTTP codes, and every bad field named', async () => {
    const invalid = await subscribe({ amount: undefined });
    expect([invalid.http, invalid.body]).toEqual([
      400,
      { status_message: 'Invalid parameter.', validation_messages: ['subscription.amount is required'] },
    ]);
    const empty = await kit().post('/v1/subscriptions', {});
    expect(empty.body['validation_messages']).toEqual(
      ['name', 'amount', 'currency', 'payment_type', 'token', 'schedule'].map(
        (field) => `subscription.${field} is required`,
      ),
    );
    const wrong = await subscribe({
      amount: true,
      currency: 'USD',
      payment_type: 'toString',
      schedule: { interval: 1, interval_unit: 'year' },
    });
    expect(wrong.body['validation_messages']).toEqual([
      'subscription.amount is invalid',
      'subscription.currency must be IDR',
      'subscription.payment_type must be one of credit_card, gopay',
      'subscription.schedule.interval_unit must be one of day, week, month',
    ]);
    const past = await subscribe({
      schedule: { interval: 1, interval_unit: 'day', start_time: '2020-07-22 07:25:01 +0700' },
    });
    expect(past.http).toBe(400);
    const unknown = await kit().api('GET', '/v1/subscriptions/unknown');
    expect([unknown.http, unknown.body]).toEqual([404, { status_message: "Subscription doesn't exist." }]);
  });

  it('is refused in words of its own for a wrong key and for what is no JSON', async () => {
    const stranger = await kit().api('POST', '/v1/subscriptions', {}, { authorization: 'Basic eDo=' });
    expect([stranger.http, stranger.body]).toEqual([
      401,
      { status_message: 'Transaction cannot be authorized with the current client/server key.' },
    ]);
    const malformed = await kit().post('/v1/subscriptions', '{"name":');
    expect([malformed.http, malformed.body]).toEqual([
      400,
      { status_message: 'The request could not be completed due to malformed syntax' },
    ]);
  });

  it('over nothing is refused, made or changed', async () => {
    for (const amount of ['0', '0.00', '000', 0]) expect((await subscribe({ amount })).http).toBe(400);
    const { id } = (await subscribe()).body;
    expect((await kit().api('PATCH', `/v1/subscriptions/${String(id)}`, { amount: '0' })).http).toBe(400);
  });

  it.each([
    ['less than a card takes', '9000'],
    ['more than a number holds', '99999999999999999999'],
  ])('over %s fails, is told, and goes on by its retry schedule', async (_name, amount) => {
    const retry_schedule = { interval: 1, interval_unit: 'day', max_interval: 1 };
    const { id } = (await subscribe({ amount, retry_schedule })).body;
    await kit().advance(day + 60);
    expect(charges()[0]).toMatchObject({ transaction: { status_code: '400' }, subscription: { status: 'active' } });
    await kit().api('PATCH', `/v1/subscriptions/${String(id)}`, { amount: '14000' });
    await kit().advance(day);
    expect(charges()[1]).toMatchObject({ transaction: { transaction_status: 'capture' } });
  });

  it('of months ends on the last day where a month is short', () => {
    const january = Date.parse('2027-01-31T03:00:00Z');
    expect(new Date(intervalsAfter(january, 1, 'month')).toISOString()).toBe('2027-02-28T03:00:00.000Z');
    expect(new Date(intervalsAfter(january, 2, 'month')).toISOString()).toBe('2027-03-31T03:00:00.000Z');
  });
});
