import { describe, expect, it, jest } from '@jest/globals';
import { orderOf } from '../journeys/orders.js';
import { asText } from '../service/caller.js';
import { until } from '../service/until.js';
import { charge, refund, status, unheard, withKillableService } from './killable-service.js';

jest.setTimeout(40_000);

const killed = withKillableService();

describe('a service killed', () => {
  it('between its wish and the call gives the charge up, and charges nothing', async () => {
    const { between, client, order, simulator } = killed();
    between.let('POST', charge, { type: 'kept' });
    unheard(client.make(orderOf(order, 'gopay')));
    await killed().arrived(charge);
    await killed().kill();
    await killed().begin();
    const id = await killed().idOfOrder();
    expect(await client.payment(id)).toMatchObject({ status: 'initiated', in_doubt: true });
    await client.becomes(id, { status: 'failure', in_doubt: false }, 15_000);
    expect((await client.types(id)).at(-1)).toBe('ChargeNotMade');
    expect([await simulator.transactionsOf(order), between.sent('POST', charge).length]).toEqual([[], 1]);
  });

  it.each(['kept', 'unanswered'] as const)('during a refund that is %s makes it once', async (type) => {
    const { between, client, order, simulator } = killed();
    const { body } = await client.make(orderOf(order, 'gopay'));
    const id = asText(body['id']);
    await simulator.pay(order);
    await client.becomes(id, { status: 'settlement' });
    await simulator.fault({ notifications: { lose: 1 } });
    between.let('POST', refund, { type });
    unheard(client.act(id, 'refunds', { amount: 20_000, reason: 'broken', refund_key: 'r-1' }));
    await killed().arrived(refund);
    if (type === 'unanswered')
      await until('refunded', async () => (await simulator.transactionsOf(order))[0]?.['refund_amount'] !== undefined);
    await killed().kill();
    await killed().begin();
    await client.becomes(id, { in_doubt: false, refunded_amount: 20_000, refundable_amount: 30_000 }, 10_000);
    const [there] = await simulator.transactionsOf(order);
    expect([there?.['refund_amount'], there?.['refunds']]).toEqual(['20000.00', [expect.anything()]]);
  });

  it('after it acknowledged a notification works on it when it is back', async () => {
    const { between, client, order, simulator } = killed();
    const { body } = await client.make(orderOf(order, 'gopay'));
    between.let('GET', status, { type: 'kept' });
    await simulator.pay(order);
    await killed().arrived(status, 'GET');
    await killed().kill();
    await killed().begin();
    const id = asText(body['id']);
    await client.becomes(id, { status: 'settlement' });
    expect(await client.types(id)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  });
});
