import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../../src/application/ports/leases.js';
import { upTo } from './some-events.js';

/** Every promise of Leases. `open` may answer the same store each time: leases are fresh in each test. */
export const leasesContract = (name: string, open: () => Promise<Leases>): void =>
  describe(`${name} says who works on something`, () => {
    const opened = async () => {
      const leases = await open();
      const lease = `lease-${randomUUID()}`;
      return {
        leases,
        read: async () => (await leases.read([lease])).get(lease),
        take: (holder: string, seen?: Lease, above?: number) => leases.take(lease, holder, seen, above),
        beat: (holder: string, epoch: number) => leases.beat(lease, holder, epoch),
        release: (holder: string, epoch: number) => leases.release(lease, holder, epoch),
      };
    };
    const held = (lease: Lease | undefined): Lease => lease ?? { holder: 'nobody', epoch: -1, beat: -1 };

    it('knows nothing of a lease that nobody ever took', async () => {
      const { read, beat } = await opened();
      expect(await read()).toBeUndefined();
      expect(await beat('a', 1)).toBeUndefined();
    });

    it('gives it to the first, and tells who has it', async () => {
      const { read, take } = await opened();
      const taken = await take('a');
      expect(taken?.holder).toBe('a');
      expect(await read()).toEqual(taken);
    });

    it('gives it to nobody who thinks that it was never taken', async () => {
      const { read, take } = await opened();
      const taken = await take('a');
      expect(await take('b')).toBeUndefined();
      expect(await take('a')).toBeUndefined();
      expect(await read()).toEqual(taken);
    });

    it('gives it to who saw it as it still is, and counts the takeover', async () => {
      const { read, take } = await opened();
      const first = held(await take('a'));
      const second = held(await take('b', first));
      expect([second.holder, second.epoch]).toEqual(['b', first.epoch + 1]);
      expect(await read()).toEqual(second);
    });

    it('begins, and is taken over, above any epoch that is named', async () => {
      const { read, take, beat } = await opened();
      const first = held(await take('a', undefined, 7));
      const second = held(await take('b', first, 3));
      const third = held(await take('c', second, 20));
      expect([first.epoch, second.epoch, third.epoch]).toEqual([8, 9, 21]);
      expect(await read()).toEqual(third);
      expect((await beat('c', 21))?.epoch).toBe(21);
    });

    it("counts the holder's signs of life", async () => {
      const { read, take, beat } = await opened();
      const taken = held(await take('a'));
      const first = held(await beat('a', taken.epoch));
      const second = held(await beat('a', taken.epoch));
      expect([first.holder, first.epoch]).toEqual(['a', taken.epoch]);
      expect(first.beat).toBeGreaterThan(taken.beat);
      expect(second.beat).toBeGreaterThan(first.beat);
      expect(await read()).toEqual(second);
    });

    it('gives it to nobody when its holder has shown life since', async () => {
      const { read, take, beat } = await opened();
      const seen = held(await take('a'));
      const alive = await beat('a', seen.epoch);
      expect(await take('b', seen)).toBeUndefined();
      expect(await read()).toEqual(alive);
    });

    it('takes no sign of life from who does not hold it, or no longer', async () => {
      const { read, take, beat } = await opened();
      const first = held(await take('a'));
      const second = held(await take('b', first));
      expect(await beat('a', first.epoch)).toBeUndefined();
      expect(await beat('a', second.epoch)).toBeUndefined();
      expect(await beat('b', first.epoch)).toBeUndefined();
      expect(await read()).toEqual(second);
    });

    it('is free at once when its holder gives it up, and the count goes on', async () => {
      const { read, take, beat, release } = await opened();
      const first = held(await take('a'));
      await release('a', first.epoch);
      const free = held(await read());
      expect([free.holder, free.epoch]).toEqual(['', first.epoch]);
      expect(await beat('a', first.epoch)).toBeUndefined();
      const second = held(await take('b', free));
      expect([second.holder, second.epoch]).toEqual(['b', first.epoch + 1]);
    });

    it('is not given up by anybody else', async () => {
      const { read, take, release } = await opened();
      const first = held(await take('a'));
      const second = held(await take('b', first));
      await release('a', first.epoch);
      await release('a', second.epoch);
      await release('b', first.epoch);
      expect(await read()).toEqual(second);
    });

    it('goes to exactly one of twenty who want it at once, new or old', async () => {
      const { read, take } = await opened();
      const contenders = upTo(20).map((n) => `worker-${n}`);
      const fresh = (await Promise.all(contenders.map((holder) => take(holder)))).filter(
        (lease) => lease !== undefined,
      );
      expect(fresh).toEqual([await read()]);
      const over = (await Promise.all(contenders.map((holder) => take(holder, fresh[0])))).filter(
        (lease) => lease !== undefined,
      );
      expect(over).toEqual([await read()]);
      expect(over[0]?.epoch).toBe(held(fresh[0]).epoch + 1);
    });

    it('is one of many, each by itself, and all of those asked for are seen in one look', async () => {
      const { leases } = await opened();
      const [one, two, never, unasked] = upTo(4).map(() => `lease-${randomUUID()}`) as [string, string, string, string];
      const mine = held(await leases.take(one, 'a', undefined));
      const others = held(await leases.take(two, 'b', undefined));
      await leases.take(unasked, 'c', undefined);
      expect(await leases.read([one, two, never])).toEqual(
        new Map([
          [one, mine],
          [two, others],
        ]),
      );
      expect(await leases.read([])).toEqual(new Map());
    });
  });
