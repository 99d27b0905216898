import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { after, earliest, epochMs, instant, msBetween } from '../../src/domain/time/instant.js';

const year2200 = Date.UTC(2200, 0, 1);
const anyEpochMs = fc.nat({ max: year2200 });

describe('a moment', () => {
  it('is text in UTC with milliseconds', () => {
    expect(instant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(instant(Date.UTC(2026, 10, 23, 5, 49, 0, 7))).toBe('2026-11-23T05:49:00.007Z');
    expect(epochMs('2026-11-23T05:49:00.007Z')).toBe(Date.UTC(2026, 10, 23, 5, 49, 0, 7));
  });

  it('can be shifted and measured', () => {
    expect(after('2026-12-31T23:59:59.999Z', 1)).toBe('2027-01-01T00:00:00.000Z');
    expect(after('2026-11-23T05:00:00.000Z', -300_000)).toBe('2026-11-23T04:55:00.000Z');
    expect(msBetween('2026-11-23T05:00:00.000Z', '2026-11-23T05:00:30.000Z')).toBe(30_000);
    expect(msBetween('2026-11-23T05:00:30.000Z', '2026-11-23T05:00:00.000Z')).toBe(-30_000);
  });

  it('is the earliest of those that are', () => {
    expect(earliest([])).toBeNull();
    expect(earliest([null, null])).toBeNull();
    expect(earliest([null, '2026-11-23T05:00:01.000Z', '2026-11-23T05:00:00.000Z', null])).toBe(
      '2026-11-23T05:00:00.000Z',
    );
  });

  it('is ordered as text just as it is in time', () =>
    fc.assert(
      fc.property(anyEpochMs, anyEpochMs, (a, b) => {
        expect(instant(a) < instant(b)).toBe(a < b);
        expect(epochMs(instant(a))).toBe(a);
        expect(msBetween(instant(a), after(instant(a), b % 1_000_000))).toBe(b % 1_000_000);
      }),
    ));
});
