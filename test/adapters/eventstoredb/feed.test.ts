import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { FeedInterrupted } from '../../../src/application/ports/event-feed.js';
import type { EventFeed, FeedPosition } from '../../../src/application/ports/event-feed.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { StoredEvent } from '../../../src/application/ports/event-log.js';
import { freshPrefix, freshStream, someEvent, someEvents, upTo } from '../../contracts/some-events.js';
import { until } from '../../service/until.js';
import { startServerProcess } from '../../support/eventstoredb/server-process.js';
import { impatience, open, startServer } from './open-event-store-db.js';

const openImpatient = async () => {
  const server = await startServer();
  const { eventLog: log, eventFeed: feed } = await open(server.connectionString, '', impatience);
  return { server, log, feed };
};

/** Follows as the service does: from the last position, whenever the store ends the subscription. */
const keepFollowing = (feed: EventFeed, prefix: string, signal: AbortSignal) => {
  const seen: StoredEvent[] = [];
  const interruptions: unknown[] = [];
  const following = (async () => {
    let position: FeedPosition = 'start';
    while (!signal.aborted) {
      try {
        for await (const batch of feed.follow(position, { streamPrefixes: [prefix] }, signal, 20)) {
          seen.push(...batch.events);
          ({ position } = batch);
        }
      } catch (error) {
        interruptions.push(error);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  })();
  return { seen, interruptions, following };
};

/** Follows until `count` events were seen, while `disturb` does its worst. */
const followThrough = async (
  feed: EventFeed,
  prefix: string,
  count: number,
  disturb: (seen: readonly StoredEvent[]) => Promise<void>,
) => {
  const stop = new AbortController();
  const { seen, interruptions, following } = keepFollowing(feed, prefix, stop.signal);
  await disturb(seen);
  await until(`${count} events`, () => seen.length >= count).finally(() => stop.abort());
  await following;
  return { seen, interruptions };
};

describe('a subscription that ends', () => {
  it('in the middle of the past is resumed without gap and without repeat', async () => {
    const { server, log, feed } = await openImpatient();
    const prefix = freshPrefix();
    for (const n of upTo(10)) await log.append(`${prefix}${n % 3}`, someEvents(10), 'any');
    server.arm({ operation: 'subscribe', kind: 'dropped', afterEvents: 37, times: 1 });
    server.arm({ operation: 'subscribe', kind: 'dropped', afterEvents: 5, times: 2 });
    const all = (await feed.readAfter('start', { streamPrefixes: [prefix] })).events.map(({ id }) => id);
    const { seen, interruptions } = await followThrough(feed, prefix, 100, async () => undefined);
    expect(seen.map(({ id }) => id)).toEqual(all);
    expect(interruptions).toHaveLength(3);
    for (const interruption of interruptions) expect(interruption).toBeInstanceOf(FeedInterrupted);
  });

  it('while it is live is resumed without gap and without repeat', async () => {
    const { server, log, feed } = await openImpatient();
    const prefix = freshPrefix();
    const { seen, interruptions } = await followThrough(feed, prefix, 40, async () => {
      for (const n of upTo(40)) {
        await log.append(`${prefix}1`, [someEvent({ n })], 'any');
        if (n % 10 === 5) server.dropSubscriptions();
      }
    });
    expect(seen.map(({ data }) => data['n'])).toEqual(upTo(40));
    expect(interruptions.length).toBeGreaterThan(0);
  });

  it('with its server is resumed when that is back', async () => {
    const { server, log, feed } = await openImpatient();
    const prefix = freshPrefix();
    await log.append(`${prefix}1`, someEvents(5), 'none');
    const { seen } = await followThrough(feed, prefix, 10, async (told) => {
      await until('five events', () => told.length === 5);
      await server.stop();
      await server.resume();
      await log.append(`${prefix}1`, someEvents(5), 4);
    });
    expect(seen.map(({ revision }) => revision)).toEqual(upTo(10));
  });

  it('before it has begun is an interruption too, in bounded time', async () => {
    const { server, feed } = await openImpatient();
    server.arm({ operation: 'subscribe', kind: 'ignored', times: 1 });
    const following = feed.follow('start', { streamPrefixes: [] }, new AbortController().signal);
    await expect(following[Symbol.asyncIterator]().next()).rejects.toThrow(FeedInterrupted);
  });
});

describe('a feed without its server', () => {
  it('is unavailable to read and to count', async () => {
    const { server, feed } = await openImpatient();
    await server.stop();
    await expect(feed.readAfter('start', { streamPrefixes: [] })).rejects.toThrow(StoreUnavailable);
    await expect(feed.countAfter('start', { streamPrefixes: [] }, 10)).rejects.toThrow(StoreUnavailable);
  });
});

/** What a count comes to when it has not grown for a while. */
const settled = async (count: () => number): Promise<number> => {
  for (let before = -1; before !== count();) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return count();
};

describe('a slow consumer', () => {
  it('is not run over: what it has not taken waits at the server', async () => {
    const { server, log, feed } = await openImpatient();
    const prefix = freshPrefix();
    for (const n of upTo(20)) await log.append(`${prefix}${n}`, upTo(200).map(() => someEvent({ text: 'x'.repeat(1_000) })), 'none'); // prettier-ignore
    const stop = new AbortController();
    const following = feed.follow('start', { streamPrefixes: [prefix] }, stop.signal, 10)[Symbol.asyncIterator]();
    await following.next();
    const sentInTheEnd = await settled(() => server.countOf('event'));
    expect(sentInTheEnd).toBeGreaterThan(10);
    expect(sentInTheEnd).toBeLessThan(2_000);
    stop.abort();
  });
});

describe('a reader that leaves early', () => {
  it('leaves nothing open', async () => {
    // In a process of its own: within ours, its answers come too late for a reader to leave them behind.
    const server = await startServerProcess();
    const patient = { answerWithinMs: 10_000, tryMs: 4_000, pauseMs: 50, pauseMaxMs: 50 };
    const { eventLog: log, eventFeed: feed, ...opened } = await open(server.connectionString, '', patient);
    // So few that all of them are on their way before the reader leaves.
    await log.append(freshStream(), someEvents(4), 'none');
    const everything = { streamPrefixes: [] };
    for (const _ of upTo(20)) {
      expect(await feed.readAfter('start', everything, 1)).toMatchObject({ atEnd: false });
      expect(await feed.countAfter('start', everything, 1)).toBe(1);
      for await (const { events } of feed.follow('start', everything, new AbortController().signal, 1)) {
        expect(events.length).toBeLessThanOrEqual(1);
        break;
      }
    }
    const startedAt = performance.now();
    await opened.close();
    expect(performance.now() - startedAt).toBeLessThan(patient.tryMs / 2);
    await server.kill();
  });
});

describe('an EventStoreDB that is shared', () => {
  it('shows nothing of others in our feed, but how far it has come', async () => {
    const { connectionString } = await startServer();
    const [ours, others] = await Promise.all([open(connectionString, 'ours.'), open(connectionString, 'others.')]);
    await others.eventLog.append(freshStream(), upTo(1_200).map(() => someEvent()), 'none'); // prettier-ignore
    const stop = new AbortController();
    let moved: FeedPosition = 'start';
    for await (const { events, position } of ours.eventFeed.follow('start', { streamPrefixes: [] }, stop.signal)) {
      expect(events).toEqual([]);
      moved = position;
      stop.abort();
    }
    expect(moved).not.toBe('start');
    await ours.eventLog.append('payment-1', [someEvent({ ours: true })], 'none');
    const { events } = await ours.eventFeed.readAfter(moved, { streamPrefixes: [] }, 2_000);
    expect(events.map(({ stream, data }) => [stream, data])).toEqual([['payment-1', { ours: true }]]);
    expect(await ours.eventFeed.countAfter('start', { streamPrefixes: ['payment-'] }, 10)).toBe(1);
    expect(await others.eventLog.read('payment-1')).toEqual([]);
  });

  it('shows nothing in our feed that is not written as we write, and takes no history with it', async () => {
    const { connectionString } = await startServer();
    const { eventLog: log, eventFeed: feed } = await open(connectionString);
    const stream = freshStream();
    await log.append(stream, someEvents(1), 'none');
    const stranger = EventStoreDBClient.connectionString(connectionString);
    await stranger.appendToStream(stream, [
      jsonEvent({ type: 'PaymentSettled', data: { by: 'hand' } }),
      binaryEvent({ type: 'PaymentSettled', data: Buffer.from('by hand') }),
    ]);
    const { events } = await feed.readAfter('start', { streamPrefixes: [stream] });
    expect(events.map(({ revision }) => revision)).toEqual([0]);
    await expect(log.read(stream)).rejects.toThrow(`Event 1 of ${stream} was not written by this service`);
  });
});
