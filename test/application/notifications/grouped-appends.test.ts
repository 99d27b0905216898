import { describe, expect, it } from '@jest/globals';
import { GroupedAppends } from '../../../src/application/notifications/grouped-appends.js';
import {
  AppendTooLarge,
  StoreUnavailable,
  type AppendResult,
  type EventLog,
} from '../../../src/application/ports/event-log.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { dataOf, someEvent, upTo } from '../../contracts/some-events.js';

const stream = 'midtrans_inbox-1';

/** The real log, with the sizes of the groups that were appended to it. */
const watched = () => {
  const log = inMemory().eventLog;
  const groups: number[] = [];
  const eventLog: EventLog = {
    logId: log.logId,
    read: (...args) => log.read(...args),
    append(to, events, expected) {
      groups.push(events.length);
      return log.append(to, events, expected);
    },
  };
  return { eventLog, groups, appends: new GroupedAppends(eventLog) };
};

const kilobytes = (n: number): number => n * 1024;

describe('appends to the inbox', () => {
  it('gather what arrives while one is under way, 64 at most, in the order of arrival', async () => {
    const { eventLog, groups, appends } = watched();
    await Promise.all(upTo(200).map((n) => appends.append(stream, someEvent({ n }), 1_000)));
    expect(await dataOf(eventLog, stream)).toEqual(upTo(200).map((n) => ({ n })));
    expect(groups).toEqual([1, 64, 64, 64, 7]);
  });

  it('gather 256 KiB at most', async () => {
    const { groups, appends } = watched();
    await Promise.all(upTo(6).map((n) => appends.append(stream, someEvent({ n }), kilobytes(100))));
    expect(groups).toEqual([1, 2, 2, 1]);
  });

  it('send what is larger than a group by itself', async () => {
    const { groups, appends } = watched();
    await Promise.all([
      appends.append(stream, someEvent(), 1),
      appends.append(stream, someEvent(), kilobytes(300)),
      appends.append(stream, someEvent(), 1),
    ]);
    expect(groups).toEqual([1, 1, 1]);
  });

  it('wait for nobody in another stream', async () => {
    const { groups, appends } = watched();
    await Promise.all(upTo(3).map((n) => appends.append(`midtrans_inbox-${n}`, someEvent({ n }), 1)));
    expect(groups).toEqual([1, 1, 1]);
  });

  it('are refused at once while too much waits for the store, and taken again when it has caught up', async () => {
    const { eventLog, appends } = watched();
    const results = await Promise.allSettled([
      appends.append(stream, someEvent({ n: 0 }), 1),
      ...[1, 2].map((n) => appends.append(stream, someEvent({ n }), kilobytes(20_000))),
      appends.append('midtrans_inbox-2', someEvent(), 1),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    expect(results[3]).toMatchObject({ reason: expect.any(StoreUnavailable) });
    await appends.append(stream, someEvent({ n: 3 }), 1);
    expect(await dataOf(eventLog, stream)).toEqual(upTo(4).map((n) => ({ n })));
  });

  it('that fail take only their own group with them', async () => {
    const { eventLog, appends } = watched();
    const tooLarge = someEvent({ text: 'x'.repeat(1_100_000) });
    const results = await Promise.allSettled([
      appends.append(stream, someEvent({ n: 0 }), 1),
      appends.append(stream, tooLarge, kilobytes(1_100)),
      appends.append(stream, someEvent({ n: 2 }), 1),
      appends.append(stream, someEvent({ n: 3 }), 1),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: expect.any(AppendTooLarge) });
    expect(await dataOf(eventLog, stream)).toEqual([{ n: 0 }, { n: 2 }, { n: 3 }]);
  });

  it('are left to a log that gathers by itself, which is given all of them at once', async () => {
    const { eventLog, groups } = watched();
    const appends = new GroupedAppends({ ...eventLog, gathersAppends: true });
    await Promise.all(upTo(5).map((n) => appends.append(stream, someEvent({ n }), 1)));
    expect([groups, await dataOf(eventLog, stream)]).toEqual([[1, 1, 1, 1, 1], upTo(5).map((n) => ({ n }))]);
  });

  it('are stored only where the log says so', async () => {
    const { eventLog } = watched();
    const conflict = async (): Promise<AppendResult> => ({ type: 'conflict', actual: 5 });
    for (const log of [
      { ...eventLog, append: conflict },
      { ...eventLog, append: conflict, gathersAppends: true as const },
    ])
      await expect(new GroupedAppends(log).append(stream, someEvent(), 1)).rejects.toThrow(
        'midtrans_inbox-1 took none of 1 events: conflict',
      );
  });

  it('go on after everything before is done', async () => {
    const { eventLog, groups, appends } = watched();
    await appends.append(stream, someEvent({ n: 0 }), 1);
    await appends.append(stream, someEvent({ n: 1 }), 1);
    expect([groups, (await dataOf(eventLog, stream)).length]).toEqual([[1, 1], 2]);
  });
});

describe('appends to a store that does not answer', () => {
  /** Each append is answered when the test says so. */
  const held = () => {
    const { eventLog } = watched();
    const asked: { readonly size: number; readonly answer: () => void; readonly fail: (error: Error) => void }[] = [];
    const appends = new GroupedAppends({
      ...eventLog,
      append: (_stream, events) =>
        new Promise((resolve, reject) => {
          const answer = () => resolve({ type: 'appended', revision: 0, position: '0' });
          asked.push({ size: events.length, answer, fail: reject });
        }),
    });
    const append = (bytes = 1) => {
      const outcome: { is: string } = { is: 'waits' };
      void appends.append(stream, someEvent(), bytes).then(
        () => (outcome.is = 'stored'),
        (error: unknown) => (outcome.is = String(error)),
      );
      return outcome;
    };
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { asked, append, settle, appends };
  };

  it('do not wait for it one after the other: what was never sent is refused with the group before it', async () => {
    const { asked, append, settle } = held();
    const outcomes = upTo(200).map(() => append());
    asked[0]?.fail(new StoreUnavailable('no answer within 5 s'));
    await settle();
    expect(new Set(outcomes.map(({ is }) => is))).toEqual(new Set(['StoreUnavailable: no answer within 5 s']));
    expect(asked.map(({ size }) => size)).toEqual([1]);

    const next = append();
    asked[1]?.answer();
    await settle();
    expect(next.is).toBe('stored');
  });
});
