import { describe, expect, it } from '@jest/globals';
import { appendBytesMax, AppendTooLarge } from '../../src/application/ports/event-log.js';
import type { EventLog } from '../../src/application/ports/event-log.js';
import { dataOf, freshPrefix, freshStream, someEvent, someEvents, upTo, withoutPosition } from './some-events.js';

/** Every promise of EventLog. `open` may answer the same log each time: streams are fresh in each test. */
export const eventLogContract = (name: string, open: () => Promise<EventLog>): void =>
  describe(`${name} keeps the history of every stream`, () => {
    it('has a name that stays', async () => {
      const log = await open();
      expect(log.logId).toMatch(/\S/);
      const { logId } = log;
      await log.append(freshStream(), [someEvent()], 'none');
      expect(log.logId).toBe(logId);
    });

    describe('reading', () => {
      it('finds an empty history where nobody has written', async () => {
        const log = await open();
        expect(await log.read(freshStream())).toEqual([]);
        expect(await log.read(freshStream(), { from: 5, limit: 5 })).toEqual([]);
      });

      it('gives back each event exactly as it was appended, numbered from 0', async () => {
        const log = await open();
        const stream = freshStream();
        const events = [
          someEvent({
            amount: 9_007_199_254_740_991,
            less: -1.5,
            text: 'Rp 10.000 — ٣ 支払い 🧾\n"\\',
            none: null,
            yes: true,
            no: false,
          }),
          someEvent(
            { nested: { list: [1, 'two', { three: [] }], empty: {} }, '': '' },
            { type: 'ChargeAttempted', version: 7 },
          ),
          someEvent(
            {},
            { metadata: { $correlationId: 'c', $causationId: 'e', actor: { kind: 'user', roles: ['finance'] } } },
          ),
        ];
        await log.append(stream, events, 'none');
        const read = await log.read(stream);
        expect(read.map(withoutPosition)).toEqual(events.map((event, revision) => ({ ...event, stream, revision })));
      });

      it('sees an append as soon as it is answered', async () => {
        const log = await open();
        const stream = freshStream();
        for (const n of upTo(5)) {
          await log.append(stream, [someEvent({ n })], n === 0 ? 'none' : n - 1);
          expect(await log.read(stream)).toHaveLength(n + 1);
        }
      });

      it('begins at a revision and takes as many as are asked for', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, someEvents(10), 'none');
        const revisions = async (range: { from?: number; limit?: number }) =>
          (await log.read(stream, range)).map(({ revision, data }) => [revision, data['n']]);
        expect(await revisions({ from: 7 })).toEqual([[7, 7], [8, 8], [9, 9]]); // prettier-ignore
        expect(await revisions({ limit: 2 })).toEqual([[0, 0], [1, 1]]); // prettier-ignore
        expect(await revisions({ from: 4, limit: 2 })).toEqual([[4, 4], [5, 5]]); // prettier-ignore
        expect(await revisions({ from: 9, limit: 5 })).toEqual([[9, 9]]);
        expect(await revisions({ from: 10 })).toEqual([]);
      });

      it('tells streams apart byte by byte', async () => {
        const log = await open();
        const prefix = freshPrefix();
        const names = ['a', 'A', 'ab', 'a.b', 'a_b', 'a~'].map((ending) => prefix + ending);
        await Promise.all(names.map((stream) => log.append(stream, [someEvent({ stream })], 'none')));
        for (const stream of names) expect(await dataOf(log, stream)).toEqual([{ stream }]);
      });
    });

    describe('appending', () => {
      it('answers the revision of the last event, and positions that grow as text', async () => {
        const log = await open();
        const stream = freshStream();
        const first = await log.append(stream, someEvents(3), 'none');
        const other = await log.append(freshStream(), someEvents(1), 'none');
        const second = await log.append(stream, someEvents(2), 2);
        expect([first, other, second]).toMatchObject([
          { type: 'appended', revision: 2 },
          { type: 'appended', revision: 0 },
          { type: 'appended', revision: 4 },
        ]);
        const positions = [first, other, second].map((result) => (result.type === 'appended' ? result.position : ''));
        expect([...new Set(positions)].sort()).toEqual(positions);
      });

      it('begins a stream only once', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, [someEvent({ first: true })], 'none');
        expect(await log.append(stream, [someEvent()], 'none')).toEqual({ type: 'conflict', actual: 0 });
        expect(await dataOf(log, stream)).toEqual([{ first: true }]);
      });

      it('refuses a revision that is behind, ahead, or of a stream that is not there, and says what is', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, someEvents(3), 'none');
        expect(await log.append(stream, [someEvent()], 1)).toEqual({ type: 'conflict', actual: 2 });
        expect(await log.append(stream, [someEvent()], 3)).toEqual({ type: 'conflict', actual: 2 });
        expect(await log.append(freshStream(), [someEvent()], 0)).toEqual({ type: 'conflict', actual: 'none' });
        expect(await log.read(stream)).toHaveLength(3);
      });

      it('adds to whatever stands there when it expects nothing', async () => {
        const log = await open();
        const stream = freshStream();
        expect(await log.append(stream, someEvents(2), 'any')).toMatchObject({ type: 'appended', revision: 1 });
        expect(await log.append(stream, someEvents(1), 'any')).toMatchObject({ type: 'appended', revision: 2 });
        expect(await dataOf(log, stream)).toEqual([{ n: 0 }, { n: 1 }, { n: 0 }]);
      });

      it('goes on from a revision after somebody expected nothing', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, someEvents(2), 'any');
        expect(await log.append(stream, someEvents(1), 1)).toMatchObject({ type: 'appended', revision: 2 });
      });

      it('lands all events of an append or none', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, [someEvent()], 'none');
        await log.append(stream, someEvents(5), 4);
        await log.append(stream, someEvents(5), 'none');
        expect(await log.read(stream)).toHaveLength(1);
        await log.append(stream, someEvents(500), 0);
        expect(await log.read(stream)).toHaveLength(501);
      });

      it('carries what it promises to carry, and refuses more without writing any of it', async () => {
        const log = await open();
        const [fits, tooLarge] = [freshStream(), freshStream()];
        const large = appendBytesMax - 1_000;
        expect(await log.append(fits, [someEvent({ text: 'x'.repeat(large) })], 'none')).toMatchObject({
          type: 'appended',
        });
        const half = someEvent({ text: 'é'.repeat(appendBytesMax / 4) });
        await expect(log.append(tooLarge, [half, { ...half, id: someEvent().id }], 'none')).rejects.toThrow(
          AppendTooLarge,
        );
        expect(await log.read(tooLarge)).toEqual([]);
      });
    });

    describe('the same append again', () => {
      it('writes nothing where a stream was begun', async () => {
        const log = await open();
        const stream = freshStream();
        const events = someEvents(3);
        await log.append(stream, events, 'none');
        expect(await log.append(stream, events, 'none')).toMatchObject({ type: 'appended', revision: 2 });
        expect(await log.read(stream)).toHaveLength(3);
      });

      it('writes nothing where a revision was expected', async () => {
        const log = await open();
        const stream = freshStream();
        const events = someEvents(2);
        await log.append(stream, someEvents(3), 'none');
        await log.append(stream, events, 2);
        expect(await log.append(stream, events, 2)).toMatchObject({ type: 'appended', revision: 4 });
        expect(await log.read(stream)).toHaveLength(5);
      });

      it('writes nothing where nothing was expected: a group of 64 whose answer was lost', async () => {
        const log = await open();
        const stream = freshStream();
        const group = someEvents(64);
        await log.append(stream, group, 'any');
        await log.append(stream, group, 'any');
        expect(await log.append(stream, group, 'any')).toMatchObject({ type: 'appended', revision: 63 });
        expect((await log.read(stream)).map(({ id }) => id)).toEqual(group.map(({ id }) => id));
      });

      it('is known again after others have appended', async () => {
        const log = await open();
        const [begun, unguarded] = [freshStream(), freshStream()];
        const events = someEvents(2);
        const group = someEvents(2);
        await log.append(begun, events, 'none');
        await log.append(begun, someEvents(3), 1);
        await log.append(unguarded, group, 'any');
        await log.append(unguarded, someEvents(3), 'any');
        expect(await log.append(begun, events, 'none')).toMatchObject({ type: 'appended', revision: 1 });
        expect(await log.append(unguarded, group, 'any')).toMatchObject({ type: 'appended', revision: 1 });
        expect(await log.read(begun)).toHaveLength(5);
        expect(await log.read(unguarded)).toHaveLength(5);
      });

      it('is not mistaken for another writer with ids of its own', async () => {
        const log = await open();
        const stream = freshStream();
        const same = { n: 1 };
        await log.append(stream, [someEvent(same)], 'none');
        expect(await log.append(stream, [someEvent(same)], 'none')).toEqual({ type: 'conflict', actual: 0 });
      });
    });

    describe('many writers', () => {
      it('lets exactly one of two at the same revision through', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, [someEvent()], 'none');
        const results = await Promise.all([1, 2].map((writer) => log.append(stream, [someEvent({ writer })], 0)));
        expect(results.map(({ type }) => type).sort()).toEqual(['appended', 'conflict']);
        expect(results.find(({ type }) => type === 'conflict')).toEqual({ type: 'conflict', actual: 1 });
        expect(await log.read(stream)).toHaveLength(2);
      });

      it('lets exactly one of forty begin a stream', async () => {
        const log = await open();
        const stream = freshStream();
        const results = await Promise.all(
          upTo(40).map((writer) => log.append(stream, [someEvent({ writer })], 'none')),
        );
        const winners = upTo(40).filter((writer) => results[writer]?.type === 'appended');
        expect(winners).toHaveLength(1);
        expect(await dataOf(log, stream)).toEqual(winners.map((writer) => ({ writer })));
      });

      it('lands every append that expects nothing, without gap and without mixing the events of two', async () => {
        const log = await open();
        const stream = freshStream();
        const writers = upTo(50);
        await Promise.all(
          writers.map((writer) =>
            log.append(stream, [someEvent({ writer, part: 1 }), someEvent({ writer, part: 2 })], 'any'),
          ),
        );
        const read = await log.read(stream);
        expect(read.map(({ revision }) => revision)).toEqual(upTo(100));
        const pairs = writers.map((n) => read.slice(2 * n, 2 * n + 2).map(({ data }) => data));
        expect(pairs.map(([first]) => first?.['writer']).sort((a, b) => Number(a) - Number(b))).toEqual(writers);
        for (const [first, second] of pairs) expect(second).toEqual({ ...first, part: 2 });
      });

      it('lets a conflict fail alone among many appends at once', async () => {
        const log = await open();
        const taken = freshStream();
        await log.append(taken, [someEvent()], 'none');
        const streams = upTo(30).map((n) => (n % 3 === 0 ? taken : freshStream()));
        const results = await Promise.all(streams.map((stream) => log.append(stream, someEvents(2), 'none')));
        expect(results.map(({ type }) => type)).toEqual(upTo(30).map((n) => (n % 3 === 0 ? 'conflict' : 'appended')));
        for (const stream of streams) expect(await log.read(stream)).toHaveLength(stream === taken ? 1 : 2);
      });

      it('keeps every event when each writer retries after its conflicts', async () => {
        const log = await open();
        const stream = freshStream();
        await log.append(stream, [someEvent({ writer: -1 })], 'none');
        const write = async (writer: number): Promise<void> => {
          const head = (await log.read(stream)).length - 1;
          const { type } = await log.append(stream, [someEvent({ writer })], head);
          if (type === 'conflict') await write(writer);
        };
        await Promise.all(upTo(12).map(write));
        const written = (await dataOf(log, stream)).map(({ writer }) => Number(writer));
        expect(written.sort((a, b) => a - b)).toEqual([-1, ...upTo(12)]);
      });
    });
  });
