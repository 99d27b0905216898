import { describe, expect, it } from '@jest/globals';
import type { Delivered } from './simulator-kit.js';
import { exactNumber, withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const settledGopay = async (amount = 50_000): Promise<void> => {
  await kit().charge('gopay', 'order-1', amount);
  await kit().act('order-1', 'pay');
};

const settledCard = async (bank = 'bni'): Promise<void> => {
  await kit().chargeCard('order-1', { bank });
  await kit().act('order-1', 'settle');
};

const codeOf = async (body: unknown, path = '/v2/order-1/refund'): Promise<unknown> =>
  (await kit().post(path, body)).body['status_code'];

const firstRefund = (notified: Delivered | undefined): Record<string, unknown> | undefined =>
  (notified?.body['refunds'] as Record<string, unknown>[] | undefined)?.[0];

describe('a refund', () => {
  it('is accepted in parts until nothing is left', async () => {
    await settledGopay();
    expect(
      (await kit().post('/v2/order-1/refund', { refund_key: 'a', amount: 20_000, reason: 'late' })).body,
    ).toMatchObject({
      status_code: '200',
      status_message: 'Success, refund request is approved',
      transaction_status: 'partial_refund',
      gross_amount: '50000.00',
      refund_amount: '20000.00',
      refund_key: 'a',
    });
    expect((await kit().post('/v2/order-1/refund', { refund_key: 'b', amount: 30_000 })).body).toMatchObject({
      transaction_status: 'refund',
      refund_amount: '50000.00',
    });
    expect(await kit().status('order-1')).toMatchObject({
      status_message: 'Success, refund request is approved by the bank',
      refund_amount: '50000.00',
      refunds: [
        { refund_key: 'a', refund_amount: '20000.00', reason: 'late' },
        { refund_key: 'b', refund_amount: '30000.00' },
      ],
    });
  });

  it('without an amount is of the whole, so after a part it is too much; the dashboard takes what is left', async () => {
    await settledGopay();
    expect(await codeOf({ refund_key: 'a', amount: 20_000 })).toBe('200');
    expect(await codeOf({ refund_key: 'b' })).toBe('414');
    expect((await kit().act('order-1', 'refund')).body).toMatchObject({
      transaction_status: 'refund',
      refund_amount: '50000.00',
    });
  });

  it('is refused when it is too much, repeated, of nothing, or not yet due', async () => {
    await kit().charge('gopay', 'order-1', 50_000);
    expect(await codeOf({ amount: 1_000 })).toBe('412');
    await kit().act('order-1', 'pay');
    expect(await codeOf({ amount: 50_001 })).toBe('414');
    expect(await codeOf({ amount: 0 })).toBe('414');
    expect(await codeOf({ refund_key: 'a', amount: 1_000 })).toBe('200');
    expect(await codeOf({ refund_key: 'a', amount: 1_000 })).toBe('406');
    expect(await codeOf({ refund_key: 'not a key' })).toBe('400');
  });

  it('with a key that was refused may be tried again', async () => {
    await settledGopay();
    expect(await codeOf({ refund_key: 'a', amount: 60_000 })).toBe('414');
    expect(await codeOf({ refund_key: 'a', amount: 10_000 })).toBe('200');
  });

  it('is written with a number beyond 2^53, exactly', async () => {
    await settledGopay();
    const { text } = await kit().post('/v2/order-1/refund', {});
    const digits = exactNumber(text, (body) => body['refund_chargeback_id']);
    expect(digits).toMatch(/^20\d{16}$/);
    expect(BigInt(digits) > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
    const status = await kit().api('GET', '/v2/order-1/status');
    expect(status.text).toContain(`"refund_chargeback_id":${digits},`);
  });

  it('is told twice, the second time with the confirmation of the bank', async () => {
    await settledGopay();
    await kit().merchant.first(2);
    await kit().post('/v2/order-1/refund', { refund_key: 'a', amount: 20_000 });
    const [, , accepted, confirmed] = await kit().merchant.first(4);
    const [first, second] = [firstRefund(accepted), firstRefund(confirmed)];
    expect(first && 'bank_confirmed_at' in first).toBe(false);
    expect(second?.['bank_confirmed_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(accepted?.body['signature_key']).toBe(confirmed?.body['signature_key']);
    expect(confirmed?.body['transaction_status']).toBe('partial_refund');
  });

  it('made directly is confirmed at once, and told once', async () => {
    await settledGopay();
    await kit().post('/v2/order-1/refund/online/direct', { refund_key: 'a', amount: 20_000 });
    const [, , refunded] = await kit().merchant.first(3);
    expect(firstRefund(refunded)).toMatchObject({ refund_method: 'online', bank_confirmed_at: expect.any(String) });
    await kit().advance(60);
    expect(kit().merchant.received).toHaveLength(3);
  });

  it.each([
    ['bank transfers', 'bank_transfer', { bank_transfer: { bank: 'bca' } }],
    ['stores', 'cstore', { cstore: { store: 'alfamart' } }],
    ['direct debits', 'bri_epay', {}],
  ])('is not for %s', async (_name, paymentType, rest) => {
    await kit().charge(paymentType, 'order-1', 50_000, rest);
    await kit().act('order-1', 'pay');
    expect(await codeOf({})).toBe('412');
  });

  it.each([
    ['ovo', { ovo: { payer_phone_number: '081111111111' } }],
    ['shopeepay', {}],
  ])('of %s is whole or not at all', async (paymentType, rest) => {
    await kit().charge(paymentType, 'order-1', 50_000, rest);
    await kit().act('order-1', 'pay');
    expect(await codeOf({ amount: 10_000 })).toBe('414');
    expect(await codeOf({ amount: 50_000 })).toBe('200');
  });

  it('of OVO names the payer and the invoice', async () => {
    await kit().charge('ovo', 'order-1', 50_000, { ovo: { payer_phone_number: '081111111111' } });
    await kit().act('order-1', 'pay');
    expect((await kit().post('/v2/order-1/refund', {})).body).toMatchObject({
      payer_phone_number: '081111111111',
      merchant_invoice: expect.stringMatching(/^INV\d+$/),
    });
  });

  it('comes too late after the window of the method', async () => {
    await kit().charge('kredivo', 'order-1', 50_000, {
      item_details: [{ id: '1', name: 'Shoes', price: 50_000, quantity: 1 }],
      customer_details: {},
    });
    await kit().act('order-1', 'pay');
    await kit().advance(13 * 86_400);
    expect(await codeOf({ amount: 10_000 })).toBe('200');
    await kit().advance(86_400 + 60);
    expect(await codeOf({ amount: 10_000 })).toBe('412');
  });

  it('directly is for the wallets, and for cards of some acquirers', async () => {
    await settledCard('bni');
    expect(await codeOf({ amount: 1_000 }, '/v2/order-1/refund/online/direct')).toBe('200');
    await kit().forget();
    await settledCard('mandiri');
    expect(await codeOf({ amount: 1_000 }, '/v2/order-1/refund/online/direct')).toBe('412');
    expect(await codeOf({ amount: 1_000 })).toBe('200');
  });
});

describe('a chargeback', () => {
  it('takes part of a settled card, then the rest, each time with the sum so far', async () => {
    await settledCard();
    expect((await kit().act('order-1', 'partial_chargeback', { amount: 30_000 })).body).toMatchObject({
      status_code: '200',
      transaction_status: 'partial_chargeback',
      refund_amount: '30000.00',
    });
    expect(await codeOf({ amount: 1_000 })).toBe('412');
    expect((await kit().act('order-1', 'chargeback')).body).toMatchObject({
      transaction_status: 'chargeback',
      refund_amount: '100000.00',
    });
    expect((await kit().act('order-1', 'chargeback')).http).toBe(409);
  });

  it('after a refund tells what was charged back, beside the refunds, and takes no more than the rest', async () => {
    await settledCard();
    expect(await codeOf({ refund_key: 'r-1', amount: 20_000 })).toBe('200');
    expect((await kit().act('order-1', 'partial_chargeback', { amount: 5_000 })).body).toMatchObject({
      transaction_status: 'partial_chargeback',
      refund_amount: '5000.00',
      refunds: [{ refund_key: 'r-1', refund_amount: '20000.00' }],
    });
    expect((await kit().act('order-1', 'chargeback')).body).toMatchObject({ refund_amount: '80000.00' });
  });

  it('is for cards only, and never for more than there is', async () => {
    await settledGopay();
    expect((await kit().act('order-1', 'chargeback')).http).toBe(409);
    await kit().forget();
    await settledCard();
    expect((await kit().act('order-1', 'partial_chargeback', { amount: 100_001 })).http).toBe(409);
  });
});
