import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/domain/json.js';
import { asText } from '../service/caller.js';
import { openShop, type Shop } from '../service/shop.js';
import { orderOf } from './orders.js';

let shop: Shop;
let order: string;
let orders = 0;

beforeAll(async () => {
  shop = await openShop({ DIRECT_REFUNDS: 'credit_card,gopay' });
});
afterAll(() => shop.close());
beforeEach(() => {
  order = `direct-${(orders += 1)}`;
  shop.between.seen.length = 0;
});

const refundPaths = () => shop.between.sent('POST', /\/refund/).map(({ path }) => path.replace(/^\/v2\/[^/]+/, ''));

/** Made, paid and settled; the payment's id. */
const settled = async (paymentType: string, details: JsonObject = {}): Promise<string> => {
  const { status, body } = await shop.clerk.make(orderOf(order, paymentType, details));
  expect(status).toBe(201);
  const id = asText(body['id']);
  await (paymentType === 'credit_card' ? shop.simulator.act('settle', order) : shop.simulator.pay(order));
  await shop.clerk.becomes(id, { status: 'settlement' });
  return id;
};

const paidByCard = async (bank: string): Promise<string> => {
  const token = await shop.simulator.cardToken('4811111111111114');
  return settled('credit_card', { token_id: token, authentication: false, bank });
};

const refund = (id: string) => shop.clerk.act(id, 'refunds', { amount: 1_000, reason: 'broken', refund_key: order });

describe('a merchant who has GoPay and cards refunded directly', () => {
  it.each([
    ['GoPay', () => settled('gopay'), '/refund/online/direct'],
    [
      'GoPay that was picked on a page',
      () => settled('snap', { enabled_payments: ['gopay'] }),
      '/refund/online/direct',
    ],
    ['a card', () => paidByCard('bni'), '/refund/online/direct'],
    ['QRIS as any other', () => settled('qris'), '/refund'],
  ])('refunds %s, once', async (_what, pay, path) => {
    const id = await pay();
    const { status, body } = await refund(id);
    expect([status, body['amount'], refundPaths()]).toEqual([201, 1_000, [path]]);
    expect(await shop.clerk.becomes(id, { refunded_amount: 1_000 })).toMatchObject({ status: 'partial_refund' });
    expect((await refund(id)).status).toBe(200);
    expect(refundPaths()).toHaveLength(1);
  });

  it('is told that the acquirer of a card does not do so', async () => {
    const id = await paidByCard('mandiri');
    expect((await refund(id)).status).toBe(409);
    expect(await shop.clerk.payment(id)).toMatchObject({ status: 'settlement', in_doubt: false, refunded_amount: 0 });
  });
});
