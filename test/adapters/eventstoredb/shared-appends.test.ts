import { afterAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, StreamDeletedError } from '@eventstore/db-client';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { usualPatience } from '../../../src/adapters/eventstoredb/answers.js';
import { messagesOf } from '../../../src/adapters/eventstoredb/append-messages.js';
import { AppendTooLarge, StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { EventLog } from '../../../src/application/ports/event-log.js';
import { freshStream, someEvent, someEvents, upTo } from '../../contracts/some-events.js';
import { compiled } from '../../faults/compiled.js';
import type { TestEventStoreDb } from '../../support/eventstoredb/test-event-store-db.js';
import { impatience, open, openImpatient, startServer, startServerApart } from './open-event-store-db.js';

const absent = (count: number): readonly undefined[] => upTo(count).map(() => undefined);

const appendOne = (log: EventLog) => log.append(freshStream(), [someEvent()], 'none');

/** What a piece of work makes the server count. */
const countedIn = async (server: TestEventStoreDb, work: () => Promise<unknown>) => {
  const counts = () => [server.countOf('Append'), server.countOf('AppendCall')] as const;
  const [appends, calls] = counts();
  await work();
  const [appendsNow, callsNow] = counts();
  return { appends: appendsNow - appends, calls: callsNow - calls };
};

describe('appends that share a call', () => {
  it('stand in the order in which they were asked for, though the call cannot take them all at once', async () => {
    const { connectionString } = await startServer();
    const { eventLog: log } = await open(connectionString);
    const stream = freshStream();
    const events = upTo(300).map((n) => someEvent({ n, text: 'x'.repeat(20_000) }));
    await Promise.all(events.map((event) => log.append(stream, [event], 'any')));
    expect((await log.read(stream)).map(({ data }) => data['n'])).toEqual(upTo(300));
  });

  it('are refused one by one', async () => {
    const { server, log } = await openImpatient();
    const [taken, deleted] = [freshStream(), freshStream()];
    await log.append(taken, someEvents(2), 'none');
    await log.append(deleted, someEvents(1), 'none');
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await client.tombstoneStream(deleted);
    await client.dispose();
    const counted = await countedIn(server, async () => {
      const [missing, conflict, gone, good] = await Promise.allSettled([
        log.append(freshStream(), someEvents(1), 5),
        log.append(taken, someEvents(1), 'none'),
        log.append(deleted, someEvents(1), 'any'),
        appendOne(log),
      ]);
      expect(missing).toMatchObject({ value: { type: 'conflict', actual: 'none' } });
      expect(conflict).toMatchObject({ value: { type: 'conflict', actual: 1 } });
      expect(gone).toMatchObject({ reason: expect.any(StreamDeletedError) });
      expect(good).toMatchObject({ value: { type: 'appended', revision: 0 } });
    });
    expect(counted).toEqual({ appends: 4, calls: 0 });
  });

  it('are refused where we may not write, and not tried again', async () => {
    const { server, log } = await openImpatient();
    server.arm({ operation: 'append', kind: 'denied', times: 1 });
    const counted = await countedIn(server, async () => {
      const [denied, good] = await Promise.allSettled([appendOne(log), appendOne(log)]);
      expect(denied).toMatchObject({
        reason: { name: 'StoreUnavailable', message: expect.stringContaining('denies access') },
      });
      expect(good.status).toBe('fulfilled');
    });
    expect(counted).toEqual({ appends: 2, calls: 0 });
  });

  it('take more than one message where they are larger than EventStoreDB would take one', () => {
    const events = upTo(7).map((n) => ({
      id: randomUUID(),
      type: `t${n}`,
      data: Buffer.alloc(400_000),
      metadata: Buffer.from('{}'),
    }));
    const messages = messagesOf('one', { stream: 'wide', events, expected: 3 });
    expect(messages.map((message) => message.getProposedMessagesList().length)).toEqual([2, 2, 2, 1]);
    expect(messages.map((message) => message.getOptions()?.getStreamPosition())).toEqual(['3', ...absent(3)]);
    expect(messages.map((message) => message.getIsFinal())).toEqual([false, false, false, true]);
    expect(new Set(messages.map((message) => message.getCorrelationId()?.getString()))).toEqual(new Set(['one']));
    const sent = messages.flatMap((message) => message.getProposedMessagesList());
    expect(sent.map((message) => message.getId()?.getString())).toEqual(events.map(({ id }) => id));
  });

  it('leave one that is refused for its size to itself', async () => {
    const server = await startServer();
    const { eventLog: log } = await open(server.connectionString);
    const many = upTo(3_000).map(() => someEvent({ text: 'x'.repeat(320) }, { metadata: {} }));
    const counted = await countedIn(server, async () => {
      const [large, good] = await Promise.allSettled([log.append(freshStream(), many, 'none'), appendOne(log)]);
      expect(large).toMatchObject({ reason: expect.any(AppendTooLarge) });
      expect(good.status).toBe('fulfilled');
    });
    expect(counted).toEqual({ appends: 2, calls: 0 });
  });

  it('are tried again when all that is told is that time ran out', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const events = someEvents(2);
    server.arm({ operation: 'append', kind: 'timed-out', times: 1 });
    const counted = await countedIn(server, () => log.append(stream, events, 'none'));
    expect(counted).toEqual({ appends: 2, calls: 0 });
    expect(await idsIn(stream)).toEqual(events.map(({ id }) => id));
  });
});

describe('an append that takes too long', () => {
  it('leaves the call to others as long as they are answered, and its late answer to nobody', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const events = someEvents(2);
    let others = 0;
    server.arm({ operation: 'append', kind: 'slow', delayMs: 2 * impatience.tryMs, times: 1 });
    const counted = await countedIn(server, async () => {
      const slow = log.append(stream, events, 'none');
      const startedAt = performance.now();
      for (; performance.now() - startedAt < 3 * impatience.tryMs; others += 1) await appendOne(log);
      expect(await slow).toMatchObject({ type: 'appended', revision: 1 });
    });
    expect(counted).toEqual({ appends: others + 2, calls: 0 });
    expect(await idsIn(stream)).toEqual(events.map(({ id }) => id));
  });

  it('is tried again through another call when nothing came through this one', async () => {
    const { server, log } = await openImpatient();
    server.arm({ operation: 'append', kind: 'ignored', times: 1 });
    expect(await countedIn(server, () => appendOne(log))).toEqual({ appends: 2, calls: 1 });
  });

  it('is not sent any more once it was given up', async () => {
    const { server, log } = await openImpatient();
    await server.stop();
    const given = await Promise.allSettled(upTo(40).map(() => appendOne(log)));
    expect(given.filter(({ status }) => status === 'rejected')).toHaveLength(40);
    const counted = await countedIn(server, async () => {
      await server.resume();
      await appendOne(log);
      await pause(2 * impatience.tryMs);
    });
    expect(counted.appends).toBe(1);
  });
});

describe('a call that ends', () => {
  it('is followed by another with the next append', async () => {
    const { server, log } = await openImpatient();
    server.endAppendCalls();
    await pause(impatience.pauseMs);
    expect(await countedIn(server, () => appendOne(log))).toEqual({ appends: 1, calls: 1 });
  });

  it.each(['well', 'badly'] as const)(
    'is no answer to those that wait: each is in the log once (ends %s)',
    async (how) => {
      const server = await startServer();
      const { eventLog: log } = await open(server.connectionString);
      const streams = upTo(40).map(freshStream);
      server.arm({ operation: 'append', kind: 'answer-lost', times: 20 });
      const appending = streams.map((stream) => log.append(stream, someEvents(2), 'none'));
      while (server.countOf('Append') < 41) await pause(1);
      const startedAt = performance.now();
      if (how === 'well') server.endAppendCalls();
      else server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
      appending.push(appendOne(log));
      for (const result of await Promise.all(appending)) expect(result.type).toBe('appended');
      expect(performance.now() - startedAt).toBeLessThan(usualPatience.tryMs / 2);
      for (const stream of streams) expect(await log.read(stream)).toHaveLength(2);
    },
  );

  it("is another connection's affair", async () => {
    const { server, log } = await openImpatient();
    const { eventLog: other } = await open(server.connectionString, '', impatience);
    await appendOne(other);
    server.arm({ operation: 'append', kind: 'slow', delayMs: impatience.tryMs / 2, times: 1 });
    server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
    const counted = await countedIn(server, async () => {
      const slow = appendOne(other);
      await pause(impatience.tryMs / 10);
      await Promise.all([slow, appendOne(log)]);
    });
    expect(counted).toEqual({ appends: 3, calls: 1 });
  });

  it('because another node leads now is followed by one to that node', async () => {
    const server = await startServer();
    const elected = await startServer({ leader: server });
    const { eventLog: log } = await open(server.connectionString, '', impatience);
    elected.lead();
    const stream = freshStream();
    const counted = await countedIn(elected, () => log.append(stream, someEvents(2), 'none'));
    expect(counted).toEqual({ appends: 1, calls: 1 });
    expect(await log.read(stream)).toHaveLength(2);
  });

  it('at once since the server does not know it makes the store unavailable, and says why', async () => {
    const { connectionString } = await startServer({ sharesAppendCalls: false });
    const startedAt = performance.now();
    const opening = open(connectionString);
    await expect(opening).rejects.toThrow(StoreUnavailable);
    await expect(opening).rejects.toThrow(
      /^EventStoreDB cannot append to log_identity: .*BatchAppend.* 21\.10 or higher/,
    );
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('a connection that is closed', () => {
  it('leaves an append without an answer at once, and opens no other call', async () => {
    const { server, log, close } = await openImpatient();
    server.arm({ operation: 'append', kind: 'ignored' });
    const counted = await countedIn(server, async () => {
      const appending = appendOne(log);
      const startedAt = performance.now();
      const closing = pause(impatience.tryMs / 3).then(close);
      await expect(appending).rejects.toThrow(StoreUnavailable);
      expect(performance.now() - startedAt).toBeLessThan(impatience.answerWithinMs);
      await closing;
      await expect(appendOne(log)).rejects.toThrow(StoreUnavailable);
    });
    expect(counted).toEqual({ appends: 1, calls: 0 });
  });
});

describe('a server that is frozen and goes on', () => {
  it('does not write what was given up meanwhile, but for what it had on the way', async () => {
    const server = await startServerApart();
    const { eventLog: log, eventFeed: feed } = await open(server.connectionString, '', impatience);
    await appendOne(log);
    server.freeze();
    const large = upTo(128).map(() => someEvent({ text: 'x'.repeat(60_000) }));
    const given = await Promise.allSettled(large.map((event) => log.append(freshStream(), [event], 'none')));
    expect(given.filter(({ status }) => status === 'rejected')).toHaveLength(128);
    server.thaw();
    await pause(impatience.answerWithinMs);
    const { events } = await feed.readAfter('start', { streamPrefixes: [] });
    expect(events.length).toBeLessThan(10);
    await appendOne(log);
  });
});

describe('a server that dies under 128 appends of 60 KB', () => {
  const program = compiled('test/adapters/eventstoredb/appending-process.ts');
  afterAll(() => rmSync(program.folder, { recursive: true }));

  it.each([0, 100, 400])('frozen for %i ms before: all are told, and the process lives on', async (frozenMs) => {
    const server = await startServerApart();
    const child = fork(program.path, [server.connectionString], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    const ended = once(child, 'exit');
    await once(child, 'message');
    await pause(300);
    server.freeze();
    await pause(frozenMs);
    await server.kill();
    const outcome = await Promise.race([once(child, 'message'), ended]);
    expect([outcome, complaints]).toEqual([[{ unavailable: 128 }, undefined], '']);
    await startServerApart(Number(new URL(server.connectionString).port));
    child.send('append');
    // By itself: nothing is left open.
    expect([await ended, complaints]).toEqual([[0, null], '']);
  });
});
