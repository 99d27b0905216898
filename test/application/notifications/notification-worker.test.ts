import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { notificationOf } from '../../../src/application/audit/event-metadata.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { dayKeyOf, inboxEventOf, inboxStreamOf } from '../../../src/application/notifications/inbox-events.js';
import { notificationCollection } from '../../../src/application/notifications/notification-records.js';
import { ReceiveNotification } from '../../../src/application/notifications/receive-notification.js';
import { SettleNotifications } from '../../../src/application/notifications/settle-notifications.js';
import { ParkedKeys } from '../../../src/application/parking/parked-keys.js';
import { ResumeParkedKey } from '../../../src/application/parking/resume-parked-key.js';
import { PaymentHistories } from '../../../src/application/payments/payment-histories.js';
import { paymentIdOf, streamOf } from '../../../src/application/payments/payment-identity.js';
import { startBackground, type Background } from '../../../src/infrastructure/background.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { orderId, transactionId } from '../../../src/domain/payments/identity.js';
import { instant } from '../../../src/domain/time/instant.js';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { freshFolder } from '../../adapters/embedded/open-folder.js';
import { someEvent, upTo } from '../../contracts/some-events.js';
import type { Step } from '../../domain/payments/payment-story.js';
import { charged, order } from '../../domain/payments/wishes-and-reports.js';
import { serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { until } from '../../service/until.js';
import { known, signed, ToldMidtrans } from './told-midtrans.js';

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
  under = await serviceFor(midtrans.url, { ROLE: 'api', DURATIONS_FOR_TESTS: '{"answerWithinMs":600}' });
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

type Told = Exclude<Step, { readonly type: 'Wait' }>;
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

const verdictsOf = async (name: string): Promise<readonly unknown[]> => {
  const found = await under.service.container
    .get(Port.records)
    .find(notificationCollection, { shape: 'ofOrder', where: [{ field: 'order_id', is: name }], limit: 100 });
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

  it('about a transaction that Midtrans does not know changes nothing', async () => {
    await pendingPayment('order-1');
    await arrives(known('order-1', 'settlement', { transaction_id: 'tx-invented' }));
    work();
    expect(await handled('order-1')).toEqual(['unconfirmed']);
    expect([await typesOf('order-1'), midtrans.asked('tx-invented')]).toEqual([
      ['PaymentInitiated', 'PaymentPending'],
      1,
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

  it('that wait together share one look also when it does not confirm them', async () => {
    await pendingPayment('order-1');
    for (const _ of upTo(5)) await arrives(known('order-1', 'settlement'));
    work();
    expect(await handled('order-1', 5)).toEqual(upTo(5).map(() => 'unconfirmed'));
    expect(midtrans.asked(txOf('order-1'))).toBe(1);
  });

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
    for (const name of names) expect(midtrans.asked(`${txOf(name)}-c`)).toBe(1);
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
    expect(await verdictsOf('order-1')).toEqual([]);

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
    await under.service.container.get(SettleNotifications).execute([await lost()]);
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

const alarms = () => under.journal.entries.filter(({ level }) => level === 'alarm');

const parkedKeys = async () => (await under.service.container.get(ParkedKeys).list(null, 10, null)).parkedKeys;

const resume = (id: string) =>
  under.service.container.get(ResumeParkedKey).execute(id, null, systemCause('test', 'correlation'));
