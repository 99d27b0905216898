import type { Benchmark } from '../bench.js';
import { alone } from '../processes/alone.js';
import type { Ceiling, Figure } from '../report/figure.js';
import { inRounds } from '../rounds/rounds.js';
import type { Followed, FollowTask } from './follow-task.js';
import type { RawDocuments, RawDocumentsTask, RawFeed, RawFeedTask } from './raw-tasks.js';
import type { Rebuilt } from './rebuild-task.js';

const number = new Intl.NumberFormat('en');
/** From here on it takes minutes, and need not be repeated. */
const eventsOnce = 1_000_000;

/** The read model of payments folded anew from the whole log, at once and by the follower that also goes on afterwards. */
export const replay: Benchmark = {
  name: 'replay',
  async measure({ stores, pace, builtLog }) {
    const { place, events } = await builtLog();
    const { raw, fresh } = stores;
    const rounds = events < eventsOnce ? pace.rounds : 1;
    const { rebuilt, followed, feed, documents } = await inRounds(rounds, {
      rebuilt: () => alone<Rebuilt>('replay/rebuild-task.js', { place }),
      followed: () => alone<Followed>('replay/follow-task.js', { place, events } satisfies FollowTask),
      feed: () => alone<RawFeed>(raw.feed.script, { place, events } satisfies RawFeedTask),
      documents: () =>
        alone<RawDocuments>(raw.documents.script, { place, into: fresh('raw') } satisfies RawDocumentsTask),
    });
    const ceiling = lower(
      { what: raw.feed.what, value: feed.perSecond },
      { what: raw.documents.what, value: documents.perSecond * (events / documents.count) },
    );
    const aim: Figure['aim'] =
      stores.servers === null ? { kind: 'least', atLeast: 100_000 } : { kind: 'share', atLeast: 0.8 };
    const rate = (work: string, ours: number): Figure => ({
      work,
      unit: 'per second',
      ours,
      ceiling,
      byHand: null,
      aim,
    });
    return [
      rate(`replay of ${number.format(events)} events into documents`, events / rebuilt.seconds),
      {
        work: 'memory of that replay, at most',
        unit: 'MB',
        ours: rebuilt.peakBytes / 2 ** 20,
        ceiling: null,
        byHand: null,
        aim: { kind: 'most', atMost: 300 },
      },
      rate('the same replay, by the follower of the running service', followed.perSecond),
    ];
  },
};

const lower = (one: Ceiling, other: Ceiling): Ceiling => (one.value < other.value ? one : other);
