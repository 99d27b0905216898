import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { WrappedKeys } from '../../src/application/ports/wrapped-keys.js';
import { upTo } from './some-events.js';

/** Every promise of WrappedKeys. `open` may answer the same store each time: ids are fresh in each test. */
export const wrappedKeysContract = (name: string, open: () => Promise<WrappedKeys>): void =>
  describe(`${name} keeps the key ring`, () => {
    const opened = async () => ({ keys: await open(), id: `customer:${randomUUID()}` });

    it('knows no key that was never added', async () => {
      const { keys, id } = await opened();
      expect(await keys.load(id)).toBeUndefined();
    });

    it('gives back the key that was added', async () => {
      const { keys, id } = await opened();
      expect(await keys.addIfAbsent(id, 'w1.key')).toBe('w1.key');
      expect(await keys.load(id)).toBe('w1.key');
      expect(await keys.load(`${id}2`)).toBeUndefined();
    });

    it('keeps the first key and gives it to who comes later', async () => {
      const { keys, id } = await opened();
      await keys.addIfAbsent(id, 'first');
      expect(await keys.addIfAbsent(id, 'second')).toBe('first');
      expect(await keys.load(id)).toBe('first');
    });

    it('gives the same key to all of forty who add one at once', async () => {
      const { keys, id } = await opened();
      const added = await Promise.all(upTo(40).map((n) => keys.addIfAbsent(id, `key-${n}`)));
      expect(new Set(added)).toEqual(new Set([await keys.load(id)]));
      expect(added).toContain(added[0]);
    });

    it('destroys a key for ever', async () => {
      const { keys, id } = await opened();
      await keys.addIfAbsent(id, 'key');
      await keys.destroy(id);
      expect(await keys.load(id)).toBe('destroyed');
      expect(await keys.addIfAbsent(id, 'another')).toBe('destroyed');
      await keys.destroy(id);
      expect(await keys.load(id)).toBe('destroyed');
    });

    it('destroys a key that it has never seen, so that none can come', async () => {
      const { keys, id } = await opened();
      await keys.destroy(id);
      expect(await keys.addIfAbsent(id, 'key')).toBe('destroyed');
      expect(await keys.load(id)).toBe('destroyed');
    });

    it('names the keys of a range in order, without those that are destroyed', async () => {
      const { keys, id } = await opened();
      const day = (n: number): string => `${id}:2026-08-0${n}`;
      for (const n of [5, 1, 4, 2, 3]) await keys.addIfAbsent(day(n), `key-${n}`);
      await keys.destroy(day(2));
      await keys.destroy(day(0));
      expect(await keys.idsBetween(day(0), day(5), 10)).toEqual([day(1), day(3), day(4)]);
      expect(await keys.idsBetween(day(1), day(1), 10)).toEqual([]);
      expect(await keys.idsBetween(`${id}:`, `${id};`, 3)).toEqual([day(1), day(3), day(4)]);
      expect(await keys.idsBetween(day(4), day(9), 10)).toEqual([day(4), day(5)]);
    });

    it('destroys one key and no other', async () => {
      const { keys, id } = await opened();
      await Promise.all([keys.addIfAbsent(id, 'key'), keys.addIfAbsent(`${id}2`, 'other')]);
      await keys.destroy(id);
      expect(await keys.load(`${id}2`)).toBe('other');
    });
  });
