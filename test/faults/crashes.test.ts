import { describe, expect, it, jest } from '@jest/globals';
import { orderOf } from '../journeys/orders.js';
import { until } from '../service/until.js';
import { charge, page, unheard, withKillableService } from './killable-service.js';

jest.setTimeout(40_000);

const killed = withKillableService();

describe('a service killed', () => {
  it('after Midtrans charged and before the answer came finds the charge, and it is the only one', async () => {
    const { between, client, order, simulator } = killed();
    between.let('POST', charge, { type: 'unanswered' });
    unheard(client.make(orderOf(order, 'gopay')));
    await until('charged', async () => (await simulator.transactionsOf(order)).length === 1);
    await killed().kill();
    await killed().begin();
    const id = await killed().idOfOrder();
    await client.becomes(id, { status: 'pending', in_doubt: false }, 10_000);
    await simulator.pay(order);
    expect(await client.becomes(id, { status: 'settlement' })).toMatchObject({ captured_amount: 50_000, paid: true });
    expect(await simulator.transactionsOf(order)).toHaveLength(1);
    expect(between.sent('POST', charge)).toHaveLength(1);
    expect(await client.types(id)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  });

  it('between its wish and the call for a page asks for it again, and the page is paid once', async () => {
    const { between, client, order, simulator } = killed();
    between.let('POST', page, { type: 'kept' });
    unheard(client.make(orderOf(order, 'snap', { enabled_payments: ['gopay'] })));
    await killed().arrived(page);
    await killed().kill();
    await killed().begin();
    const id = await killed().idOfOrder();
    await client.becomes(id, { status: 'pending', in_doubt: false }, 10_000);
    await simulator.pay(order);
    await client.becomes(id, { status: 'settlement', captured_amount: 50_000 });
    expect(await simulator.transactionsOf(order)).toHaveLength(1);
    expect(await client.types(id)).toEqual(['PaymentInitiated', 'ChargeAttempted', 'PaymentPending', 'PaymentSettled']);
  });
});
