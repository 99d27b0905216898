import { describe, expect, it } from '@jest/globals';
import { instantOfWib } from '../../../src/adapters/midtrans/wib-time.js';
import { upTo } from '../../contracts/some-events.js';

const twoDigits = (n: number): string => String(n).padStart(2, '0');

describe("a time of Midtrans' without a zone", () => {
  it('is seven hours ahead of UTC, in every hour of every day of a leap year', () => {
    const hours = upTo(366 * 24).map((hour) => Date.UTC(2028, 0, 1, hour, 59, 7));
    for (const wib of hours) {
      const text = new Date(wib).toISOString().slice(0, 19).replace('T', ' ');
      expect(instantOfWib(text)).toBe(new Date(wib - 7 * 3_600_000).toISOString());
    }
  });

  it('may have a T between day and hour', () => {
    expect(instantOfWib('2026-11-23T07:00:00')).toBe('2026-11-23T00:00:00.000Z');
  });

  it.each([
    '2027-02-29 12:00:00',
    '2026-02-30 06:00:00',
    '2026-04-31 23:00:00',
    '2026-13-01 12:00:00',
    '2026-00-01 12:00:00',
    '2026-11-00 12:00:00',
    '2026-11-23 25:00:00',
    '2026-11-23 12:60:00',
    '2026-11-23 12:00:60',
    '2026-11-23 12:00',
    ' 2026-11-23 12:00:00',
    'soon',
  ])('is none when there is no such time: %s', (text) => expect(instantOfWib(text)).toBeNull());

  it.each(upTo(12).map((month) => twoDigits(month + 1)))('is read on the first and the 28th of month %s', (month) => {
    expect(instantOfWib(`2026-${month}-01 23:00:00`)).toBe(`2026-${month}-01T16:00:00.000Z`);
    expect(instantOfWib(`2026-${month}-28 07:30:15`)).toBe(`2026-${month}-28T00:30:15.000Z`);
  });
});
