import { describe, expect, it } from '@jest/globals';
import { median, quantile } from '../../bench/report/statistics.js';

describe('quantiles', () => {
  const oneToHundred = Array.from({ length: 100 }, (_, n) => n + 1);

  it.each([
    [0, 1],
    [0.5, 51],
    [0.99, 100],
    [1, 100],
  ])('of 1 to 100, %d: %d', (share, value) => expect(quantile(oneToHundred, share)).toBe(value));

  it('sort numbers as numbers, and leave the values as they were', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toStrictEqual([10, 9, 100]);
  });

  it('of nothing are no number', () => expect(quantile([], 0.5)).toBeNaN());
});
