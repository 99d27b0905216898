import { describe, expect, it } from '@jest/globals';
import { isMet, shareOf, type Figure } from '../../bench/report/figure.js';
import { tableOf } from '../../bench/report/table.js';

const rate: Figure = {
  work: 'notifications',
  unit: 'per second',
  ours: 4_500,
  ceiling: { what: 'raw appends', value: 5_000 },
  byHand: 6_000,
  aim: { kind: 'share', atLeast: 0.9 },
};

const time: Figure = {
  work: 'a payment',
  unit: 'ms',
  ours: 4,
  ceiling: { what: 'two appends', value: 1 },
  byHand: null,
  aim: { kind: 'most', atMost: 3.5 },
};

describe('a figure', () => {
  it('is a share of its ceiling, turned round for times', () => {
    expect(shareOf(rate)).toBe(0.9);
    expect(shareOf(time)).toBe(0.25);
    expect(shareOf({ ...rate, ceiling: null })).toBeNull();
  });

  it('meets its aim or misses it', () => {
    expect([isMet(rate), isMet({ ...rate, ours: 4_499 })]).toStrictEqual([true, false]);
    expect([isMet({ ...time, ours: 3.5 }), isMet(time)]).toStrictEqual([true, false]);
    expect(isMet({ ...rate, aim: { kind: 'least', atLeast: 4_501 } })).toBe(false);
    expect(isMet({ ...rate, aim: null })).toBeNull();
  });
});

describe('the table of the figures', () => {
  it('tells beside every figure which servers had a part in it', () =>
    expect(tableOf([rate, time], 'markdown', 'MongoDB 5.0.0 (stand-in, in memory)').split('\n')).toStrictEqual([
      '| work | ours | ceiling | ratio | by hand | aim |  | on |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| notifications | 4,500/s | 5,000/s (raw appends) | 90 % | 6,000/s | >= 90 % | met | MongoDB 5.0.0 (stand-in, in memory) |',
      '| a payment | 4 ms | 1 ms (two appends) | 25 % |  | <= 3.5 ms | missed | MongoDB 5.0.0 (stand-in, in memory) |',
    ]));

  it('leaves out columns that nothing stands in', () =>
    expect(tableOf([{ ...rate, byHand: null, aim: null }], 'text')).toBe(
      'work           ours     ceiling                ratio\nnotifications  4,500/s  5,000/s (raw appends)  90 %',
    ));
});
