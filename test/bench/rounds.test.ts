import { describe, expect, it } from '@jest/globals';
import { inRounds } from '../../bench/rounds/rounds.js';

describe('rounds', () => {
  it('are taken in turn, and of each number the middle one counts', async () => {
    const taken: string[] = [];
    const measure =
      (name: string, ...results: { perSecond: number; p50Ms: number }[]) =>
      () => {
        taken.push(name);
        return Promise.resolve(results.shift() ?? { perSecond: Number.NaN, p50Ms: Number.NaN });
      };
    const one = { perSecond: 10, p50Ms: 3 };
    const two = { perSecond: 1_000, p50Ms: 1 };
    const three = { perSecond: 30, p50Ms: 2 };
    const measured = await inRounds(3, {
      ours: measure('ours', one, two, three),
      raw: measure('raw', three, three, three),
      byHand: null,
    });
    expect(measured).toStrictEqual({ ours: { perSecond: 30, p50Ms: 2 }, raw: three, byHand: null });
    expect(taken).toStrictEqual(['ours', 'raw', 'ours', 'raw', 'ours', 'raw']);
  });

  it('end with the first that fails', async () => {
    const failing = () => Promise.reject(new Error('no answer'));
    await expect(inRounds(3, { failing })).rejects.toThrow('no answer');
  });
});
