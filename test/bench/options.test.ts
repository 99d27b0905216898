import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../bench/options.js';

const usual = {
  only: null,
  stores: 'embedded',
  events: null,
  quick: false,
  markdown: false,
  help: false,
};

describe('the options of the benchmarks', () => {
  it('measure everything on the embedded stores when there are none', () =>
    expect(readOptions([])).toStrictEqual(usual));

  it.each(['eventstoredb,mongodb', 'mongodb,eventstoredb'])('name the servers as %s', (stores) =>
    expect(readOptions([`--stores=${stores}`])).toStrictEqual({ ...usual, stores: 'servers' }),
  );

  it.each(['mongodb', 'eventstoredb', 'eventstoredb,mongodb,mongodb', 'embedded,mongodb', ''])(
    'refuse the stores "%s"',
    (stores) =>
      expect(() => readOptions([`--stores=${stores}`])).toThrow('--stores: must be embedded, or eventstoredb,mongodb'),
  );

  it('choose several benchmarks', () =>
    expect(readOptions(['--only', 'replay,reads'])).toStrictEqual({ ...usual, only: ['replay', 'reads'] }));

  it.each([
    [['--full'], 5_000_000],
    [['--quick'], 300],
    [['--quick', '--events', '30'], 30],
    [['--full', '--events', '2000000'], 2_000_000],
    [['--stores=eventstoredb,mongodb', '--full'], 5_000_000],
  ])('%j: a log of %d events', (args, events) => expect(readOptions(args).events).toBe(events));

  it.each([
    [['--events', '0'], '--events: must be a whole number from 1 on'],
    [['--events', '1.5'], '--events: must be a whole number from 1 on'],
    [['--events', 'many'], '--events: must be a whole number from 1 on'],
    [['--full', '--quick'], '--full and --quick exclude each other'],
    [['--sotres=embedded'], "Unknown option '--sotres'"],
    [['reads'], "Unexpected argument 'reads'"],
  ])('refuse %j', (args, message) => expect(() => readOptions(args)).toThrow(message));
});
