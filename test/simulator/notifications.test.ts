import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { signatureKey } from '../../simulator/transactions/signature.js';
import { Merchant, SimulatorKit, withSimulator } from './simulator-kit.js';

const kit = withSimulator({ notificationTimeoutMs: 300 });

interface Sent {
  id: string;
  event: string;
  url: string;
  state: string;
  due_at: string | null;
  created_at: string;
  attempts: { status: number | null; error: string | null; answer: string }[];
}

const sent = async (): Promise<Sent[]> =>
  (await kit().control('GET', '/notifications')).body['notifications'] as Sent[];

const onlySent = async (): Promise<Sent> => {
  const [first, ...others] = await sent();
  if (!first || others.length > 0) throw new Error(`${others.length + 1} notifications instead of one`);
  return first;
};

const tenHours = 36_000;

describe('a notification', () => {
  it('is signed as the vector of the facts says', () => {
    expect(signatureKey('ORDER-sandbox-0001', '200', '150000.00', 'SB-Mid-server-test')).toBe(
      'd65b4adf15335095fe1bfafe24964d48009dcc2989393e13570b0c9852ea60df0040b1a9646b9c9ef9433317f77acc8e387c59998dc20f5bd93fff93d23672e4',
    );
  });

  it('goes out signed at once with the headers of Midtrans', async () => {
    const before = Date.now();
    await kit().chargeBca('order-1', 150_000);
    const [notified] = await kit().merchant.first(1);
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(notified?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'Veritrans',
    });
    const digest = createHash('sha512').update(`order-1201150000.00${kit().simulator.serverKey}`).digest('hex');
    expect(notified?.body).toMatchObject({
      order_id: 'order-1',
      status_code: '201',
      gross_amount: '150000.00',
      status_message: 'midtrans payment notification',
      transaction_status: 'pending',
      signature_key: digest,
    });
  });

  it('of BNI tells when how much came, of others it does not', async () => {
    await kit().charge('bank_transfer', 'order-1', 150_000, { bank_transfer: { bank: 'bni' } });
    await kit().act('order-1', 'pay');
    const [, settled] = await kit().merchant.first(2);
    expect(settled?.body).toMatchObject({
      status_code: '200',
      settlement_time: expect.any(String),
      payment_amounts: [{ paid_at: expect.any(String), amount: '150000.00' }],
    });
  });

  it('of QRIS tells issuer and acquirer once it is paid', async () => {
    await kit().charge('qris', 'order-1', 5_539);
    await kit().act('order-1', 'pay');
    const [pending, settled] = await kit().merchant.first(2);
    expect(pending && 'issuer' in pending.body).toBe(false);
    expect(settled?.body).toMatchObject({
      transaction_type: 'on-us',
      issuer: 'gopay',
      acquirer: 'gopay',
      merchant_cross_reference_id: expect.any(String),
    });
  });

  it('is on record with what was answered', async () => {
    await kit().chargeBca('order-1');
    await kit().merchant.first(1);
    await kit().advance(0);
    expect(await onlySent()).toMatchObject({
      event: 'pending',
      url: kit().merchant.url,
      state: 'delivered',
      due_at: null,
      attempts: [{ status: 200, error: null, answer: 'noted' }],
    });
  });

  it('can be sent again', async () => {
    await kit().chargeBca('order-1');
    await kit().merchant.first(1);
    await kit().advance(0);
    const { id } = await onlySent();
    expect((await kit().control('POST', `/notifications/${id}/resend`)).body['attempts']).toHaveLength(2);
    expect(kit().merchant.received).toHaveLength(2);
    expect((await kit().control('POST', '/notifications/999999/resend')).http).toBe(404);
  });
});

describe('the schedule of repeats', () => {
  it.each([
    [200, 1, 'delivered'],
    [204, 1, 'delivered'],
    [500, 2, 'failed'],
    [503, 5, 'failed'],
    [400, 3, 'failed'],
    [404, 3, 'failed'],
    [301, 1, 'failed'],
    [302, 1, 'failed'],
    [303, 1, 'failed'],
    [502, 6, 'failed'],
    [418, 6, 'failed'],
  ])('after %i makes %i attempts and ends %s', async (status, attempts, state) => {
    kit().merchant.replies = Array.from({ length: 10 }, () => status);
    await kit().charge('bank_transfer', 'order-1', 44_000, { bank_transfer: { bank: 'bca' } });
    await kit().advance(tenHours);
    const notification = await onlySent();
    expect(notification.state).toBe(state);
    expect(notification.attempts.map((attempt) => attempt.status)).toEqual(
      Array.from({ length: attempts }, () => status),
    );
    expect(kit().merchant.received).toHaveLength(attempts);
  });

  it('waits 2, 10, 30, 90 and 210 minutes', async () => {
    kit().merchant.replies = Array.from({ length: 10 }, () => 502);
    await kit().chargeBca('order-1');
    await kit().merchant.first(1);
    for (const [index, minutes] of [2, 10, 30, 90, 210].entries()) {
      await kit().advance(minutes * 60 - 5);
      expect(kit().merchant.received).toHaveLength(index + 1);
      await kit().advance(6);
      expect(kit().merchant.received).toHaveLength(index + 2);
    }
    expect((await onlySent()).state).toBe('failed');
  });

  it('ends with the first success, with the same bytes each time', async () => {
    kit().merchant.replies = [503, 503];
    await kit().chargeBca('order-1');
    await kit().advance(tenHours);
    expect((await onlySent()).attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    const [first, second, third] = kit().merchant.received;
    expect([second?.text, third?.text]).toEqual([first?.text, first?.text]);
  });

  it('counts no answer in time and a lost connection as failures', async () => {
    kit().merchant.replies = [() => undefined, (response) => response.destroy()];
    await kit().chargeBca('order-1');
    await kit().advance(tenHours);
    const { attempts } = await onlySent();
    expect(attempts.map(({ status }) => status)).toEqual([null, null, 200]);
    expect(attempts[0]?.error).toBe('no answer within 300 ms');
  });

  it('follows 307 and 308 with the same body, five times', async () => {
    const { merchant } = kit();
    const onward: (typeof merchant.replies)[number] = (response) =>
      response.writeHead(307, { location: '/elsewhere' }).end();
    merchant.replies = [onward, onward];
    await kit().chargeBca('order-1');
    await kit().advance(0);
    const [first, second, third] = await merchant.first(3);
    expect([first?.path, second?.path, third?.path]).toEqual(['/notify', '/elsewhere', '/elsewhere']);
    expect(third?.text).toBe(first?.text);
    expect((await onlySent()).attempts.map(({ status }) => status)).toEqual([200]);
    await kit().forget();
    merchant.replies = Array.from({ length: 6 }, () => onward);
    await kit().chargeBca('order-2');
    await merchant.first(6);
    await kit().advance(0);
    expect((await onlySent()).attempts).toMatchObject([{ status: null, error: 'more than 5 redirects' }]);
  });
});

describe('addresses of a request', () => {
  it('override takes the place of the dashboard, append comes on top, for that transaction only', async () => {
    const other = await Merchant.start();
    try {
      const charge = (orderId: string, header: string) =>
        kit().post(
          '/v2/charge',
          { payment_type: 'permata', transaction_details: { order_id: orderId, gross_amount: 10_000 } },
          { [header]: `${other.url},${other.url}/2` },
        );
      await charge('order-1', 'X-Override-Notification');
      await other.first(2);
      await kit().act('order-1', 'pay');
      await other.first(4);
      await kit().advance(0);
      expect(kit().merchant.received).toHaveLength(0);
      await charge('order-2', 'X-Append-Notification');
      await other.first(6);
      await kit().merchant.first(1);
      await kit().chargeBca('order-3');
      await kit().merchant.first(2);
      await kit().advance(0);
      expect(other.received).toHaveLength(6);
      expect(new Set(other.received.map(({ path }) => path))).toEqual(new Set(['/notify', '/notify/2']));
    } finally {
      await other.stop();
    }
  });
});

describe('faults of notifications', () => {
  const faults = (notifications: Record<string, number>) => kit().control('POST', '/faults', { notifications });

  it('lose: nothing arrives, and the record says so', async () => {
    await faults({ lose: 1 });
    await kit().chargeBca('order-1');
    await kit().advance(tenHours);
    expect(kit().merchant.received).toHaveLength(0);
    expect(await onlySent()).toMatchObject({ state: 'lost', attempts: [], due_at: null });
  });

  it('duplicate: the same arrives twice', async () => {
    await faults({ duplicate: 1 });
    await kit().chargeBca('order-1');
    const [first, second] = await kit().merchant.first(2);
    expect(first?.text).toBe(second?.text);
  });

  it('reorder: the later overtakes the earlier', async () => {
    await faults({ reorder: 1 });
    await kit().chargeBca('order-1');
    await kit().act('order-1', 'pay');
    await kit().merchant.first(2);
    expect(kit().merchant.statuses()).toEqual(['settlement', 'pending']);
  });

  it('reorder: what nothing overtakes arrives all the same', async () => {
    await faults({ reorder: 1 });
    await kit().chargeBca('order-1');
    await kit().merchant.first(1);
    expect(kit().merchant.statuses()).toEqual(['pending']);
  });

  it('delay_ms: it comes later, on the clock of the simulator', async () => {
    await faults({ delay_ms: 60_000 });
    await kit().chargeBca('order-1');
    await kit().advance(50);
    expect(kit().merchant.received).toHaveLength(0);
    await kit().advance(11);
    expect(kit().merchant.received).toHaveLength(1);
  });
});

describe('without a notification URL', () => {
  it('nobody is told', async () => {
    const silent = await SimulatorKit.start({ notificationUrl: undefined });
    try {
      await silent.chargeBca('order-1');
      expect((await silent.control('GET', '/notifications')).body).toEqual({ notifications: [] });
    } finally {
      await silent.stop();
    }
  });
});
