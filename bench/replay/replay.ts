import { join } from 'node:path';
import type { Benchmark } from '../bench.js';
import { alone } from '../processes/alone.js';

const count = new Intl.NumberFormat('en');

/** The read model of payments folded anew from the whole log: how fast, and in how much memory. */
export const replay: Benchmark = {
  name: 'replay',
  async measure({ builtLog, folder }) {
    const { folder: log, rebuilt } = await builtLog();
    const feed = await alone<number>('replay/raw-feed-task.js', { folder: log });
    const documents = await alone<RawDocuments>('replay/raw-documents-task.js', {
      folder: log,
      into: join(folder('raw'), 'documents.db'),
    });
    const documentsAsEvents = documents.perSecond * (rebuilt.events / documents.count);
    return [
      {
        work: `replay of ${count.format(rebuilt.events)} events into documents`,
        unit: 'per second',
        ours: rebuilt.events / rebuilt.seconds,
        ceiling:
          feed < documentsAsEvents
            ? { what: 'raw feed', value: feed }
            : { what: 'raw document writes', value: documentsAsEvents },
        aim: { kind: 'least', atLeast: 100_000 },
      },
      {
        work: `memory of that replay, at most`,
        unit: 'MB',
        ours: rebuilt.peakBytes / 2 ** 20,
        ceiling: null,
        aim: { kind: 'most', atMost: 300 },
      },
    ];
  },
};

interface RawDocuments {
  readonly count: number;
  readonly perSecond: number;
}
