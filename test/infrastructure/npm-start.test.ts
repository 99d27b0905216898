import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(60_000);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

interface Started {
  readonly process: ChildProcess;
  /** Everything that it has printed so far. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const npmStart = (
  variables: Readonly<Record<string, string>>,
  [command, ...words]: readonly [string, ...string[]] = [process.execPath, 'scripts/start.mjs'],
): Started => {
  const child = spawn(command, words, {
    env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'error', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output: () => printed, exited };
};

const eventually = async <T>(find: () => Promise<T | undefined> | T | undefined, withinMs: number): Promise<T> => {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Not within ${withinMs} ms`);
};

describe('npm start', () => {
  let folder: string;
  let ports: { readonly PORT: string; readonly SIMULATOR_PORT: string };
  let started: Started | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'start-'));
    ports = { PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) };
  });
  afterEach(async () => {
    if (started && started.process.exitCode === null) {
      started.process.kill('SIGTERM');
      await started.exited;
    }
    rmSync(folder, { recursive: true });
  });

  it('prints a first payment that works as it stands, settles it once it is paid, and stops on SIGTERM', async () => {
    started = npmStart({ ...ports, DATA_DIR: folder });
    const { output } = started;
    const curl = await eventually(() => /^curl -s (\S+) .* -d '(.*)'$/m.exec(output()) ?? undefined, 40_000);
    const [, url = '', body = ''] = curl;
    const token = /^TOKEN=(\S+)$/m.exec(output())?.[1] ?? '';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

    const made = await fetch(url, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    const payment = (await made.json()) as { id: string; order_id: string; status: string };
    expect(payment.status).toBe('pending');

    const simulator = `http://127.0.0.1:${ports.SIMULATOR_PORT}`;
    await fetch(`${simulator}/_simulator/transactions/${payment.order_id}/pay`, { method: 'POST' });
    await eventually(async () => {
      const { status } = (await (await fetch(`${url}/${payment.id}`, { headers })).json()) as { status: string };
      return status === 'settlement' ? status : undefined;
    }, 2_000);

    started.process.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    await expect(fetch(simulator)).rejects.toThrow();
  });

  // A shell between npm and the service does not pass signals on: the service would outlive both.
  it('stops when npm is told to stop, and npm alone', async () => {
    started = npmStart({ ...ports, DATA_DIR: folder }, ['npm', 'start']);
    const { output } = started;
    await eventually(() => /^TOKEN=/m.exec(output()) ?? undefined, 40_000);
    started.process.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    for (const port of Object.values(ports)) await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('ends with one line when the port is taken, and leaves no simulator behind', async () => {
    const holder = createServer().listen(Number(ports.PORT));
    await once(holder, 'listening');
    try {
      started = npmStart({ ...ports, DATA_DIR: folder });
      expect(await started.exited).toBe(1);
      expect(started.output()).toContain(
        `PORT: port ${ports.PORT} is taken by another program; stop it or choose another PORT\n`,
      );
      await expect(fetch(`http://127.0.0.1:${ports.SIMULATOR_PORT}`)).rejects.toThrow();
    } finally {
      holder.close();
    }
  });

  it('does not take another service on its port for its own, with a token that nobody accepts', async () => {
    const other = createHttpServer((_request, response) => response.end('{"status":"ready"}')).listen(
      Number(ports.PORT),
    );
    await once(other, 'listening');
    try {
      started = npmStart({ ...ports, DATA_DIR: folder });
      expect(await started.exited).toBe(1);
      expect(started.output()).not.toContain('TOKEN=');
    } finally {
      other.close();
    }
  });

  it('ends with one line for each variable that is wrong, before anything is started', async () => {
    started = npmStart({ ...ports, DATA_DIR: folder, ROLE: 'both', LOG_LEVEL: 'loud' });
    expect(await started.exited).toBe(1);
    expect(started.output()).toBe(
      'ROLE: must be one of all, api, worker\n' +
        'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent\n',
    );
  });
});
