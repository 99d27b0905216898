import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceInDoubt, surroundings, type Surroundings } from './doubts-kit.js';

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
  order = `by-id-${(orders += 1)}`;
});
afterEach(() => service.close());

/** A page on which the customer has picked this method, of which we were told. */
const picked = async (method: string): Promise<string> => {
  await service.make('snap', order, { details: { enabled_payments: [method] } });
  const { payment_details: details } = await service.view(order);
  await around.simulator.submit(details['redirect_url'] as string, { method });
  const [transaction] = await around.simulator.transactionsOf(order);
  const id = transaction?.['transaction_id'] as string;
  await service.notified(order, id);
  expect(await service.view(order)).toMatchObject({ status: 'pending', transaction_id: id });
  return id;
};

const asked = () => around.between.sent('GET', /\/status$/).map(({ path }) => path);

describe.each(['dana', 'danamon_va', 'seabank_va'])('%s, which Midtrans finds by transaction id only', (method) => {
  it('picked on a page and paid, is found by sync', async () => {
    const id = await picked(method);
    await around.simulator.pay(order);
    around.between.seen.length = 0;
    await service.sync(order);
    expect(asked()).toEqual([`/v2/${order}/status`, `/v2/${id}/status`]);
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, transaction_id: id });
  });

  it('picked on a page and paid, is found when it is too late to cancel it', async () => {
    const id = await picked(method);
    await around.simulator.pay(order);
    around.between.seen.length = 0;
    const { type } = await service.act('Cancel', order);
    expect([type, asked()]).toEqual(['refused', [`/v2/${id}/status`]]);
    expect(await service.view(order)).toMatchObject({ status: 'settlement', paid: true, in_doubt: false });
  });
});

it('A method that Midtrans finds by order id is asked for by it, since the customer may have tried another meanwhile', async () => {
  await picked('bca_va');
  around.between.seen.length = 0;
  await service.sync(order);
  expect(asked()).toEqual([`/v2/${order}/status`]);
});
