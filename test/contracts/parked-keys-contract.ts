import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { failedAgain, resumed, type ParkedKey, type PutAside } from '../../src/application/parking/parked-key.js';
import { ParkedKeys, type ParkedCursor, type SeenParkedKey } from '../../src/application/parking/parked-keys.js';
import type { Documents } from '../../src/application/ports/documents.js';
import { StoreUnavailable, type StoredEvent } from '../../src/application/ports/event-log.js';
import { ToldClock } from '../application/payments/lives-on-record.js';
import { MemoryJournal } from '../service/memory-journal.js';
import { someEvent, upTo } from './some-events.js';

const eventOf = (key: string, revision: number): StoredEvent => ({
  ...someEvent(),
  stream: `payment-${key}`,
  revision,
  position: '1',
});

/** What every process that shares the records may rely on. `open` may answer the same store each time. */
export const parkedKeysContract = (name: string, open: () => Promise<Documents>): void =>
  describe(`${name} keeps parked keys`, () => {
    /** Followers that no other test has, so that the records of others are not seen. */
    const opened = async () => {
      const records = await open();
      const journal = new MemoryJournal();
      const clock = new ToldClock();
      const follower = `projection:${randomUUID()}:1`;
      /** Another process: it shares the records and nothing else. */
      const another = () => new ParkedKeys(records, clock, journal);
      const parkedKeys = another();
      const aside = (key: string, revision: number, more: Partial<PutAside> = {}): PutAside => ({
        follower,
        key,
        event: eventOf(key, revision),
        error: new Error('It cannot be read'),
        tries: 1,
        ...more,
      });
      const alarms = () => journal.entries.filter(({ level }) => level === 'alarm');
      const ids = () => alarms().map(({ fields }) => String(fields['parked_key_id']));
      const recordOf = async (id = ids().at(-1) ?? ''): Promise<ParkedKey> => (await seenOf(id)).parked;
      const seenOf = async (id = ids().at(-1) ?? ''): Promise<SeenParkedKey> => {
        const seen = await parkedKeys.find(id);
        if (!seen) throw new Error(`No record ${id}`);
        return seen;
      };
      const request = () => ({ at: clock.now(), by: operator, reason: 'mended', request_id: 'r-1' });
      const resume = async (id?: string): Promise<boolean> => {
        const seen = await seenOf(id);
        return parkedKeys.replace(seen, resumed(seen.parked, request()));
      };
      return {
        records,
        journal,
        parkedKeys,
        another,
        follower,
        clock,
        aside,
        alarms,
        ids,
        recordOf,
        seenOf,
        request,
        resume,
      };
    };

    it('only after the alarm was raised: a process that dies just then lets it be raised again', async () => {
      const { records, parkedKeys, aside, alarms, journal, clock } = await opened();
      const dying = Object.assign(Object.create(records) as Documents, {
        insertIfAbsent: () => Promise.reject(new StoreUnavailable('killed just now')),
      });
      await expect(new ParkedKeys(dying, clock, journal).park(aside('k', 3))).rejects.toThrow(StoreUnavailable);
      expect(alarms()).toHaveLength(1);
      for (let round = 0; round < 2; round += 1) await parkedKeys.park(aside('k', 3));
      expect(alarms()).toHaveLength(2);
    });

    it('and tells of one that somebody resumed while it was being parked again', async () => {
      const { records, parkedKeys, aside, ids, alarms, journal, clock, resume, recordOf } = await opened();
      await parkedKeys.park(aside('k', 3));
      const [id = ''] = ids();
      let isResumed = false;
      const interrupted = Object.assign(Object.create(records) as Documents, {
        get: async (...args: Parameters<Documents['get']>) => {
          const seen = await records.get(...args);
          if (!isResumed) await resume(id);
          isResumed = true;
          return seen;
        },
      });
      await new ParkedKeys(interrupted, clock, journal).park(aside('k', 4));
      expect([(await recordOf(id)).status, alarms().length]).toEqual(['parked', 2]);
    });

    it('with what failed, when and why, and raises the alarm once', async () => {
      const { parkedKeys, another, follower, clock, aside, alarms, recordOf } = await opened();
      const parking = aside('k', 3);
      const at = clock.now();
      await parkedKeys.park(parking);
      const { stream, revision, id: eventId, type } = parking.event;
      const record = await recordOf();
      expect(record).toEqual({
        id: record.id,
        follower,
        key: 'k',
        event: { stream, revision, id: eventId, type },
        status: 'parked',
        error: 'It cannot be read',
        tries: 1,
        first_parked_at: at,
        last_tried_at: at,
        waiting_revision: null,
        resumptions: [],
      });
      await clock.sleep(1_000);
      await another().park({ ...parking, error: new Error('again, after a crash') });
      expect(await recordOf()).toEqual(record);
      expect(alarms()).toEqual([
        {
          level: 'alarm',
          message: `${follower} cannot work on k, which waits while everything else goes on; once the fault is mended: POST /payments/parked-keys/${record.id}/resume`,
          fields: {
            alarm: 'parked_key',
            parked_key_id: record.id,
            follower,
            key: 'k',
            stream,
            revision,
            type,
            error: 'It cannot be read',
          },
        },
      ]);
    });

    /** A partition has one holder, so that it is one mostly, and two while one of them does not know yet that it is none any more. */
    it('in one record, whoever parks it at once with others; none of them leaves the alarm to another who may die', async () => {
      const { another, aside, ids, recordOf } = await opened();
      await Promise.all(upTo(20).map(() => another().park(aside('k', 3))));
      expect([new Set(ids()).size, (await recordOf()).tries]).toEqual([1, 1]);
      const told = ids().length;
      await another().park(aside('k', 3));
      expect(ids()).toHaveLength(told);
    });

    it('apart from those of other followers, and from other subjects of the same key', async () => {
      const { parkedKeys, follower, aside, ids } = await opened();
      await parkedKeys.park(aside('k', 3));
      await parkedKeys.park(aside('k', 3, { follower: `${follower}0` }));
      await parkedKeys.park(aside('k', 3, { subject: 'inbox@1' }));
      await parkedKeys.park(aside('k', 4, { subject: 'inbox@2' }));
      expect(new Set(ids()).size).toBe(4);
    });

    it('without what JSON.parse quotes, and without end', async () => {
      const { parkedKeys, aside, recordOf } = await opened();
      let quoting: unknown;
      try {
        JSON.parse('{"email": budi@example.com}');
      } catch (error) {
        quoting = error;
      }
      await parkedKeys.park(aside('a', 0, { error: quoting }));
      expect((await recordOf()).error).toBe('What should be JSON is not');
      await parkedKeys.park(aside('b', 0, { error: new Error('x'.repeat(10_000)) }));
      expect((await recordOf()).error).toBe('x'.repeat(500));
    });

    it('which hold later events back, in every process, and know the newest of them', async () => {
      const { parkedKeys, another, follower, aside, recordOf } = await opened();
      expect(await parkedKeys.holds(follower, 'k', 4)).toBe(false);
      await parkedKeys.park(aside('k', 3));
      expect(await another().holds(follower, 'k', 3)).toBe(true);
      expect((await recordOf()).waiting_revision).toBeNull();
      for (const revision of [4, 6, 5]) expect(await another().holds(follower, 'k', revision)).toBe(true);
      expect((await recordOf()).waiting_revision).toBe(6);
      expect(await another().holds(follower, 'other', 4)).toBe(false);
      expect(await another().holds(`${follower}0`, 'k', 4)).toBe(false);
    });

    it('until somebody resumes them, who is put on record', async () => {
      const { parkedKeys, follower, aside, recordOf, request, resume } = await opened();
      await parkedKeys.park(aside('k', 3));
      await parkedKeys.holds(follower, 'k', 4);
      const before = await recordOf();
      expect(await resume()).toBe(true);
      expect(await recordOf()).toEqual({
        ...before,
        status: 'resumed',
        waiting_revision: null,
        resumptions: [{ ...request(), outcome: 'resumed' }],
      });
      expect(await parkedKeys.holds(follower, 'k', 5)).toBe(false);
      expect((await recordOf()).waiting_revision).toBeNull();
    });

    it('which nobody can resume who has overlooked that an event came to wait', async () => {
      const { parkedKeys, another, follower, aside, recordOf, seenOf, request } = await opened();
      await parkedKeys.park(aside('k', 3));
      const seen = await seenOf();
      await another().holds(follower, 'k', 4);
      expect(await parkedKeys.replace(seen, resumed(seen.parked, request()))).toBe(false);
      expect([(await recordOf()).status, (await recordOf()).waiting_revision]).toEqual(['parked', 4]);
      const anew = await seenOf();
      const tries = await Promise.all(upTo(10).map(() => another().replace(anew, resumed(anew.parked, request()))));
      expect(tries.filter(Boolean)).toHaveLength(1);
    });

    it('with the number of tries and the newest error when it fails again', async () => {
      const { parkedKeys, clock, aside, recordOf, seenOf, request } = await opened();
      await parkedKeys.park(aside('k', 3, { tries: 5 }));
      await clock.sleep(60_000);
      const seen = await seenOf();
      expect(await parkedKeys.replace(seen, failedAgain(seen.parked, request(), new Error('still')))).toBe(true);
      expect(await recordOf()).toEqual({
        ...seen.parked,
        error: 'still',
        tries: 6,
        last_tried_at: clock.now(),
        resumptions: [{ ...request(), outcome: 'failed' }],
      });
    });

    it('afresh, with another alarm, when what was resumed fails once more; who resumed it is not forgotten', async () => {
      const { parkedKeys, clock, aside, ids, recordOf, resume } = await opened();
      await parkedKeys.park(aside('k', 3));
      await resume();
      const { resumptions } = await recordOf();
      await clock.sleep(60_000);
      await parkedKeys.park(aside('k', 7, { error: new Error('another one') }));
      expect(await recordOf()).toMatchObject({
        status: 'parked',
        event: { revision: 7 },
        error: 'another one',
        tries: 1,
        first_parked_at: clock.now(),
        resumptions,
      });
      expect([ids().length, new Set(ids()).size, resumptions.length]).toEqual([2, 1, 1]);
    });

    it('until their follower begins anew, however many they are, and leaves those of others', async () => {
      const { parkedKeys, follower, aside, ids, recordOf } = await opened();
      for (const n of upTo(120)) await parkedKeys.park(aside(`k${n}`, 0));
      const mine = ids();
      await parkedKeys.park(aside('k', 0, { follower: `${follower}0` }));
      await parkedKeys.release(follower);
      const statuses = await Promise.all(mine.map(async (id) => (await recordOf(id)).status));
      expect(new Set(statuses)).toEqual(new Set(['resumed']));
      expect((await recordOf()).status).toBe('parked');
      expect(await parkedKeys.holds(follower, 'k0', 1)).toBe(false);
    });

    it('in a list, the newest first, page after page, all or those of one status', async () => {
      const { parkedKeys, follower, clock, aside, ids, resume } = await opened();
      for (const n of upTo(7)) {
        await parkedKeys.park(aside(`k${n}`, n));
        // Some of them at the same moment.
        if (n % 2 === 0) await clock.sleep(1_000);
      }
      await resume(ids()[2]);
      const listed = async (status: 'parked' | 'resumed' | null): Promise<readonly string[]> => {
        const found: ParkedKey[] = [];
        let after: ParkedCursor | null = null;
        do {
          const page = await parkedKeys.list(status, 2, after);
          found.push(...page.parkedKeys);
          after = page.next;
        } while (after !== null);
        const mine = found.filter((record) => record.follower === follower);
        const newestFirst = mine.toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
        expect(mine).toEqual(newestFirst);
        return mine.map(({ key }) => key).toSorted();
      };
      expect(await listed(null)).toEqual(upTo(7).map((n) => `k${n}`));
      expect(await listed('parked')).toEqual(['k0', 'k1', 'k3', 'k4', 'k5', 'k6']);
      expect(await listed('resumed')).toEqual(['k2']);
    });
  });

const operator = { kind: 'user', id: 'ayu', roles: ['operator'] } as const;

const placeOf = ({ first_parked_at, id }: ParkedKey): string => `${first_parked_at} ${id}`;
