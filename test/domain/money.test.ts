import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { largest, less, NotRupiah, plus, rupiah, sumOf, zeroRupiah } from '../../src/domain/money/rupiah.js';

const anyRupiah = fc.nat({ max: 2 ** 40 }).map(rupiah);

describe('rupiah', () => {
  it.each([0, 1, 10_000, 50_000_000_000, Number.MAX_SAFE_INTEGER])('may be %d', (amount) =>
    expect(rupiah(amount)).toBe(amount),
  );

  it.each([-1, 0.5, 1e-9, NaN, Infinity, -Infinity, 2 ** 53, Number.MAX_VALUE])('are never %d', (amount) =>
    expect(() => rupiah(amount)).toThrow(NotRupiah),
  );

  it('say which value they could not be', () => {
    expect(() => rupiah(1.5)).toThrow('Expected whole rupiah from 0 to 9007199254740991, got 1.5');
  });

  it('add up exactly, or not at all', () => {
    expect(plus(rupiah(1), rupiah(2))).toBe(3);
    expect(sumOf([])).toBe(0);
    expect(sumOf([rupiah(1), rupiah(2), rupiah(3)])).toBe(6);
    expect(() => plus(rupiah(Number.MAX_SAFE_INTEGER), rupiah(1))).toThrow(NotRupiah);
  });

  it('are never less than nothing', () => {
    expect(less(rupiah(5), rupiah(2))).toBe(3);
    expect(less(rupiah(2), rupiah(5))).toBe(0);
    expect(zeroRupiah).toBe(0);
  });

  it('know the larger of two', () => {
    expect(largest(rupiah(1), rupiah(2))).toBe(2);
    expect(largest(rupiah(2), rupiah(1))).toBe(2);
  });

  it('come back when what was taken is given back', () =>
    fc.assert(
      fc.property(anyRupiah, anyRupiah, (a, b) => {
        expect(less(plus(a, b), b)).toBe(a);
        expect(plus(less(a, b), a > b ? b : a)).toBe(a);
      }),
    ));
});
