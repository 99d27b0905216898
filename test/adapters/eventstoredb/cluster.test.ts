import { describe, expect, it } from '@jest/globals';
import { connectionStringMistake } from '../../../src/adapters/eventstoredb/connection-string.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { freshStream, someEvents } from '../../contracts/some-events.js';
import { impatience, open, startServer } from './open-event-store-db.js';

/** Two nodes with the same events, and the connection string of both. */
const startCluster = async () => {
  const leader = await startServer();
  const follower = await startServer({ leader });
  const hosts = [follower, leader].map(({ endpoint: { address, port } }) => `${address}:${port}`).join(',');
  return { leader, follower, connectionString: `esdb://${hosts}?tls=false` };
};

const firstOf = async <T>(iterable: AsyncIterable<T>): Promise<T | undefined> => {
  for await (const value of iterable) return value;
  return undefined;
};

describe('a cluster', () => {
  it('is asked by its leader for what decides, and by the node that is preferred for the feed', async () => {
    const { leader, follower, connectionString } = await startCluster();
    const { eventLog: log, eventFeed: feed } = await open(`${connectionString}&nodePreference=follower`);
    const stream = freshStream();
    await log.append(stream, someEvents(1), 'none');
    expect(await log.read(stream)).toHaveLength(1);
    const [atLeader, atFollower] = [leader.countOf('Read'), follower.countOf('Read')];
    const filter = { streamPrefixes: [stream] };
    expect((await feed.readAfter('start', filter)).events).toHaveLength(1);
    expect((await firstOf(feed.follow('start', filter, new AbortController().signal)))?.events).toHaveLength(1);
    expect([leader.countOf('Append'), follower.countOf('Append')]).toEqual([2, 0]);
    expect([leader.countOf('Subscribe'), follower.countOf('Subscribe')]).toEqual([0, 1]);
    // One of the reads at the follower made its connection warm.
    expect([leader.countOf('Read') - atLeader, follower.countOf('Read') - atFollower]).toEqual([0, 2]);
  });

  it('sends us on to the leader when another node was named', async () => {
    const { leader, follower } = await startCluster();
    const { eventLog: log } = await open(follower.connectionString);
    const stream = freshStream();
    expect(await log.append(stream, someEvents(1), 'none')).toMatchObject({ type: 'appended', revision: 0 });
    expect(leader.countOf('Append')).toBe(2);
    expect(await log.read(stream)).toHaveLength(1);
  });

  it('that is away is unavailable, and is found again', async () => {
    const { leader, follower, connectionString } = await startCluster();
    const { eventLog: log } = await open(connectionString, '', impatience);
    const stream = freshStream();
    await Promise.all([leader.stop(), follower.stop()]);
    await expect(log.append(stream, someEvents(1), 'none')).rejects.toThrow(StoreUnavailable);
    await expect(log.read(stream)).rejects.toThrow(StoreUnavailable);
    await Promise.all([leader.resume(), follower.resume()]);
    expect(await log.append(stream, someEvents(1), 'none')).toMatchObject({ type: 'appended', revision: 0 });
  });
});

describe('the name of a log', () => {
  it('is the same for all who open it, at once or later, and another under another prefix', async () => {
    const { connectionString } = await startServer();
    const prefixes = ['a.', 'a.', 'a.', 'b.'];
    const atOnce = await Promise.all(prefixes.map((prefix) => open(connectionString, prefix)));
    const later = await open(connectionString, 'a.');
    const names = [...atOnce, later].map(({ eventLog }) => eventLog.logId);
    expect(new Set(names).size).toBe(2);
    expect(names.filter((name) => name === names[0])).toHaveLength(4);
    expect(names[3]).not.toBe(names[0]);
  });

  it('is written once when the first answer is lost', async () => {
    const server = await startServer();
    server.arm({ operation: 'append', kind: 'cut-off', times: 1 });
    const { eventLog: first } = await open(server.connectionString, '', impatience);
    const { eventLog: second } = await open(server.connectionString, '', impatience);
    expect(second.logId).toBe(first.logId);
  });

  it('is no event of ours', async () => {
    const { connectionString } = await startServer();
    const { eventFeed: feed } = await open(connectionString);
    expect(await feed.readAfter('start', { streamPrefixes: [] })).toMatchObject({ events: [], atEnd: true });
    expect(await feed.countAfter('start', { streamPrefixes: ['log'] }, 10)).toBe(0);
  });

  it('cannot be had while there is no server', async () => {
    const server = await startServer();
    await server.stop();
    await expect(open(server.connectionString, '', impatience)).rejects.toThrow(StoreUnavailable);
  });
});

describe('EVENTSTORE_URL', () => {
  it.each([
    'esdb://localhost:2113?tls=false',
    'esdb://user:secret@localhost',
    'esdb://a:2113,b:2113,c:2113?tls=true&nodePreference=follower',
    'esdb+discover://cluster.example?keepAliveInterval=10000',
  ])('may be %s', (url) => expect(connectionStringMistake(url)).toBeUndefined());

  it.each(['', 'localhost:2113', 'http://localhost:2113', 'esdb://', 'esdb://user:secret@host:1:2?tls=false'])(
    'may not be "%s", and the reason tells no secret',
    (url) => {
      expect(connectionStringMistake(url)).toMatch(/^must be a connection string such as esdb:\/\/localhost/);
      expect(connectionStringMistake(url)).not.toContain('secret');
    },
  );
});
