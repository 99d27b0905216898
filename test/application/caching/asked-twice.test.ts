import { describe, expect, it } from '@jest/globals';
import { AskedTwice } from '../../../src/application/caching/asked-twice.js';

/** Asks as its users do: what is not kept is found elsewhere and offered. Answers whether it was kept. */
const ask = (values: AskedTwice<string>, key: string): boolean => {
  const kept = values.get(key);
  if (kept === undefined) values.offer(key, `value of ${key}`);
  else expect(kept).toBe(`value of ${key}`);
  return kept !== undefined;
};

describe('what is asked for twice', () => {
  it('is kept from the second time on, until it is forgotten', () => {
    const values = new AskedTwice<string>(10);
    expect(['a', 'b', 'a', 'a', 'a'].map((key) => ask(values, key))).toEqual([false, false, false, true, true]);
    values.forget('a');
    expect([ask(values, 'a'), ask(values, 'a'), ask(values, 'a')]).toEqual([false, false, true]);
    values.clear();
    expect(ask(values, 'a')).toBe(false);
  });

  it('is kept so many at most; those that came first go first', () => {
    const values = new AskedTwice<string>(3);
    for (const key of ['a', 'b', 'c', 'd']) for (const _time of [1, 2]) ask(values, key);
    expect(['a', 'b', 'c', 'd'].map((key) => values.get(key) !== undefined)).toEqual([false, true, true, true]);
  });

  it('is forgotten as asked for once when too many others were asked for meanwhile', () => {
    const values = new AskedTwice<string>(3);
    for (const key of ['a', 'b', 'c', 'd', 'a']) ask(values, key);
    expect(ask(values, 'a')).toBe(false);
    expect(ask(values, 'a')).toBe(true);
  });
});
