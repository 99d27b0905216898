import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import { MidtransNotificationReader } from '../../../src/adapters/midtrans/notification-reader.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { GroupedAppends } from '../../../src/application/notifications/grouped-appends.js';
import {
  inboxStreamOf,
  inboxStreamPrefix,
  receivedNotification,
} from '../../../src/application/notifications/inbox-events.js';
import { refusedCollection } from '../../../src/application/notifications/notification-records.js';
import { ReceiveNotification } from '../../../src/application/notifications/receive-notification.js';
import type { EventLog } from '../../../src/application/ports/event-log.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { upTo } from '../../contracts/some-events.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { serverKey } from '../../service/start-service.js';
import { ToldClock } from '../payments/lives-on-record.js';
import { known, signed } from './told-midtrans.js';

let stores: DataFolder;
let journal: MemoryJournal;
let clock: ToldClock;
let personalData: AesPersonalData;

/** The door, as a process opens it. */
const door = (eventLog: EventLog = stores.eventLog): ReceiveNotification =>
  new ReceiveNotification(
    new MidtransNotificationReader(serverKey, null),
    new GroupedAppends(eventLog),
    stores.records,
    personalData,
    clock,
    new SystemIds(),
    journal,
  );

beforeEach(() => {
  stores = inMemory();
  journal = new MemoryJournal();
  clock = new ToldClock();
  personalData = new AesPersonalData(stores.wrappedKeys, [Buffer.alloc(32, 7)], clock);
});

const incoming = (text: string) => ({
  body: Buffer.from(text),
  address: '203.0.113.10',
  headers: { 'user-agent': 'Veritrans' },
});
const inbox = async () => (await stores.eventFeed.readAfter('start', { streamPrefixes: [inboxStreamPrefix] })).events;
const alarms = () => journal.entries.filter(({ level }) => level === 'alarm');
const wrong = signed(known('order-1', 'settlement'), 'another-key');

/** The log, if it did not gather by itself. */
const ungathered = (): EventLog => ({
  logId: stores.eventLog.logId,
  read: (...asked) => stores.eventLog.read(...asked),
  append: (...events) => stores.eventLog.append(...events),
});

describe('a notification at the door', () => {
  it('is stored however large its headers and those of its neighbours are', async () => {
    const headers = { 'x-trace': '"'.repeat(15_000) };
    const opened = door(ungathered());
    const text = signed(known('order-1', 'settlement'));
    const received = upTo(100).map(() => opened.execute({ ...incoming(text), headers }));
    expect(await Promise.all(received)).toEqual(upTo(100).map(() => 'stored'));
    expect(await inbox()).toHaveLength(100);
  });

  it('with the right signature is stored as it came, sealed, in the stream of its order', async () => {
    const text = signed(known('order-1', 'settlement', { customer: 'Budi' }));
    expect(await door().execute(incoming(text))).toBe('stored');
    const [event, ...more] = await inbox();
    if (!event) throw new Error('nothing stored');
    expect(more).toEqual([]);
    expect([event.stream, event.type, event.version]).toEqual([inboxStreamOf('order-1'), 'NotificationReceived', 1]);
    expect(event.data).toEqual({
      order_id: 'order-1',
      received_at: '2026-11-23T05:00:00.000Z',
      sealed: expect.stringMatching(/^s1\./),
    });
    expect(JSON.stringify(event)).not.toMatch(/Budi|Veritrans|203\.0/);
    expect(await receivedNotification(event, personalData)).toMatchObject({
      inboxId: `${inboxStreamOf('order-1')}@0`,
      subject: 'order-1',
      raw: { body: text, address: '203.0.113.10', headers: { 'user-agent': 'Veritrans' } },
    });
  });

  it('is stored as often as it comes', async () => {
    const text = signed(known('order-1', 'settlement'));
    const receive = door();
    await Promise.all(upTo(5).map(() => receive.execute(incoming(text))));
    expect((await inbox()).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  it('about a linked account is kept without the account in plain text', async () => {
    const account = '8a2f6b9e-5d0c-4a3b-9f1e-0123456789ab';
    const signature = createHash('sha512').update(`${account}ENABLED200${serverKey}`).digest('hex');
    const body = { account_id: account, account_status: 'ENABLED', status_code: '200', signature_key: signature };
    expect(await door().execute(incoming(JSON.stringify(body)))).toBe('stored');
    const events = await inbox();
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain(account);
  });

  it('about an order that is named by a card number is kept without the number in plain text, wherever it ends up', async () => {
    const number = '4811111111111114';
    expect(await door().execute(incoming(signed(known(number, 'settlement'))))).toBe('stored');
    expect(await door().execute(incoming(signed(known(number, 'settlement'), 'another-key')))).toBe('wrong_signature');
    expect(await door().execute(incoming(JSON.stringify({ order_id: `pay ${number}` })))).toBe('malformed');
    const refusals = await stores.records.find(refusedCollection, { shape: 'last', where: [], limit: 9 });
    expect(refusals).toHaveLength(2);
    expect(JSON.stringify([await inbox(), refusals, journal.entries])).not.toContain(number);
  });

  it('with a wrong signature is refused, told in the words that operators search for, and never worked on', async () => {
    expect(await door().execute(incoming(wrong))).toBe('wrong_signature');
    expect(journal.entries).toEqual([
      {
        level: 'warn',
        message: 'Payment webhook validation failed: order_id=order-1, reason=wrong signature',
        fields: {},
      },
    ]);
    expect(await inbox()).toEqual([]);
  });

  it('with an order id longer than ours is told with its first 50 characters', async () => {
    await door().execute(incoming(signed(known('x'.repeat(80), 'settlement'), 'another-key')));
    expect(journal.entries[0]?.message).toBe(
      `Payment webhook validation failed: order_id=${'x'.repeat(50)}, reason=wrong signature`,
    );
  });

  it.each([
    ['no JSON', 'unknown', 'no JSON object', 'hello'],
    ['nothing signed', 'order-1', 'signature_key missing', JSON.stringify(known('order-1', 'settlement'))],
    ['an amount that is none', 'order-1', 'gross_amount is no whole rupiah', signed(known('order-1', 'settlement', { gross_amount: '1.5' }))],
  ])('that is %s is refused', async (_, order, reason, text) => {
    expect(await door().execute(incoming(text))).toBe('malformed');
    expect(journal.entries.map(({ message }) => message)).toEqual([
      `Payment webhook validation failed: order_id=${order}, reason=${reason}`,
    ]);
    expect(await inbox()).toEqual([]);
  }); // prettier-ignore

  it('that cannot be stored is said to be not stored', async () => {
    const receive = door();
    await receive.execute(incoming(signed(known('order-1', 'settlement'))));
    stores.close();
    await expect(receive.execute(incoming(signed(known('order-1', 'settlement'))))).rejects.toMatchObject({
      name: 'StoreUnavailable',
    });
  });
});

describe('what was refused', () => {
  const slots = async () => {
    const found = await stores.records.getMany(refusedCollection, upTo(1_010).map(String));
    return new Map(found.map(({ id, document }) => [Number(id), document]));
  };
  const refuse = async (receive: ReceiveNotification, from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) {
      await clock.sleep(1);
      await receive.execute(incoming(signed(known(`forged-${n}`, 'settlement'), 'another-key')));
    }
  };

  it('is kept sealed', async () => {
    await door().execute(incoming(wrong));
    const [kept] = [...(await slots()).values()];
    expect(kept).toEqual({
      number: 0,
      order_id: 'order-1',
      reason: 'wrong signature',
      received_at: '2026-11-23T05:00:00.000Z',
      sealed: expect.stringMatching(/^s1\./),
    });
    const { sealed } = kept as { sealed: string };
    const plain = await personalData.open(sealed, 'notification_refusals/0/2026-11-23T05:00:00.000Z');
    expect(JSON.parse(Buffer.from(plain ?? []).toString())).toMatchObject({ body: wrong });
  });

  it('is kept 1,000 times at most: the newest takes the place of the oldest, also after a restart', async () => {
    await refuse(door(), 0, 1_003);
    await refuse(door(), 1_003, 1_005);
    const kept = await slots();
    expect(kept.size).toBe(1_000);
    const numbers = [...kept.values()].map((document) => Number((document['order_id'] as string).slice(7)));
    expect(numbers.sort((a, b) => a - b)).toEqual(upTo(1_000).map((n) => n + 5));
  });

  const keptOf = async (total: number) => {
    const numbers = [...(await slots()).values()].map((document) => Number((document['order_id'] as string).slice(7)));
    return { numbers: numbers.sort((a, b) => a - b), last: upTo(total).slice(-1_000) };
  };

  it('is kept by three replicas as by one: in turn, the last 1,000 of all', async () => {
    const doors = [door(), door(), door()];
    for (let n = 0; n < 1_100; n += 1) await refuse(doors[n % 3] ?? door(), n, n + 1);
    const { numbers, last } = await keptOf(1_100);
    expect(numbers).toEqual(last);
  });

  it('is kept whole when three replicas keep it at once, also in one millisecond', async () => {
    const doors = [door(), door(), door()];
    const forged = (n: number) => incoming(signed(known(`forged-${n}`, 'settlement'), 'another-key'));
    await Promise.all(upTo(60).map((n) => (doors[n % 3] ?? door()).execute(forged(n))));
    expect((await keptOf(60)).numbers).toEqual(upTo(60));
  });

  it('takes the place of what an earlier version has kept without numbers', async () => {
    const old = upTo(1_000).map((n) => ({
      id: String(n),
      revision: 1_764_000_000_000 + n,
      document: { order_id: `forged-${n}` },
    }));
    await stores.records.write(refusedCollection, old);
    await refuse(door(), 1_000, 1_003);
    const { numbers, last } = await keptOf(1_003);
    expect(numbers).toEqual(last);
  });
});

describe('more than 20 wrong signatures', () => {
  const forged = async (receive: ReceiveNotification, times: number): Promise<void> => {
    for (const _ of upTo(times)) await receive.execute(incoming(wrong));
  };

  it('within a minute raise one alarm', async () => {
    const receive = door();
    await clock.sleep(120_000);
    await forged(receive, 20);
    expect(alarms()).toEqual([]);
    await forged(receive, 30);
    expect(alarms()).toEqual([
      {
        level: 'alarm',
        message:
          "More than 20 notifications with a wrong signature within a minute: somebody forges them, or MIDTRANS_SERVER_KEY is not this account's",
        fields: { alarm: 'wrong_signatures' },
      },
    ]);
  });

  it('in more than a minute raise none, and the next minute may raise another', async () => {
    const receive = door();
    await forged(receive, 15);
    await clock.sleep(60_001);
    await forged(receive, 15);
    expect(alarms()).toEqual([]);
    await clock.sleep(60_001);
    await forged(receive, 21);
    await clock.sleep(60_001);
    await forged(receive, 21);
    expect(alarms()).toHaveLength(2);
  });

  it('raise one whichever minute they fall into', async () => {
    const receive = door();
    await forged(receive, 1);
    await clock.sleep(50_000);
    await forged(receive, 10);
    await clock.sleep(20_000);
    await forged(receive, 10);
    expect(alarms()).toEqual([]);
    await clock.sleep(39_999);
    await forged(receive, 1);
    expect(alarms()).toHaveLength(1);
  });

  it('raise one however long they go on, and another when they begin again', async () => {
    const receive = door();
    for (const _ of upTo(300)) {
      await forged(receive, 1);
      await clock.sleep(2_000);
    }
    expect(alarms()).toHaveLength(1);
    await clock.sleep(60_000);
    await forged(receive, 21);
    expect(alarms()).toHaveLength(2);
  });

  it('are not what malformed ones are', async () => {
    const receive = door();
    for (const _ of upTo(50)) await receive.execute(incoming('hello'));
    expect(alarms()).toEqual([]);
  });
});
