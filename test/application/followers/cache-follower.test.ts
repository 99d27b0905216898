import { afterEach, describe, expect, it } from '@jest/globals';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { CacheFollower } from '../../../src/application/followers/cache-follower.js';
import { PaymentMethods } from '../../../src/application/methods/payment-methods.js';
import type { EventFeed } from '../../../src/application/ports/event-feed.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { until } from '../../service/until.js';

const clock = new SystemClock();
const cause = systemCause('operator', 'correlation-1');
const forEver = 3_600_000;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Two replicas on one log, each with a memory of its own that would hold for ever. */
const twoReplicas = () => {
  const stores = inMemory();
  const journal = new MemoryJournal();
  const replica = () =>
    new PaymentMethods(
      stores.eventLog,
      new AesPersonalData(stores.wrappedKeys, [Buffer.alloc(32, 7)], clock),
      clock,
      new SystemIds(),
      forEver,
    );
  const listen = (cache: PaymentMethods, eventFeed: EventFeed = stores.eventFeed): void => {
    const abort = new AbortController();
    const running = new CacheFollower([cache], { eventFeed, clock, journal }).run(abort.signal);
    stops.push(async () => {
      abort.abort();
      await running;
    });
  };
  const change = (methods: PaymentMethods, enabled: boolean) =>
    methods.change({ provider: 'gopay', enabled, config: null }, cause);
  return { stores, journal, here: replica(), elsewhere: replica(), listen, change };
};

describe('what a replica remembers of payment methods', () => {
  it('is dropped when another replica changes it', async () => {
    const { here, elsewhere, listen, change } = twoReplicas();
    listen(here);
    expect(await here.isEnabled('gopay')).toBe(true);
    await change(elsewhere, false);
    await until('this replica knows too', async () => !(await here.isEnabled('gopay')));
    await change(elsewhere, true);
    await until('and again', () => here.isEnabled('gopay'));
  });

  it('would stay without the feed, which is what makes the difference', async () => {
    const { here, elsewhere, change } = twoReplicas();
    expect(await here.isEnabled('gopay')).toBe(true);
    await change(elsewhere, false);
    expect(await here.isEnabled('gopay')).toBe(true);
  });

  it('is dropped whole when changes may have gone by unheard', async () => {
    const { stores, journal, here, elsewhere, listen, change } = twoReplicas();
    let isCutOff = true;
    const { eventFeed } = stores;
    const interrupted: EventFeed = {
      readAfter: (...args) => eventFeed.readAfter(...args),
      countAfter: (...args) => eventFeed.countAfter(...args),
      follow: (...args) => eventFeed.follow(...args),
      end: () => (isCutOff ? Promise.reject(new StoreUnavailable('cut off')) : eventFeed.end()),
    };
    expect(await here.isEnabled('gopay')).toBe(true);
    listen(here, interrupted);
    await until('it is told', () => journal.entries.length === 1);
    await here.isEnabled('gopay');
    await change(elsewhere, false);
    isCutOff = false;
    await until('this replica knows too', async () => !(await here.isEnabled('gopay')));
    expect(journal.entries.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'A cache does not hear of changes for a while; what it holds ends by its age'],
    ]);
  });
});
