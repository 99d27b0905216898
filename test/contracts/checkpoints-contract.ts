import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Checkpoint, Checkpoints } from '../../src/application/ports/checkpoints.js';
import type { FeedPosition } from '../../src/application/ports/event-feed.js';
import { upTo } from './some-events.js';

const at = (position: FeedPosition | number, { epoch = 1, logId = 'log' } = {}): Checkpoint => ({
  logId,
  position: typeof position === 'number' ? String(position).padStart(16, '0') : position,
  epoch,
});

/** Every promise of Checkpoints. `open` may answer the same store each time: followers are fresh in each test. */
export const checkpointsContract = (name: string, open: () => Promise<Checkpoints>): void =>
  describe(`${name} keeps how far a follower has come`, () => {
    const opened = async (...saved: readonly Checkpoint[]) => {
      const checkpoints = await open();
      const follower = `follower-${randomUUID()}`;
      const save = (checkpoint: Checkpoint) => checkpoints.save(follower, 0, checkpoint);
      for (const checkpoint of saved) expect(await save(checkpoint)).toBe('saved');
      return { checkpoints, follower, save, load: async () => (await checkpoints.load(follower)).get(0) };
    };

    it('knows nothing of a follower that has never saved', async () => {
      const { load } = await opened();
      expect(await load()).toBeUndefined();
    });

    it('gives back what was saved', async () => {
      const { load } = await opened(at(7, { epoch: 3, logId: 'a log' }));
      expect(await load()).toEqual(at(7, { epoch: 3, logId: 'a log' }));
    });

    it('moves forward, also from the start', async () => {
      const { load } = await opened(at('start'), at(1), at(99), at(100));
      expect(await load()).toEqual(at(100));
    });

    it('does not move back, not even to the start or under a later epoch', async () => {
      const { save, load } = await opened(at(8));
      expect(await save(at(7))).toBe('stale');
      expect(await save(at(7, { epoch: 2 }))).toBe('stale');
      expect(await save(at('start'))).toBe('stale');
      expect(await load()).toEqual(at(8));
    });

    it('takes the same again', async () => {
      const { save, load } = await opened(at(8));
      expect(await save(at(8))).toBe('saved');
      expect(await load()).toEqual(at(8));
    });

    it('refuses who lost the lease, however far it has come', async () => {
      const { save, load } = await opened(at(5, { epoch: 2 }));
      expect(await save(at(9, { epoch: 1 }))).toBe('stale');
      expect(await load()).toEqual(at(5, { epoch: 2 }));
    });

    it('notes the epoch of who took over at the same place', async () => {
      const { save, load } = await opened(at(5, { epoch: 1 }), at(5, { epoch: 2 }));
      expect(await save(at(6, { epoch: 1 }))).toBe('stale');
      expect(await load()).toEqual(at(5, { epoch: 2 }));
    });

    it('is replaced by one of another log, whose positions mean nothing here', async () => {
      const { load } = await opened(at(500, { logId: 'old' }), at(3, { logId: 'new' }));
      expect(await load()).toEqual(at(3, { logId: 'new' }));
    });

    it('keeps followers and partitions apart', async () => {
      const { checkpoints, follower } = await opened(at(1));
      const other = `follower-${randomUUID()}`;
      await checkpoints.save(follower, 1, at(2));
      await checkpoints.save(other, 0, at(3));
      expect(await checkpoints.load(follower)).toEqual(
        new Map([
          [0, at(1)],
          [1, at(2)],
        ]),
      );
      expect(await checkpoints.load(other)).toEqual(new Map([[0, at(3)]]));
    });

    it('ends at the furthest of many saved at once, in whatever order they come', async () => {
      const { save, load } = await opened();
      await Promise.all(upTo(40).map((n) => save(at((n * 17) % 40))));
      expect(await load()).toEqual(at(39));
    });

    it('forgets all partitions of a follower and nothing else', async () => {
      const { checkpoints, follower, save } = await opened(at(9));
      const other = `follower-${randomUUID()}`;
      await checkpoints.save(follower, 3, at(9));
      await checkpoints.save(other, 0, at(9));
      await checkpoints.forget(follower);
      expect([...(await checkpoints.load(follower))]).toEqual([]);
      expect([...(await checkpoints.load(other))]).toEqual([[0, at(9)]]);
      expect(await save(at(1))).toBe('saved');
    });
  });
