import { describe, expect, it } from '@jest/globals';
import type { FeedPosition } from '../../../src/application/ports/event-feed.js';
import { everything, type Share, type WholeStream } from '../../../src/application/ports/whole-streams.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { someEvent, upTo } from '../../contracts/some-events.js';
import { fileFolder, inMemory } from './open-folder.js';

const time = '2026-11-23T05:49:00.000Z';

const append = async ({ eventLog }: DataFolder, stream: string, ...names: readonly string[]): Promise<void> => {
  for (const name of names)
    await eventLog.append(stream, [someEvent({ name }, { metadata: { time, actor: 'budi' } })], 'any');
};

const read = async (
  { wholeStreams, eventFeed }: DataFolder,
  streamPrefixes: readonly string[],
  { until, share }: { readonly until?: FeedPosition; readonly share?: Share } = {},
): Promise<readonly WholeStream[]> => {
  const streams: WholeStream[] = [];
  const filter = { streamPrefixes };
  for await (const batch of wholeStreams.read(filter, until ?? (await eventFeed.end()), share)) streams.push(...batch);
  return streams;
};

const told = (streams: readonly WholeStream[]) =>
  streams.map((events) => [events[0].stream, ...events.map(({ data }) => data['name'])]);

for (const [where, open] of [
  ['in memory', inMemory],
  ['on disk', fileFolder],
] as const)
  // prettier-ignore
  describe(`the embedded log ${where}, read stream by stream`, () => {
    it('gives each stream in one piece and in its order, however its events lie in the log', async () => {
      const stores = open();
      await append(stores, 'payment-1', 'a');
      await append(stores, 'payment-2', 'b');
      await append(stores, 'payment-1', 'c', 'd');
      expect(told(await read(stores, ['payment-']))).toEqual([
        ['payment-1', 'a', 'c', 'd'],
        ['payment-2', 'b'],
      ]);
    });

    it('gives an event as it stands in the log, but for its position, and of its metadata the time', async () => {
      const stores = open();
      await append(stores, 'payment-1', 'a');
      const [{ id } = { id: '' }] = await stores.eventLog.read('payment-1');
      expect(await read(stores, ['payment-'])).toEqual([
        [{ stream: 'payment-1', revision: 0, id, type: 'PaymentPending', version: 1, data: { name: 'a' }, metadata: { time } }], // prettier-ignore
      ]);
    });

    it('finds the time wherever it stands in the metadata, and none where there is none', async () => {
      const stores = open();
      const times = [
        { time, other: 1 },
        { other: { time: 'not this one' }, time },
        { time: 'yesterday "noon"' },
        { time: 1 },
        {},
      ];
      for (const metadata of times) await stores.eventLog.append('payment-1', [someEvent({}, { metadata })], 'any');
      const [events] = await read(stores, ['payment-']);
      expect(events?.map(({ metadata }) => metadata.time)).toEqual([time, time, 'yesterday "noon"', 1, null]);
    });

    it('leaves out the streams that nobody asked for', async () => {
      const stores = open();
      for (const stream of ['payment-1', 'payment-21', 'inbox-0', 'payment-2', 'whole']) await append(stores, stream, 'x');
      const names = async (...prefixes: readonly string[]) => (await read(stores, prefixes)).map(([{ stream }]) => stream);
      expect(await names('payment-')).toEqual(['payment-1', 'payment-21', 'payment-2']);
      expect(await names('payment-2', 'inbox-')).toEqual(['payment-21', 'inbox-0', 'payment-2']);
      expect(await names('nobody-')).toEqual([]);
      expect(await names()).toEqual(['payment-1', 'payment-21', 'inbox-0', 'payment-2', 'whole']);
    });

    it('goes as far as it was asked to, whatever was appended since', async () => {
      const stores = open();
      await append(stores, 'payment-1', 'a');
      const until = await stores.eventFeed.end();
      await append(stores, 'payment-1', 'b');
      await append(stores, 'payment-2', 'c');
      expect(told(await read(stores, ['payment-'], { until }))).toEqual([['payment-1', 'a']]);
      expect(await read(stores, ['payment-'], { until: 'start' })).toEqual([]);
    });

    it('gives every stream to exactly one of those who share it', async () => {
      const stores = open();
      const names = upTo(1_500).map((n) => `payment-${n}`);
      await Promise.all(names.map((stream) => append(stores, stream, 'x')));
      const shares = await Promise.all(upTo(3).map((index) => read(stores, ['payment-'], { share: { index, of: 3 } })));
      expect(shares.every(({ length }) => length > 0)).toBe(true);
      const namesOf = (some: readonly WholeStream[]) => some.map(([{ stream }]) => stream);
      expect(shares.flatMap(namesOf).sort()).toEqual(names.toSorted());
      expect(namesOf(await read(stores, ['payment-'], { share: everything })).toSorted()).toEqual(names.toSorted());
    });
  });
