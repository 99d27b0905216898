import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { StoppableServer } from '../../../src/adapters/http/stoppable-server.js';
import { send } from '../../service/caller.js';

interface Held {
  readonly url: string;
  readonly server: StoppableServer;
  /** Resolves with the answer to write, once a request has come in. */
  readonly arrived: Promise<ServerResponse>;
}

/** Answers nothing by itself. */
const holding = async (openMs: number): Promise<Held> => {
  let arrive: (response: ServerResponse) => void = () => undefined;
  const arrived = new Promise<ServerResponse>((resolve) => (arrive = resolve));
  const server = new StoppableServer(createServer((_request, response) => arrive(response)), openMs);
  return { url: await server.listen(0, '127.0.0.1'), server, arrived };
}; // prettier-ignore

describe('stopping', () => {
  it('lets an open request finish, closes its connection and takes no other', async () => {
    const { url, server, arrived } = await holding(5_000);
    const open = send(url);
    const response = await arrived;
    const closed = server.close();
    await expect(send(url)).rejects.toThrow();
    response.end('done');
    expect((await open).text).toBe('done');
    await closed;
  });

  it('ends at once when nothing is open, though connections are kept alive', async () => {
    const { url, server, arrived } = await holding(5_000);
    void arrived.then((response) => response.end('done'));
    await send(url);
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('cuts off what takes too long', async () => {
    const { url, server, arrived } = await holding(100);
    const open = send(url).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    await server.close();
    expect(await open).toBe('cut off');
  });

  it('rejects when the port is taken', async () => {
    const { url, server } = await holding(100);
    const second = new StoppableServer(createServer());
    await expect(second.listen(Number(new URL(url).port), '127.0.0.1')).rejects.toThrow('EADDRINUSE');
    await server.close();
  });
});
