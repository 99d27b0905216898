import { describe, expect, it } from '@jest/globals';
import { AppendTooLarge, StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { freshStream, someEvent, someEvents, upTo } from '../../contracts/some-events.js';
import { impatience, open, openImpatient, startServer } from './open-event-store-db.js';

const idsOf = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

const msUntilSettled = async (promise: Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await promise.catch(() => undefined);
  return performance.now() - startedAt;
};

describe('an append whose answer is lost', () => {
  it.each(['answer-lost', 'cut-off'] as const)('is in the log once, and known to be (%s)', async (kind) => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const events = someEvents(3);
    server.arm({ operation: 'append', kind, times: 1 });
    expect(await log.append(stream, events, 'none')).toMatchObject({ type: 'appended', revision: 2 });
    expect(server.countOf('Append')).toBe(3); // one for the log's own name
    expect(await idsIn(stream)).toEqual(idsOf(events));
  });

  it('tells the position of its last event', async () => {
    const { server, log } = await openImpatient();
    const stream = freshStream();
    server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
    const appended = await log.append(stream, someEvents(2), 'none');
    const [, last] = await log.read(stream);
    expect(appended).toEqual({ type: 'appended', revision: 1, position: last?.position });
  });

  it('is in the log once when it expected nothing: a group of 64', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const group = someEvents(64);
    await log.append(stream, someEvents(1), 'any');
    server.arm({ operation: 'append', kind: 'cut-off', times: 2 });
    expect(await log.append(stream, group, 'any')).toMatchObject({ type: 'appended', revision: 64 });
    expect((await idsIn(stream)).slice(1)).toEqual(idsOf(group));
  });

  it('is still known after somebody else has gone on', async () => {
    const { server, log } = await openImpatient();
    const stream = freshStream();
    server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
    const appending = log.append(stream, someEvents(2), 'none');
    const other = await open(server.connectionString);
    while ((await other.eventLog.read(stream)).length === 0);
    await other.eventLog.append(stream, someEvents(1), 'any');
    expect(await appending).toMatchObject({ type: 'appended', revision: 1 });
    expect(await log.read(stream)).toHaveLength(3);
  });

  it('leaves exactly one winner where two wanted the same place', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    await log.append(stream, someEvents(1), 'none');
    const rivals = [someEvent({ rival: 1 }), someEvent({ rival: 2 })];
    server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
    const results = await Promise.all(rivals.map((event) => log.append(stream, [event], 0)));
    expect(results.map(({ type }) => type).sort()).toEqual(['appended', 'conflict']);
    const winner = rivals[results.findIndex(({ type }) => type === 'appended')];
    expect((await idsIn(stream)).slice(1)).toEqual([winner?.id]);
  });

  it.each(['none', 'any'] as const)('is found when every repeat is lost too (expected: %s)', async (expected) => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const events = someEvents(3);
    server.arm({ operation: 'append', kind: 'answer-lost' });
    expect(await log.append(stream, events, expected)).toMatchObject({ type: 'appended', revision: 2 });
    expect(await idsIn(stream)).toEqual(idsOf(events));
  });
});

describe('an append that is slow', () => {
  it('is in the log once', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const events = someEvents(2);
    server.arm({ operation: 'append', kind: 'slow', delayMs: 2 * impatience.tryMs, times: 1 });
    expect(await log.append(stream, events, 'none')).toMatchObject({ type: 'appended', revision: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2 * impatience.tryMs));
    expect(await idsIn(stream)).toEqual(idsOf(events));
  });

  it('is waited for without a repeat while a try may last', async () => {
    const { server, log } = await openImpatient();
    server.arm({ operation: 'append', kind: 'slow', delayMs: impatience.tryMs / 3, times: 1 });
    const before = server.countOf('Append');
    expect(await log.append(freshStream(), someEvents(1), 'none')).toMatchObject({ type: 'appended' });
    expect(server.countOf('Append') - before).toBe(1);
  });
});

describe('an append that is never answered', () => {
  it('is neither yes nor no: the store is unavailable, when patience has ended', async () => {
    const { server, log } = await openImpatient();
    const stream = freshStream();
    server.arm({ operation: 'append', kind: 'ignored' });
    const appending = log.append(stream, someEvents(1), 'none');
    const tookMs = await msUntilSettled(appending);
    await expect(appending).rejects.toThrow(StoreUnavailable);
    expect(tookMs).toBeGreaterThan(impatience.answerWithinMs - impatience.tryMs - impatience.pauseMaxMs);
    expect(tookMs).toBeLessThan(3 * impatience.answerWithinMs);
    expect(await log.read(stream)).toEqual([]);
  });

  it('has been repeated, with pauses', async () => {
    const { server, log } = await openImpatient();
    const before = server.countOf('Append');
    server.arm({ operation: 'append', kind: 'unavailable' });
    const tookMs = await msUntilSettled(log.append(freshStream(), someEvents(1), 'none'));
    const tries = server.countOf('Append') - before;
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThanOrEqual(1 + tookMs / impatience.pauseMs);
  });
});

describe('a server that goes away', () => {
  it('makes appends and reads fail, and serves the same log again when it is back', async () => {
    const { server, log, idsIn } = await openImpatient();
    const stream = freshStream();
    const [before, after] = [someEvents(1), someEvents(1)];
    await log.append(stream, before, 'none');
    await server.stop();
    await expect(log.append(stream, someEvents(1), 0)).rejects.toThrow(StoreUnavailable);
    await expect(log.read(stream)).rejects.toThrow(StoreUnavailable);
    await server.resume();
    expect(await log.append(stream, after, 0)).toMatchObject({ type: 'appended', revision: 1 });
    expect(await idsIn(stream)).toEqual(idsOf([...before, ...after]));
  });

  it('is not noticed when it comes back soon', async () => {
    const { server, log } = await openImpatient();
    const stream = freshStream();
    await server.stop();
    const appending = log.append(stream, someEvents(1), 'none');
    const reading = log.read(stream);
    await new Promise((resolve) => setTimeout(resolve, impatience.answerWithinMs / 4));
    await server.resume();
    expect(await appending).toMatchObject({ type: 'appended', revision: 0 });
    await expect(reading).resolves.toBeDefined();
  });

  it('keeps every append of many that was acknowledged, once', async () => {
    const server = await startServer();
    const { eventLog: log } = await open(server.connectionString);
    const stream = freshStream();
    const appends = upTo(60).map(() => [someEvent(), someEvent()]);
    const appending = appends.map((events) => log.append(stream, events, 'any'));
    await Promise.any(appending);
    await server.stop();
    await server.resume();
    const results = await Promise.allSettled(appending);
    const acknowledged = appends.filter((_, n) => results[n]?.status === 'fulfilled');
    const written = (await log.read(stream)).map(({ id }) => id);
    expect(new Set(written).size).toBe(written.length);
    expect(written).toEqual(expect.arrayContaining(idsOf(acknowledged.flat())));
  });
});

describe('the way an append is sent', () => {
  it('is one call for all', async () => {
    const { server, log } = await openImpatient();
    await Promise.all(upTo(10).map(() => log.append(freshStream(), someEvents(1), 'none')));
    expect([server.countOf('Append'), server.countOf('AppendCall')]).toEqual([11, 1]);
  });

  it('waits for one read on a fresh connection, however many there are', async () => {
    const { server, log } = await openImpatient();
    await server.stop();
    await server.resume();
    await expect(log.read(freshStream())).resolves.toEqual([]);
    const { eventLog } = await open(server.connectionString);
    const results = await Promise.all(upTo(300).map(() => eventLog.append(freshStream(), someEvents(1), 'none')));
    expect(results.filter(({ type }) => type === 'appended')).toHaveLength(300);
  });

  it('is refused where only the server finds it too large', async () => {
    const { connectionString } = await startServer();
    const patient = { answerWithinMs: 20_000, tryMs: 15_000, pauseMs: 50, pauseMaxMs: 50 };
    const { eventLog: log } = await open(connectionString, '', patient);
    const stream = freshStream();
    // What we add to the metadata of each is not in our count, but in the server's.
    const many = upTo(3_000).map(() => someEvent({ text: 'x'.repeat(320) }, { metadata: {} }));
    await expect(log.append(stream, many, 'none')).rejects.toThrow(AppendTooLarge);
    expect(await log.read(stream)).toEqual([]);
  }, 20_000);
});

describe('a read', () => {
  it.each([
    { operation: 'read', kind: 'unavailable', times: 1 },
    { operation: 'read', kind: 'ignored', times: 1 },
    { operation: 'read', kind: 'dropped', afterEvents: 3, times: 1 },
  ] as const)('is begun again when it fails ($kind), and tells nothing twice', async (fault) => {
    const { server, log } = await openImpatient();
    const stream = freshStream();
    await log.append(stream, someEvents(10), 'none');
    server.arm(fault);
    expect((await log.read(stream)).map(({ revision }) => revision)).toEqual(upTo(10));
  });
});
