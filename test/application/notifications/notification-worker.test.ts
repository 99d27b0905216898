import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { notificationOf } from '../../../src/application/audit/event-metadata.js';
import { LeftWork } from '../../../src/application/followers/left-work.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { dayKeyOf, inboxEventOf, inboxStreamOf } from '../../../src/application/notifications/inbox-events.js';
import { notificationCollection } from '../../../src/application/notifications/notification-records.js';
import { ReceiveNotification } from '../../../src/application/notifications/receive-notification.js';
import { SettleNotifications } from '../../../src/application/notifications/settle-notifications.js';
import { ParkedKeys } from '../../../src/application/parking/parked-keys.js';
import { ResumeParkedKey } from '../../../src/application/parking/resume-parked-key.js';
import { PaymentHistories } from '../../../src/application/payments/payment-histories.js';
import { paymentIdOf, streamOf } from '../../../src/application/payments/payment-identity.js';
import { notificationWorker, startBackground, type Background } from '../../../src/infrastructure/background.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { orderId, transactionId } from '../../../src/domain/payments/identity.js';
import { instant } from '../../../src/domain/time/instant.js';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { freshFolder } from '../../adapters/embedded/open-folder.js';
import { someEvent, upTo } from '../../contracts/some-events.js';
import type { Step } from '../../domain/payments/payment-story.js';
import { charged, order } from '../../domain/payments/wishes-and-reports.js';
import { serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { until } from '../../service/until.js';
import { known, signed, ToldMidtrans } from './told-midtrans.js';

const durations = { answerWithinMs: 600, confirmAgainAfterMs: [100, 300], unansweredForMs: 700 };
/** At what Midtrans does not confirm. */
const looksInAll = 1 + durations.confirmAgainAfterMs.length;

let midtrans: ToldMidtrans;
let under: ServiceUnderTest;
let background: Background | undefined;

beforeAll(async () => {
  midtrans = await ToldMidtrans.start();
});
afterAll(() => midtrans.stop());

beforeEach(async () => {
  midtrans.forget();
  // Nobody works in the background until the test says so.
  under = await serviceFor(midtrans.url, { ROLE: 'api', DURATIONS_FOR_TESTS: JSON.stringify(durations) });
});
afterEach(async () => {
  await background?.stop();
  background = undefined;
  await under.close();
});

const work = (): void => {
  background = startBackground(under.service.container);
};
const putDown = async (): Promise<void> => {
  await background?.stop();
  background = undefined;
};

/** Pending at Midtrans and with us. */
const pendingPayment = async (name: string): Promise<void> => {
  const histories = under.service.container.get(PaymentHistories);
  const cause = systemCause('test', 'correlation');
  for (const step of charged('pending', 'gopay'))
    await histories.transact(paymentIdOf(orderId(name)), forOrder(step, name), cause);
  midtrans.tell(known(name, 'pending', { transaction_id: txOf(name) }));
};

const txOf = (name: string): string => `tx-${name}`;

type Told = Extract<Step, { readonly type: 'InitiatePayment' | 'ObserveGatewayStatus' }>;
const forOrder = (step: Step, name: string): Told => {
  if (step.type === 'InitiatePayment') return { ...step, order: order('gopay', { orderId: orderId(name) }) };
  if (step.type === 'ObserveGatewayStatus')
    return {
      ...step,
      observation: { ...step.observation, orderId: orderId(name), transactionId: transactionId(txOf(name)) },
    };
  throw new Error(`${step.type} is no part of a charge`);
};

const arrives = (body: Parameters<typeof signed>[0]): Promise<string> =>
  under.service.container
    .get(ReceiveNotification)
    .execute({ body: Buffer.from(signed(body)), address: '203.0.113.10', headers: { 'user-agent': 'Veritrans' } });

const typesOf = async (name: string): Promise<readonly string[]> =>
  (await under.service.container.get(Port.eventLog).read(streamOf(paymentIdOf(orderId(name))))).map(({ type }) => type);

const verdictsOf = async (name: string, limit = 100): Promise<readonly unknown[]> => {
  const found = await under.service.container
    .get(Port.records)
    .find(notificationCollection, { shape: 'ofOrder', where: [{ field: 'order_id', is: name }], limit });
  return found.map(({ document }) => document['verdict']);
};

const handled = (name: string, count = 1): Promise<readonly unknown[]> =>
  until(`${count} verdicts on ${name}`, async () => {
    const verdicts = await verdictsOf(name);
    return verdicts.length >= count && verdicts;
  });

describe('a notification', () => {
  it('of what Midtrans confirms is applied, and stands behind the event as it came in', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    expect(await arrives(known('order-1', 'settlement'))).toBe('stored');
    work();
    expect(await handled('order-1')).toEqual(['applied']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
    const [, , settled] = await under.service.container
      .get(Port.eventLog)
      .read(streamOf(paymentIdOf(orderId('order-1'))));
    if (!settled) throw new Error('nothing settled');
    expect(settled.metadata['actor']).toEqual({ kind: 'midtrans', id: 'midtrans', roles: [], address: null });
    expect(await notificationOf(settled, under.service.container.get(Port.personalData))).toEqual({
      inboxId: `${inboxStreamOf('order-1')}@0`,
      receivedAt: expect.any(String),
      address: '203.0.113.10',
      headers: { 'user-agent': 'Veritrans' },
      body: signed(known('order-1', 'settlement')),
    });
  });

  it('without news is repeated: no event, and nobody is asked', async () => {
    await pendingPayment('order-1');
    await arrives(known('order-1', 'pending'));
    work();
    expect(await handled('order-1')).toEqual(['repeated']);
    expect([await typesOf('order-1'), midtrans.asked(txOf('order-1'))]).toEqual([
      ['PaymentInitiated', 'PaymentPending'],
      0,
    ]);
  });

  it('of an order that nobody knows is unmatched', async () => {
    await arrives(known('somebody-elses', 'settlement'));
    work();
    expect(await handled('somebody-elses')).toEqual(['unmatched']);
    expect(await typesOf('somebody-elses')).toEqual([]);
  });

  it('whose status Midtrans does not confirm changes nothing', async () => {
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement'));
    work();
    expect(await handled('order-1')).toEqual(['unconfirmed']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending']);
  });

  it('that comes before GET status knows of it is looked at again, and applied', async () => {
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement'));
    work();
    await until('it was looked at in vain', () => midtrans.asked(txOf('order-1')) === 1);
    midtrans.tell(known('order-1', 'settlement'));
    expect(await handled('order-1')).toEqual(['applied']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  });

  it('about a transaction that Midtrans does not know yet is looked at again, and applied', async () => {
    await pendingPayment('order-1');
    midtrans.knows.delete(txOf('order-1'));
    await arrives(known('order-1', 'settlement'));
    work();
    await until('it was looked at in vain', () => midtrans.asked(txOf('order-1')) === 1);
    midtrans.tell(known('order-1', 'settlement'));
    expect(await handled('order-1')).toEqual(['applied']);
  });

  it('that is looked at again holds up neither others nor later ones of its order, and the checkpoint waits for it', async () => {
    await restart({ confirmAgainAfterMs: [60_000] });
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement', { transaction_id: 'tx-late' }));
    work();
    await until('it was looked at in vain', () => midtrans.asked('tx-late') === 1);
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    for (const n of upTo(40)) await arrives(known(`nobodys-${n}`, 'settlement'));
    expect(await handled('order-1')).toEqual(['applied']);
    await handled('nobodys-39');
    expect(await lag()).toBe(1);

    // Whoever goes on after this process looks at it from the start.
    await putDown();
    expect(await verdictsOf('order-1')).toEqual(['applied']);
    midtrans.tell(known('order-1', 'settlement', { transaction_id: 'tx-late' }));
    work();
    expect(await handled('order-1', 2)).toEqual(['applied', 'applied']);
    await until('nothing waits', async () => (await lag()) === 0);
  });

  it('of an end that is not ours is looked into, and an alarm when Midtrans says so too', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    work();
    await handled('order-1');
    const denied = known('order-1', 'deny', { status_code: '202' });
    midtrans.tell(denied);
    await arrives(denied);
    await arrives(denied);
    expect(await handled('order-1', 3)).toEqual(['applied', 'applied', 'repeated']);
    expect(await typesOf('order-1')).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentSettled',
      'GatewayContradiction',
    ]);
    expect(alarms().map(({ fields }) => [fields['alarm'], fields['kind']])).toEqual([
      ['gateway_contradiction', 'status_fell'],
    ]);
  });

  it('of an end that is not ours, and not what Midtrans says, changes nothing', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    await arrives(known('order-1', 'cancel'));
    work();
    expect(await handled('order-1', 2)).toEqual(['applied', 'unconfirmed']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
    expect(alarms()).toEqual([]);
  });

  it('of less refunded than is known is looked at once: late as a rule, a contradiction if Midtrans says so too', async () => {
    await pendingPayment('order-1');
    const refunded = (amount: string) =>
      known('order-1', 'partial_refund', { refund_amount: amount, settlement_time: '2026-11-23 12:00:05' });
    midtrans.tell(refunded('7000.00'));
    await arrives(refunded('7000.00'));
    work();
    await handled('order-1');
    await arrives(refunded('4000.00'));
    expect(await handled('order-1', 2)).toEqual(['applied', 'repeated']);
    expect(midtrans.asked(txOf('order-1'))).toBe(2);

    midtrans.tell(refunded('4000.00'));
    await arrives(refunded('4000.00'));
    expect(await handled('order-1', 3)).toEqual(['applied', 'repeated', 'applied']);
    expect(alarms().map(({ fields }) => fields['kind'])).toEqual(['refund_total_fell']);
  });

  it('is worked on also when the key that it was signed with is not ours any more', async () => {
    await under.close();
    const DATA_DIR = freshFolder();
    const keys = { MIDTRANS_SERVER_KEY: 'the-next-key', MIDTRANS_SERVER_KEY_PREVIOUS: serverKey };
    under = await serviceFor(midtrans.url, { ROLE: 'api', DATA_DIR, ...keys });
    await pendingPayment('order-1');
    expect(await arrives(known('order-1', 'settlement'))).toBe('stored');
    await under.close();

    under = await serviceFor(midtrans.url, { ROLE: 'api', DATA_DIR, MIDTRANS_SERVER_KEY: 'the-next-key' });
    expect(await arrives(known('order-1', 'settlement'))).toBe('wrong_signature');
    midtrans.tell(known('order-1', 'settlement'));
    work();
    expect(await handled('order-1')).toEqual(['applied']);
  });

  it('about a transaction that Midtrans does not know changes nothing', async () => {
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement', { transaction_id: 'tx-invented' }));
    work();
    expect(await handled('order-1')).toEqual(['unconfirmed']);
    expect([await typesOf('order-1'), midtrans.asked('tx-invented')]).toEqual([
      ['PaymentInitiated', 'PaymentPending'],
      looksInAll,
    ]);
  });

  it("that names another order's transaction does neither of them any harm", async () => {
    await pendingPayment('order-1');
    await pendingPayment('order-2');
    midtrans.tell(known('order-2', 'settlement'));
    await arrives(known('order-1', 'settlement', { transaction_id: txOf('order-2') }));
    work();
    expect(await handled('order-1')).toEqual(['unconfirmed']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending']);
    expect(await typesOf('order-2')).toEqual(['PaymentInitiated', 'PaymentPending']);
    expect(under.journal.entries.filter(({ level }) => level === 'alarm')).toEqual([]);
  });

  it('older than what is known is repeated', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    await arrives(known('order-1', 'pending'));
    work();
    expect(await handled('order-1', 2)).toEqual(['applied', 'repeated']);
  });

  it('brings what Midtrans says by now, even if it told less itself', async () => {
    await pendingPayment('order-1');
    midtrans.tell(
      known('order-1', 'refund', {
        refund_amount: '10000.00',
        refunds: [{ refund_key: 'r-9', refund_amount: '10000.00' }],
        settlement_time: '2026-11-23 12:00:05',
      }),
    );
    await arrives(known('order-1', 'settlement'));
    work();
    expect(await handled('order-1')).toEqual(['applied']);
    expect(await typesOf('order-1')).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'PaymentSettled',
      'RefundAccepted',
    ]);
  });

  it('whose key was destroyed before it was worked on is erased', async () => {
    await under.close();
    const DATA_DIR = freshFolder();
    under = await serviceFor(midtrans.url, { ROLE: 'api', DATA_DIR });
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement'));
    await under.close();

    const stores = openDataFolder({ folder: DATA_DIR });
    await stores.wrappedKeys.destroy(dayKeyOf(instant(Date.now())));
    stores.close();

    under = await serviceFor(midtrans.url, { ROLE: 'api', DATA_DIR });
    work();
    expect(await handled('order-1')).toEqual(['erased']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending']);
  });
});

describe('notifications of one order', () => {
  it('that wait together share one look', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    for (const n of upTo(10)) await arrives(known('order-1', n % 2 === 0 ? 'settlement' : 'pending'));
    work();
    expect(await handled('order-1', 10)).toEqual(['applied', ...upTo(9).map(() => 'repeated')]);
    expect(midtrans.asked(txOf('order-1'))).toBe(1);
  });

  it('that wait together share each look also when it does not confirm them', async () => {
    await pendingPayment('order-1');
    for (const _ of upTo(5)) await arrives(known('order-1', 'settlement'));
    work();
    expect(await handled('order-1', 5)).toEqual(upTo(5).map(() => 'unconfirmed'));
    expect(midtrans.asked(txOf('order-1'))).toBe(looksInAll);
  });

  it.each(['settlement', 'pending'])(
    'may come by the thousands, here with Midtrans saying %s, and hold up no other order',
    async (status) => {
      const count = 5_000;
      await pendingPayment('order-1');
      await pendingPayment('order-2');
      midtrans.tell(known('order-1', status));
      work();
      await Promise.all(upTo(count).map(() => arrives(known('order-1', 'settlement'))));
      midtrans.tell(known('order-2', 'settlement'));
      await arrives(known('order-2', 'settlement'));
      expect(await handled('order-2')).toEqual(['applied']);
      await until('nothing waits', async () => (await lag()) === 0, 20_000);

      expect(midtrans.asked(txOf('order-1'))).toBeLessThan(count / 50);
      const verdicts = await verdictsOf('order-1', count);
      const expected = status === 'pending' ? ['unconfirmed'] : ['applied', 'repeated'];
      expect([verdicts.length, new Set(verdicts)]).toEqual([count, new Set(expected)]);
      expect(await typesOf('order-1')).toHaveLength(status === 'pending' ? 2 : 3);
    },
    40_000,
  );

  it('are worked on one after the other, while those of many orders go side by side', async () => {
    const names = upTo(30).map((n) => `order-${n}`);
    for (const name of names) {
      await pendingPayment(name);
      for (const id of ['a', 'b', 'c'])
        await arrives(known(name, 'settlement', { transaction_id: `${txOf(name)}-${id}` }));
    }
    midtrans.delayMs = 20;
    work();
    for (const name of names) expect(await handled(name, 3)).toEqual(['unconfirmed', 'unconfirmed', 'unconfirmed']);
    expect(midtrans.mostAtOnce).toBeGreaterThan(8);
    expect(midtrans.mostAtOnce).toBeLessThanOrEqual(names.length);
    for (const name of names) expect(midtrans.asked(`${txOf(name)}-c`)).toBe(looksInAll);
  });

  it('that wait while Midtrans is down are worked on once it is up', async () => {
    await pendingPayment('order-1');
    midtrans.isDown = true;
    await arrives(known('order-1', 'settlement'));
    work();
    await until('somebody asked in vain', () => midtrans.asked(txOf('order-1')) > 0);
    midtrans.tell(known('order-1', 'settlement'));
    expect(await verdictsOf('order-1')).toEqual([]);
    midtrans.isDown = false;
    expect(await handled('order-1')).toEqual(['applied']);
  });

  it('are neither lost nor applied twice when the service stops in the middle', async () => {
    const names = upTo(8).map((n) => `order-${n}`);
    for (const name of names) {
      await pendingPayment(name);
      midtrans.tell(known(name, 'settlement'));
      await arrives(known(name, 'settlement'));
    }
    midtrans.delayMs = 30;
    work();
    await until('the first are under way', () => midtrans.asked(txOf('order-0')) > 0);
    await putDown();
    await arrives(known('order-0', 'settlement'));
    work();
    for (const name of names) await handled(name);
    for (const name of names)
      expect(await typesOf(name)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  });

  it('are let go of at once by a process that loses them, and get their verdict all the same', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    midtrans.delayMs = 400;
    const { container } = under.service;
    const worker = notificationWorker(container);
    const { events } = await container
      .get(Port.eventFeed)
      .readAfter('start', { streamPrefixes: worker.streamPrefixes });
    const lost = new AbortController();
    const handling = worker.handle(events, lost.signal);
    await until('Midtrans is asked', () => midtrans.asked('tx-order-1') === 1);
    lost.abort();
    await expect(handling).rejects.toThrow('Notifications were put down before they had their verdict');
    expect(await verdictsOf('order-1')).toEqual([]);
    await container.get(LeftWork).ended();
    expect(await verdictsOf('order-1')).toEqual(['applied']);
    expect(midtrans.asked('tx-order-1')).toBe(1);
  });

  it('may all come again after a crash, and change nothing', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    await arrives(known('order-1', 'settlement'));
    work();
    await handled('order-1', 2);
    await putDown();
    const before = [await typesOf('order-1'), await verdictsOf('order-1')];
    // The process died before it could keep how far it had come.
    await under.service.container.get(Port.workerCheckpoints).forget('notifications:1');
    work();
    await arrives(known('order-2', 'settlement'));
    await handled('order-2');
    expect([await typesOf('order-1'), await verdictsOf('order-1')]).toEqual(before);
  });
});

describe('a transaction about which Midtrans does not answer', () => {
  const others = async (from: number, count: number): Promise<void> => {
    for (const n of upTo(count)) {
      const name = `order-${from + n}`;
      await pendingPayment(name);
      midtrans.tell(known(name, 'settlement'));
      await arrives(known(name, 'settlement'));
      expect(await handled(name)).toEqual(['applied']);
    }
  };
  const broken = known('order-1', 'settlement', { refunds: [{ refund_key: 'without-amount' }] });
  const failing = { status_code: '503', status_message: 'Bank/partner is experiencing connection issue.' };

  it('in words that can be read is parked after a few tries, while all others are handled and counted as done', async () => {
    await pendingPayment('order-1');
    midtrans.tell(broken);
    await arrives(known('order-1', 'settlement'));
    work();
    await until('it was asked for', () => midtrans.asked(txOf('order-1')) > 0);
    await others(2, 3);
    await arrives(known('order-1', 'pending'));
    expect(await handled('order-1')).toEqual(['repeated']);
    expect(await lag()).toBe(1);

    const settled = async () => (await verdictsOf('order-1')).toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
    await until('it is parked', async () => (await settled()).includes('parked'), 15_000);
    expect(await settled()).toEqual(['parked', 'repeated']);
    await until('the checkpoint has passed it', async () => (await lag()) === 0);
    expect(alarms().map(({ fields }) => [fields['alarm'], fields['key']])).toEqual([['parked_key', 'order-1']]);
    const [parked] = await parkedKeys();
    expect(parked).toMatchObject({ tries: 5, error: expect.stringContaining('refund_amount is no whole rupiah') });
  }, 20_000);

  it('at all is told at once and parked after a while, while Midtrans answers others; resumed, it is applied', async () => {
    await pendingPayment('order-1');
    midtrans.knows.set(txOf('order-1'), failing);
    await arrives(known('order-1', 'settlement'));
    work();
    await until('it is told', () => warnings().length === 1);
    expect(warnings()).toMatchObject([{ fields: { order_id: 'order-1', error: failing.status_message } }]);
    let n = 2;
    await until('it is parked', async () => {
      await others((n += 1), 1);
      return (await verdictsOf('order-1')).includes('parked');
    }, 30_000); // prettier-ignore
    await until('the checkpoint has passed it', async () => (await lag()) === 0);
    expect(warnings()).toHaveLength(1);
    expect(alarms().map(({ fields }) => [fields['alarm'], fields['key']])).toEqual([['parked_key', 'order-1']]);

    midtrans.tell(known('order-1', 'settlement'));
    const [parked] = await parkedKeys();
    expect(await resume(parked?.id ?? '')).toMatchObject({ type: 'resumed' });
    expect(await verdictsOf('order-1')).toEqual(['applied']);
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  }, 40_000);

  it('is not parked while Midtrans answers nobody: all wait, which is told once, and are applied in the end', async () => {
    const names = upTo(5).map((n) => `order-${n}`);
    midtrans.isDown = true;
    for (const name of names) {
      await pendingPayment(name);
      midtrans.tell(known(name, 'settlement'));
      await arrives(known(name, 'settlement'));
    }
    work();
    await new Promise((resolve) => setTimeout(resolve, 4 * durations.unansweredForMs));
    expect([await parkedKeys(), warnings().length]).toEqual([[], 1]);
    midtrans.isDown = false;
    for (const name of names) await until(`${name} is applied`, async () => (await verdictsOf(name))[0] === 'applied', 20_000); // prettier-ignore
    expect(await parkedKeys()).toEqual([]);
  }, 40_000);
});

describe('a notification that cannot be worked on', () => {
  it('is put aside with its error for a person, and holds up neither its order nor the others', async () => {
    await pendingPayment('order-1');
    midtrans.tell(known('order-1', 'settlement'));
    const inbox = inboxStreamOf('order-1');
    const broken = someEvent(
      { order_id: 'order-1', received_at: '2026-11-23T05:00:00.000Z', sealed: 's1.broken' },
      { type: 'NotificationReceived', metadata: { time: '2026-11-23T05:00:00.000Z' } },
    );
    await under.service.container.get(Port.eventLog).append(inbox, [broken], 'any');
    await arrives(known('order-1', 'settlement'));
    work();
    await arrives(known('order-2', 'settlement'));
    await handled('order-2');
    expect(await handled('order-1')).toEqual(['applied']);

    const settled = await until(
      'both verdicts',
      async () => {
        const verdicts = await verdictsOf('order-1');
        return verdicts.length === 2 && verdicts;
      },
      15_000,
    );
    expect(settled).toEqual(['parked', 'applied']);
    const [record] = await parkedKeys();
    expect(record).toMatchObject({
      follower: 'notifications:1',
      key: 'order-1',
      event: { stream: inbox, revision: 0, id: broken.id, type: 'NotificationReceived' },
      status: 'parked',
      error: 'This is not a sealed text',
      tries: 5,
    });
    expect(alarms().map(({ fields }) => [fields['alarm'], fields['parked_key_id'], fields['key']])).toEqual([
      ['parked_key', record?.id, 'order-1'],
    ]);
  }, 20_000);

  it('is handled again when it is resumed, as often as it takes, and gets its verdict', async () => {
    await pendingPayment('order-1');
    // Midtrans has something against the question itself, which no waiting makes better.
    midtrans.tell(known('order-1', 'settlement', { status_code: '400' }));
    await arrives(known('order-1', 'settlement'));
    work();
    await until('it is parked', async () => (await verdictsOf('order-1')).includes('parked'), 15_000);
    const [{ id } = { id: '' }] = await parkedKeys();

    expect(await resume(id)).toMatchObject({ type: 'still_parked', parked: { tries: 6, status: 'parked' } });
    midtrans.isDown = true;
    expect(await resume(id)).toMatchObject({ type: 'unanswered' });
    expect(await parkedKeys()).toMatchObject([{ tries: 6, status: 'parked' }]);
    midtrans.isDown = false;

    midtrans.tell(known('order-1', 'settlement'));
    midtrans.delayMs = 50;
    // Beside the worker, which has another one of the same order in hand.
    const [, resumed] = await Promise.all([arrives(known('order-1', 'settlement')), resume(id)]);
    expect(resumed).toMatchObject({ type: 'resumed', parked: { status: 'resumed', tries: 6 } });
    const verdicts = await until('both verdicts', async () => {
      const found = await verdictsOf('order-1');
      return found.length === 2 && !found.includes('parked') && found;
    });
    expect(verdicts).toContain('applied');
    expect(await typesOf('order-1')).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
    expect(await resume(id)).toMatchObject({ type: 'not_parked' });
    expect(alarms()).toHaveLength(1);
  }, 20_000);
});

describe('a notification that has the place of another one, which was lost when the log was put back', () => {
  const body = known('order-1', 'settlement');
  const inbox = inboxStreamOf('order-1');

  /** Stood in the log once, at the place that the next one of its stream will have. */
  const lost = async () => {
    const at = instant(Date.parse('2026-11-23T05:00:00.000Z'));
    const seal = await under.service.container.get(Port.personalData).sealFor(dayKeyOf(at));
    const raw = { receivedAt: at, address: '203.0.113.10', headers: {}, body: signed(body) };
    const event = inboxEventOf(under.service.container.get(Port.ids).next(), 'order-1', raw, seal);
    return { ...event, stream: inbox, revision: 0, position: '1' };
  };

  it('gets a verdict of its own', async () => {
    const toSettle = { event: await lost(), looksAgain: () => false };
    await under.service.container.get(SettleNotifications).execute([toSettle]);
    expect(await verdictsOf('order-1')).toEqual(['unmatched']);
    await pendingPayment('order-1');
    midtrans.tell(body);
    await arrives(body);
    work();
    expect(await handled('order-1', 2)).toEqual(['unmatched', 'applied']);
  });

  it('is not handled in its stead when that was parked and is resumed', async () => {
    const { id } = await lost();
    const event = { stream: inbox, revision: 0, id, type: 'NotificationReceived' };
    const error = new Error('broken');
    await under.service.container
      .get(ParkedKeys)
      .park({ follower: 'notifications:1', key: 'order-1', subject: id, event, error, tries: 5 });
    await arrives(body);
    const [parked] = await parkedKeys();
    expect(await resume(parked?.id ?? '')).toMatchObject({
      type: 'still_parked',
      parked: { error: `${inbox}@0 is not in the log any more` },
    });
    expect(await verdictsOf('order-1')).toEqual([]);
  });
});

const warnings = () => under.journal.entries.filter(({ level }) => level === 'warn');

const lag = async (): Promise<number> => {
  const worker = background?.followers.find(({ name }) => name === 'notifications:1');
  if (!worker) throw new Error('Nobody works');
  return worker.lag(1_000);
};

const restart = async (change: Partial<typeof durations>): Promise<void> => {
  await under.close();
  const DURATIONS_FOR_TESTS = JSON.stringify({ ...durations, ...change });
  under = await serviceFor(midtrans.url, { ROLE: 'api', DURATIONS_FOR_TESTS });
};

const alarms = () => under.journal.entries.filter(({ level }) => level === 'alarm');

const parkedKeys = async () => (await under.service.container.get(ParkedKeys).list(null, 10, null)).parkedKeys;

const resume = (id: string) =>
  under.service.container.get(ResumeParkedKey).execute(id, null, systemCause('test', 'correlation'));
