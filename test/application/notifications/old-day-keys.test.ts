import { describe, expect, it } from '@jest/globals';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import { dayKeyOf, inboxEventOf, receivedNotification } from '../../../src/application/notifications/inbox-events.js';
import { OldDayKeys } from '../../../src/application/notifications/old-day-keys.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { WrappedKeys } from '../../../src/application/ports/wrapped-keys.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { upTo } from '../../contracts/some-events.js';
import { days, firstMoment, hours } from '../../domain/payments/payment-story.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { ToldClock } from '../payments/lives-on-record.js';

const notAborted = new AbortController().signal;

const world = (wrap = (keys: WrappedKeys): WrappedKeys => keys) => {
  const { wrappedKeys } = inMemory();
  const clock = new ToldClock();
  const journal = new MemoryJournal();
  const personalData = new AesPersonalData(wrappedKeys, [Buffer.alloc(32, 7)], clock);
  return { wrappedKeys, clock, journal, personalData, oldDayKeys: new OldDayKeys(wrap(wrappedKeys), clock, journal) };
};

/** Days ago, counted from the first moment of a story. */
const ago = (n: number): Instant => after(firstMoment, -days(n));

describe('the key of a day', () => {
  it('is destroyed when the whole day is more than 90 days past, and no other key is', async () => {
    const { wrappedKeys, clock, oldDayKeys } = world();
    const owners = [...[0, 1, 89, 90, 91, 92, 400].map((n) => dayKeyOf(ago(n))), 'customer:day:2020-01-01', 'method:bca'];
    for (const owner of owners) await wrappedKeys.addIfAbsent(owner, 'key');
    const destroyed = async () => {
      await oldDayKeys.destroy(notAborted);
      const stored = await Promise.all(owners.map((owner) => wrappedKeys.load(owner)));
      return owners.filter((_, n) => stored[n] === 'destroyed');
    };
    const old = [91, 92, 400].map((n) => dayKeyOf(ago(n)));
    expect(await destroyed()).toEqual(old);
    // It is five in the morning; the day of 90 days ago is over 19 hours later.
    await clock.sleep(hours(19) - 1);
    expect(await destroyed()).toEqual(old);
    await clock.sleep(1);
    expect(await destroyed()).toEqual([dayKeyOf(ago(90)), ...old]);
  }); // prettier-ignore

  it('takes the raw notifications of its day with it: they are erased, and no error', async () => {
    const { clock, personalData, oldDayKeys } = world();
    const raw = { receivedAt: clock.now(), address: '203.0.113.10', headers: {}, body: '{}' };
    const id = new SystemIds().next();
    const event = inboxEventOf(id, 'order-1', raw, await personalData.sealFor(dayKeyOf(clock.now())));
    const stored = { ...event, stream: 'midtrans_inbox-1', revision: 0, position: '1' };
    await clock.sleep(days(90));
    await oldDayKeys.destroy(notAborted);
    expect((await receivedNotification(stored, personalData)).raw).toEqual(raw);
    await clock.sleep(days(1));
    await oldDayKeys.destroy(notAborted);
    expect(await receivedNotification(stored, personalData)).toEqual({
      inboxId: 'midtrans_inbox-1@0',
      eventId: id,
      subject: 'order-1',
      receivedAt: firstMoment,
      raw: null,
    });
  });

  it('is destroyed and told once, however many there are after a long time', async () => {
    const { wrappedKeys, journal, oldDayKeys } = world();
    for (const n of upTo(250)) await wrappedKeys.addIfAbsent(dayKeyOf(ago(100 + n)), 'key');
    await oldDayKeys.destroy(notAborted);
    expect(journal.entries.length).toBe(250);
    expect(await wrappedKeys.idsBetween('day:', 'day;', 1)).toEqual([]);
    await oldDayKeys.destroy(notAborted);
    expect(journal.entries.length).toBe(250);
  });

  it('is destroyed in the end when the store does not answer for a while', async () => {
    let down = 3;
    const stop = new AbortController();
    const { wrappedKeys, journal, oldDayKeys } = world((keys) => ({
      load: (id) => keys.load(id),
      addIfAbsent: (id, key) => keys.addIfAbsent(id, key),
      idsBetween: (...range) => {
        down -= 1;
        if (down >= 0) throw new StoreUnavailable('gone');
        if (down < -1) stop.abort();
        return keys.idsBetween(...range);
      },
      destroy: (id) => keys.destroy(id),
    }));
    await wrappedKeys.addIfAbsent(dayKeyOf(ago(100)), 'key');
    await oldDayKeys.run(stop.signal);
    expect(await wrappedKeys.load(dayKeyOf(ago(100)))).toBe('destroyed');
    expect(journal.entries.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'info']);
  });
});
