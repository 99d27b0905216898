import { describe, expect, it } from '@jest/globals';
import { isBeyond } from '../../src/application/ports/event-feed.js';
import type { EventFeed, FeedBatch, FeedFilter, FeedPosition } from '../../src/application/ports/event-feed.js';
import type { EventLog, StoredEvent } from '../../src/application/ports/event-log.js';
import { freshPrefix, someEvent, someEvents, upTo, withoutPosition } from './some-events.js';

/** A log and its feed. */
export interface LogAndFeed {
  readonly log: EventLog;
  readonly feed: EventFeed;
}

const only = (...streamPrefixes: readonly string[]): FeedFilter => ({ streamPrefixes });

const labels = (events: readonly StoredEvent[]): readonly unknown[] => events.map(({ data }) => data['label']);

/** Reads to the end, in pages. */
const readAll = async (feed: EventFeed, filter: FeedFilter, after: FeedPosition = 'start', limit?: number) => {
  const pages: (readonly StoredEvent[])[] = [];
  let position = after;
  for (;;) {
    const batch: FeedBatch = await feed.readAfter(position, filter, limit);
    if (batch.events.length > 0) pages.push(batch.events);
    position = batch.position;
    if (batch.atEnd) return { pages, events: pages.flat(), position };
  }
};

interface Following {
  readonly after?: FeedPosition;
  readonly batchMax?: number;
  /** Done with a batch before the next is asked for. */
  readonly each?: (batch: FeedBatch) => Promise<unknown>;
}

/** Follows until `enough`, then stops. */
const followUntil = async (
  feed: EventFeed,
  filter: FeedFilter,
  enough: (events: readonly StoredEvent[]) => boolean,
  { after = 'start', batchMax = 1_000, each }: Following = {},
): Promise<readonly StoredEvent[]> => {
  const stop = new AbortController();
  const seen: StoredEvent[] = [];
  for await (const batch of feed.follow(after, filter, stop.signal, batchMax)) {
    seen.push(...batch.events);
    await each?.(batch);
    if (enough(seen)) stop.abort();
  }
  return seen;
};

const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Every promise of EventFeed. `open` may answer the same log each time: streams are fresh in each test. */
export const eventFeedContract = (name: string, open: () => Promise<LogAndFeed>): void =>
  describe(`${name} tells all events in order`, () => {
    const append = ({ log }: LogAndFeed, stream: string, ...names: readonly string[]) =>
      log.append(stream, names.map((label) => someEvent({ label })), 'any'); // prettier-ignore

    describe('read', () => {
      it('has the events of all streams in the order in which they were appended', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        await append(opened, `${prefix}1`, 'a', 'b');
        await append(opened, `${prefix}2`, 'c');
        await append(opened, `${prefix}1`, 'd');
        const { events } = await readAll(opened.feed, only(prefix));
        expect(events.map(({ stream, revision, data }) => [stream, revision, data['label']])).toEqual([
          [`${prefix}1`, 0, 'a'],
          [`${prefix}1`, 1, 'b'],
          [`${prefix}2`, 0, 'c'],
          [`${prefix}1`, 2, 'd'],
        ]);
        const positions = events.map(({ position }) => position);
        expect([...new Set(positions)].sort()).toEqual(positions);
      });

      it('has each event as its stream has it', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        await log.append(
          `${prefix}1`,
          [someEvent({ n: 2 ** 53 - 1, deep: { list: ['é', null] } }, { version: 3 })],
          'none',
        );
        const { events } = await readAll(feed, only(prefix));
        expect(events.map(withoutPosition)).toEqual((await log.read(`${prefix}1`)).map(withoutPosition));
      });

      it('has an event as soon as its append is answered', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        let position: FeedPosition = (await readAll(opened.feed, only(prefix))).position;
        for (const label of ['a', 'b', 'c']) {
          await append(opened, `${prefix}1`, label);
          const next = await readAll(opened.feed, only(prefix), position);
          expect(labels(next.events)).toEqual([label]);
          position = next.position;
        }
      });

      it('goes on after the position of an event, of a batch and of an append', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        const appended = await append(opened, `${prefix}1`, 'a', 'b');
        const read = await readAll(opened.feed, only(prefix));
        await append(opened, `${prefix}2`, 'c', 'd');
        const after = async (position: FeedPosition) =>
          labels((await readAll(opened.feed, only(prefix), position)).events);
        expect(await after(read.events[0]?.position ?? '')).toEqual(['b', 'c', 'd']);
        expect(await after(read.events[1]?.position ?? '')).toEqual(['c', 'd']);
        expect(await after(read.position)).toEqual(['c', 'd']);
        expect(await after(appended.type === 'appended' ? appended.position : '')).toEqual(['c', 'd']);
      });

      it('leaves out what does not begin with one of the prefixes', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        const [payments, inbox, others] = [`${prefix}payment-`, `${prefix}inbox-`, freshPrefix()];
        for (const [n, stream] of [`${payments}1`, `${inbox}0`, `${others}1`, `${payments}2`, `${inbox}1`].entries()) {
          await append(opened, stream, `${n}`);
        }
        const seen = async (...prefixes: readonly string[]) =>
          labels((await readAll(opened.feed, only(...prefixes))).events);
        expect(await seen(payments)).toEqual(['0', '3']);
        expect(await seen(inbox)).toEqual(['1', '4']);
        expect(await seen(payments, others)).toEqual(['0', '2', '3']);
        expect(await seen(prefix)).toEqual(['0', '1', '3', '4']);
        expect(await seen(prefix, payments, others)).toEqual(['0', '1', '2', '3', '4']);
        expect(await seen(`${payments}2`, `${inbox}0`)).toEqual(['1', '3']);
        expect(await seen(prefix.slice(0, -1))).toEqual(['0', '1', '3', '4']);
        expect(await seen(freshPrefix())).toEqual([]);
      });

      it('has every stream when there is no prefix', async () => {
        const opened = await open();
        const first = await append(opened, `${freshPrefix()}1`, 'before');
        const streams = [`${freshPrefix()}1`, `${freshPrefix()}2`];
        for (const stream of streams) await append(opened, stream, stream);
        const { events } = await readAll(opened.feed, only(), first.type === 'appended' ? first.position : 'start');
        expect(labels(events.filter(({ stream }) => streams.includes(stream)))).toEqual(streams);
      });

      it('comes in pages of the size asked for, without gap and without repeat', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        for (const n of upTo(5)) {
          await log.append(`${prefix}${n}`, someEvents(5), 'none');
          await log.append(freshPrefix(), someEvents(3), 'none');
        }
        const { pages, events } = await readAll(feed, only(prefix), 'start', 7);
        for (const { length } of pages) expect(length).toBeLessThanOrEqual(7);
        expect(events.map(({ stream, revision }) => `${stream}/${revision}`)).toEqual(
          upTo(25).map((n) => `${prefix}${Math.floor(n / 5)}/${n % 5}`),
        );
      });

      it('tells at the end that it is the end, and goes on from there later', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        await append(opened, `${prefix}1`, 'a');
        const end = await readAll(opened.feed, only(prefix));
        expect(await opened.feed.readAfter(end.position, only(prefix))).toMatchObject({ events: [], atEnd: true });
        await append(opened, `${prefix}1`, 'b');
        expect(labels((await readAll(opened.feed, only(prefix), end.position)).events)).toEqual(['b']);
      });
    });

    describe('followed', () => {
      it('tells what was, then what comes', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        await append(opened, `${prefix}1`, 'a', 'b');
        const seen = await followUntil(opened.feed, only(prefix), ({ length }) => length === 4, {
          each: async ({ events }) => {
            if (labels(events).includes('b')) await append(opened, `${prefix}2`, 'c');
            if (labels(events).includes('c')) await append(opened, `${prefix}1`, 'd');
          },
        });
        expect(labels(seen)).toEqual(['a', 'b', 'c', 'd']);
      });

      it('waits where there is nothing yet', async () => {
        const opened = await open();
        const prefix = freshPrefix();
        const following = followUntil(opened.feed, only(prefix), ({ length }) => length === 1);
        await soon(50);
        await append(opened, freshPrefix(), 'of another');
        await append(opened, `${prefix}1`, 'a');
        expect(labels(await following)).toEqual(['a']);
      });

      it('resumes exactly where a batch ended', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        await log.append(`${prefix}1`, someEvents(20), 'none');
        const batches: FeedBatch[] = [];
        const first = await followUntil(feed, only(prefix), ({ length }) => length >= 6, {
          batchMax: 3,
          each: async (batch) => batches.push(batch),
        });
        for (const { events } of batches) expect(events.length).toBeLessThanOrEqual(3);
        const after = batches.at(-1)?.position ?? 'start';
        const rest = await followUntil(feed, only(prefix), ({ length }) => length >= 20 - first.length, { after });
        expect([...first, ...rest].map(({ revision }) => revision)).toEqual(upTo(20));
      });

      it('tells a slow reader everything, in order', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        const reading = followUntil(feed, only(prefix), ({ length }) => length === 60, {
          batchMax: 10,
          each: () => soon(10),
        });
        for (const n of upTo(60)) await log.append(`${prefix}1`, [someEvent({ n })], 'any');
        expect((await reading).map(({ revision }) => revision)).toEqual(upTo(60));
      });

      it('tells each of several followers what its filter lets through', async () => {
        const opened = await open();
        const [one, two] = [freshPrefix(), freshPrefix()];
        const three = ({ length }: readonly StoredEvent[]): boolean => length === 3;
        const following = Promise.all([
          followUntil(opened.feed, only(one), three),
          followUntil(opened.feed, only(two), three),
          followUntil(opened.feed, only(one, two), ({ length }) => length === 6),
        ]);
        for (const label of ['a', 'b', 'c']) {
          await append(opened, `${one}1`, `1${label}`);
          await append(opened, `${two}1`, `2${label}`);
        }
        expect((await following).map(labels)).toEqual([
          ['1a', '1b', '1c'],
          ['2a', '2b', '2c'],
          ['1a', '2a', '1b', '2b', '1c', '2c'],
        ]);
      });

      it('misses nothing and repeats nothing while many write', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        const [writers, appends] = [upTo(16), upTo(25)];
        const write = async (writer: number): Promise<void> => {
          for (const n of appends) await log.append(`${prefix}${writer}`, someEvents(1 + (n % 3)), 'any');
        };
        const total = writers.length * appends.reduce((sum, n) => sum + 1 + (n % 3), 0);
        const following = [1_000, 7].map((batchMax) =>
          followUntil(feed, only(prefix), ({ length }) => length >= total, { batchMax }),
        );
        await Promise.all(writers.map(write));
        for (const seen of await Promise.all(following)) {
          const positions = seen.map(({ position }) => position);
          expect([...new Set(positions)].sort()).toEqual(positions);
          for (const writer of writers) {
            const ids = (await log.read(`${prefix}${writer}`)).map(({ id }) => id);
            expect(seen.filter(({ stream }) => stream === `${prefix}${writer}`).map(({ id }) => id)).toEqual(ids);
          }
        }
      });

      it('ends when it is told to while it waits, and while there is more', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        const told: StoredEvent[] = [];
        // The clock stops it, whatever it has told until then.
        const signal = AbortSignal.timeout(50);
        for await (const { events } of feed.follow('start', only(prefix), signal)) told.push(...events);
        expect(told).toEqual([]);

        await log.append(`${prefix}1`, someEvents(20), 'none');
        const seen = await followUntil(feed, only(prefix), () => true, { batchMax: 4 });
        expect(seen.map(({ revision }) => revision)).toEqual(upTo(seen.length));
        expect(seen.length).toBeLessThanOrEqual(4);
      });

      it('does not begin when it is told to end before', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        await log.append(`${prefix}1`, someEvents(2), 'none');
        const batches: FeedBatch[] = [];
        for await (const batch of feed.follow('start', only(prefix), AbortSignal.abort())) batches.push(batch);
        expect(batches).toEqual([]);
      });

      it('may be left by its reader at any time', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        await log.append(`${prefix}1`, someEvents(20), 'none');
        for await (const { events } of feed.follow('start', only(prefix), new AbortController().signal, 2)) {
          expect(events.length).toBeLessThanOrEqual(2);
          break;
        }
        expect((await readAll(feed, only(prefix))).events).toHaveLength(20);
      });
    });

    describe('counted', () => {
      it('says how many events are still to come, as far as it is asked to count', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        await log.append(`${prefix}1`, someEvents(10), 'none');
        await log.append(freshPrefix(), someEvents(10), 'none');
        await log.append(`${prefix}2`, someEvents(5), 'none');
        const { events, position } = await readAll(feed, only(prefix));
        expect(await feed.countAfter('start', only(prefix), 1_000)).toBe(15);
        expect(await feed.countAfter('start', only(prefix), 12)).toBe(12);
        expect(await feed.countAfter(events[7]?.position ?? '', only(prefix), 1_000)).toBe(7);
        expect(await feed.countAfter(events[7]?.position ?? '', only(`${prefix}2`), 1_000)).toBe(5);
        expect(await feed.countAfter(position, only(prefix), 1_000)).toBe(0);
        expect(await feed.countAfter('start', only(freshPrefix()), 1_000)).toBe(0);
      });

      it('counts every stream when there is no prefix', async () => {
        const { log, feed } = await open();
        const before = await log.append(freshPrefix(), someEvents(1), 'any');
        await log.append(freshPrefix(), someEvents(4), 'any');
        const position = before.type === 'appended' ? before.position : 'start';
        expect(await feed.countAfter(position, only(), 3)).toBe(3);
        expect(await feed.countAfter(position, only(), 1_000)).toBeGreaterThanOrEqual(4);
      });
    });

    describe('ended', () => {
      it('is where the last append stands, and nothing that was read lies beyond it', async () => {
        const { log, feed } = await open();
        const prefix = freshPrefix();
        const appended = await log.append(`${prefix}1`, someEvents(3), 'none');
        const first = await feed.end();
        // Others may write to the same server, so a reader's own position is compared with an end that was asked for later.
        const { position, events } = await readAll(feed, only(prefix));
        expect(isBeyond(position, await feed.end())).toBe(false);
        expect(appended.type === 'appended' && isBeyond(appended.position, first)).toBe(false);
        expect(events.map((event) => event.position).filter((one) => isBeyond(one, first))).toEqual([]);
        expect((await readAll(feed, only(prefix), first)).events).toEqual([]);

        const next = await log.append(`${prefix}1`, someEvents(1), 2);
        expect(next.type === 'appended' && isBeyond(next.position, first)).toBe(true);
        expect(next.type === 'appended' && isBeyond(next.position, await feed.end())).toBe(false);
      });

      it('lies beyond the start, which is beyond nothing', async () => {
        const { log, feed } = await open();
        await log.append(freshPrefix(), someEvents(1), 'none');
        const end = await feed.end();
        expect([isBeyond(end, 'start'), isBeyond('start', end), isBeyond('start', 'start')]).toEqual([
          true,
          false,
          false,
        ]);
      });
    });
  });
