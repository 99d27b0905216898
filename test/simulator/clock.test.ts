import { describe, expect, it } from '@jest/globals';
import { Agenda } from '../../simulator/clock/agenda.js';
import { nextSettlementBatch, parseRequestTime, wibTime } from '../../simulator/clock/wib-time.js';
import { withSimulator } from './simulator-kit.js';

const kit = withSimulator();

const wib = (text: string): number => parseRequestTime(`${text} +0700`) ?? Number.NaN;

/** Seconds between two times as Midtrans writes them. */
const secondsBetween = (from: unknown, to: unknown): number => (wib(String(to)) - wib(String(from))) / 1_000;

describe('times in Jakarta', () => {
  it('are written without an offset', () => {
    expect(wibTime(Date.parse('2019-10-23T09:33:49Z'))).toBe('2019-10-23 16:33:49');
  });

  it('are read with one', () => {
    expect(parseRequestTime('2016-12-07 11:54:12 +0700')).toBe(Date.parse('2016-12-07T04:54:12Z'));
    expect(parseRequestTime('2022-04-01 18:00 +0700')).toBe(Date.parse('2022-04-01T11:00:00Z'));
    expect(parseRequestTime('yesterday')).toBeUndefined();
  });

  it('the batch takes a day at 16:00 of the next', () => {
    for (const captured of ['2026-03-01 00:00:00', '2026-03-01 15:59:59', '2026-03-01 23:59:59'])
      expect(wibTime(nextSettlementBatch(wib(captured)))).toBe('2026-03-02 16:00:00');
  });
});

describe('the agenda', () => {
  it('hands out what is due by time, and of the same time in the order it came', () => {
    const agenda = new Agenda();
    const times = [5, 3, 9, 3, 1, 7, 3];
    const done: string[] = [];
    times.forEach((dueAt, index) => agenda.add({ dueAt, run: () => void done.push(`${dueAt}/${index}`) }));
    for (let task = agenda.takeDue(8); task; task = agenda.takeDue(8)) void task.run();
    expect(done).toEqual(['1/4', '3/1', '3/3', '3/6', '5/0', '7/5']);
    expect(agenda.next()?.dueAt).toBe(9);
  });
});

describe('expiry', () => {
  it.each([
    ['bank_transfer', { bank_transfer: { bank: 'bca' } }, 86_400],
    ['echannel', { echannel: { bill_info1: 'a', bill_info2: 'b' } }, 86_400],
    ['gopay', {}, 900],
    ['qris', {}, 900],
    ['shopeepay', {}, 900],
    ['ovo', { ovo: { payer_phone_number: '081111111111' } }, 65],
    ['cstore', { cstore: { store: 'alfamart' } }, 86_400],
    ['akulaku', { item_details: [{ id: '1', name: 'a', price: 50_000, quantity: 1 }], customer_details: {} }, 7_200],
    ['bri_epay', {}, 7_200],
  ])('of %s comes in its own time, is told, and answers 407', async (paymentType, rest, seconds) => {
    const charged = await kit().charge(paymentType, 'order-1', 50_000, rest);
    expect(secondsBetween(charged['transaction_time'], charged['expiry_time'])).toBe(seconds);
    await kit().advance(seconds - 5);
    expect((await kit().status('order-1'))['transaction_status']).toBe('pending');
    await kit().advance(5);
    expect(await kit().status('order-1')).toMatchObject({ status_code: '407', transaction_status: 'expire' });
    expect((await kit().act('order-1', 'pay')).http).toBe(409);
    const [, expired] = await kit().merchant.first(2);
    expect(expired?.body).toMatchObject({ status_code: '202', transaction_status: 'expire' });
  });

  it('can be asked for, from now or from a time', async () => {
    const charged = await kit().chargeBca('order-1', 50_000, {
      custom_expiry: { expiry_duration: 60, unit: 'minute' },
    });
    expect(secondsBetween(charged['transaction_time'], charged['expiry_time'])).toBe(3_600);
    const order_time = `${wibTime(Date.now() - 60_000)} +0700`;
    const earlier = await kit().chargeBca('order-2', 50_000, { custom_expiry: { order_time, expiry_duration: 2 } });
    expect(secondsBetween(order_time.slice(0, 19), earlier['expiry_time'])).toBe(120);
  });

  it('happens in real time too', async () => {
    await kit().chargeBca('order-1', 50_000, { custom_expiry: { expiry_duration: 20, unit: 'second' } });
    await kit().advance(19);
    await kit().merchant.first(2);
    expect(kit().merchant.statuses()).toEqual(['pending', 'expire']);
  });
});

describe('advancing the clock', () => {
  it('settles captured cards in the batch of the next day', async () => {
    await kit().chargeCard('order-1');
    const now = (await kit().control('GET', '/clock')).body['now'];
    const seconds = Math.ceil((nextSettlementBatch(Date.parse(String(now))) - Date.parse(String(now))) / 1_000);
    await kit().advance(seconds - 5);
    expect((await kit().status('order-1'))['transaction_status']).toBe('capture');
    await kit().advance(10);
    const settled = await kit().status('order-1');
    expect(settled['transaction_status']).toBe('settlement');
    expect(settled['settlement_time']).toMatch(/ 16:00:0\d$/);
  });

  it('does what became due in the order of its time, each at its time, before it answers', async () => {
    await kit().charge('akulaku', 'order-2', 50_000, {
      item_details: [{ id: '1', name: 'a', price: 50_000, quantity: 1 }],
      customer_details: {},
    });
    await kit().charge('gopay', 'order-1', 50_000);
    await kit().chargeBca('order-3');
    await kit().merchant.first(3);
    await kit().advance(2 * 86_400);
    const expired = kit()
      .merchant.received.slice(3)
      .map(({ body }) => body['order_id']);
    expect(expired).toEqual(['order-1', 'order-2', 'order-3']);
    const { body } = await kit().control('GET', '/notifications');
    const created = (body['notifications'] as { order_id: string; created_at: string }[]).reverse().slice(3);
    const status = await kit().status('order-2');
    expect(
      secondsBetween(status['expiry_time'], wibTime(Date.parse(created[1]?.created_at ?? ''))),
    ).toBeLessThanOrEqual(1);
  });

  it('tells where it stands, and goes no way back', async () => {
    const { body } = await kit().control('POST', '/clock', { advance_seconds: 3_600 });
    expect(body['ahead_seconds']).toBe(3_600);
    expect(Math.abs(Date.parse(String(body['now'])) - Date.now() - 3_600_000)).toBeLessThan(2_000);
    expect((await kit().control('POST', '/clock', { advance_seconds: -1 })).http).toBe(400);
    expect((await kit().control('POST', '/clock', {})).body['message']).toBe('advance_seconds is required');
  });
});
