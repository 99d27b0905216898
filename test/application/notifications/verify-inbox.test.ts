import { describe, expect, it } from '@jest/globals';
import { inboxStreamOf } from '../../../src/application/notifications/inbox-events.js';
import { verifyInbox } from '../../../src/application/notifications/verify-inbox.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../../../src/application/ports/event-log.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { someEvent, upTo } from '../../contracts/some-events.js';

const received = (order: string) =>
  someEvent(
    { order_id: order, received_at: '2026-11-23T05:00:00.000Z', sealed: 'x.y' },
    { type: 'NotificationReceived' },
  );

/** `order-1` and whoever shares its stream. */
const home = inboxStreamOf('order-1');
const elsewhere = upTo(100).map((n) => `order-${n}`).find((order) => inboxStreamOf(order) !== home) ?? ''; // prettier-ignore

const inbox = () => {
  const stores = inMemory();
  const keep = async (...orders: readonly string[]): Promise<void> => {
    for (const order of orders) await stores.eventLog.append(inboxStreamOf(order), [received(order)], 'any');
  };
  const told = async (eventLog: EventLog = stores.eventLog) => {
    const findings: string[] = [];
    let events = 0;
    for await (const one of verifyInbox({ ...stores, eventLog }))
      if (one.type === 'progress') events = one.done;
      else findings.push(`${one.stream}: ${one.message}`);
    return { findings, events };
  };
  return { stores, keep, told };
};

/** The log as a damaged server would read it. */
const reading = (log: EventLog, damage: (events: readonly StoredEvent[]) => readonly StoredEvent[]): EventLog => ({
  logId: log.logId,
  append: (...args) => log.append(...args),
  read: async (stream, range) => damage(await log.read(stream, range)),
});

describe('verifying the inbox', () => {
  it('finds nothing in what was stored as it came, and says how many there were, page after page', async () => {
    const { stores, keep, told } = inbox();
    expect(await told()).toEqual({ findings: [], events: 0 });
    await keep('order-1', elsewhere, 'order-1');
    await stores.eventLog.append(home, upTo(1_000).map(() => received('order-1')), 'any'); // prettier-ignore
    expect(await told()).toEqual({ findings: [], events: 1_003 });
  });

  it('tells a missing notification, wherever it stood, and each once', async () => {
    const { stores, keep, told } = inbox();
    await keep(...upTo(1_010).map(() => 'order-1'));
    const gone = new Set([0, 7, 499, 500, 1_009]);
    const damaged = reading(stores.eventLog, (events) => events.filter(({ revision }) => !gone.has(revision)));
    expect((await told(damaged)).findings).toEqual([
      `${home}: revision 1 stands where 0 should`,
      `${home}: revision 8 stands where 7 should`,
      `${home}: revision 501 stands where 499 should`,
    ]);
  });

  it('tells notifications in another order than that of their numbers, and comes to an end', async () => {
    const { stores, keep, told } = inbox();
    await keep('order-1', 'order-1', 'order-1');
    expect((await told(reading(stores.eventLog, (events) => events.toReversed()))).findings).toEqual([
      `${home}: revision 2 stands where 0 should`,
      `${home}: revision 1 stands where 3 should`,
      `${home}: revision 0 stands where 2 should`,
    ]);
  });

  it('tells what is no notification, and one that is in the stream of other orders', async () => {
    const { stores, keep, told } = inbox();
    await keep('order-1');
    await stores.eventLog.append(home, [someEvent(), received(elsewhere)], 'any');
    const { findings } = await told();
    expect(findings).toEqual([
      `${home}: revision 1 (PaymentPending) cannot be read: ${home}@1: PaymentPending version 1 is no notification`,
      `${home}: revision 2 is of an order whose notifications are in ${inboxStreamOf(elsewhere)}`,
    ]);
  });

  it('tells a stream that cannot be read, but not a store that is away', async () => {
    const { stores, keep, told } = inbox();
    await keep('order-1');
    const failing = (error: Error) =>
      reading(stores.eventLog, (events) => {
        if (events.length > 0) throw error;
        return events;
      });
    expect((await told(failing(new Error('not ours')))).findings).toEqual([
      `${home}: cannot be read from revision 0 on: not ours`,
    ]);
    await expect(told(failing(new StoreUnavailable('away')))).rejects.toThrow(StoreUnavailable);
  });
});
