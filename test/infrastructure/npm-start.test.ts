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
    // A group of its own, which a test can interrupt as a terminal does.
    detached: true,
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

/** What it prints to be copied, as requests. */
const firstPayment = async ({ output }: Started) => {
  const curl = await eventually(() => /^curl -s (\S+) .* -d '(.*)'$/m.exec(output()) ?? undefined, 40_000);
  const [, url = '', body = ''] = curl;
  const token = /^TOKEN=(\S+)$/m.exec(output())?.[1] ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return { url, body, headers, make: (other = body) => fetch(url, { method: 'POST', headers, body: other }) };
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
    const { url, headers, make } = await firstPayment(started);
    const made = await make();
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

  it('prints a payment that works where customers may make none', async () => {
    started = npmStart({ ...ports, DATA_DIR: folder, ALLOW_CUSTOMER_PAYMENTS: 'false' });
    expect((await (await firstPayment(started)).make()).status).toBe(201);
  });

  it('prints no token elsewhere than in development, where it would be worth something to whoever reads the log', async () => {
    const secrets = {
      JWT_SECRET: '9f1c5be07a24d38660e1b7c94f2a8d53',
      WEBHOOK_SECRET: 'c07d2e91b45f68a3f3d0917be82c6a45',
      ENCRYPTION_KEY: 'Vb1x0mQ4yT8kJ7nR2sWzE5cU9aLgPh3dFqOiYtXv6BM=',
    };
    started = npmStart({
      ...ports,
      ...secrets,
      DATA_DIR: folder,
      ENVIRONMENT: 'staging',
      MIDTRANS_ENVIRONMENT: 'mock',
    });
    const { output } = started;
    await eventually(() => (output().includes(`http://127.0.0.1:${ports.PORT}/docs`) ? true : undefined), 40_000);
    started.process.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    expect(output()).not.toMatch(/TOKEN|curl|eyJ/);
  });

  it.each([
    ['it is told to', (child: ChildProcess) => child.kill('SIGTERM')],
    ['a terminal interrupts all of it at once', (child: ChildProcess) => process.kill(-Number(child.pid), 'SIGINT')],
  ])('lets a payment that is being made finish when %s, and logs no secret', async (_when, end) => {
    const JWT_SECRET = '9f1c5be07a24d38660e1b7c94f2a8d53';
    started = npmStart({ ...ports, DATA_DIR: folder, JWT_SECRET, LOG_LEVEL: 'info' });
    const { body, make } = await firstPayment(started);
    // Longer than the simulator waits for its own open requests.
    const fault = { path: '/v2/charge', probability: 1, kind: 'delay', delay_ms: 4_000 };
    await fetch(`http://127.0.0.1:${ports.SIMULATOR_PORT}/_simulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const { output, exited, process: child } = started;
    // A legal order id, too.
    const made = make(JSON.stringify({ ...(JSON.parse(body) as object), order_id: JWT_SECRET }));
    await eventually(() => (output().includes('Payment initiated: ') ? true : undefined), 5_000);
    end(child);
    expect((await made).status).toBe(201);
    expect(await exited).toBe(0);
    await expect(fetch(`http://127.0.0.1:${ports.SIMULATOR_PORT}`)).rejects.toThrow();
    expect(output()).toContain('Payment initiated: order_id=[redacted], ');
    expect(output()).not.toContain(JWT_SECRET);
  });

  it('brings the simulator to where it was told that it is, with a slash at the end too', async () => {
    const MIDTRANS_MOCK_URL = `http://127.0.0.1:${ports.SIMULATOR_PORT}/`;
    started = npmStart({ ...ports, DATA_DIR: folder, MIDTRANS_MOCK_URL });
    expect((await (await firstPayment(started)).make()).status).toBe(201);
  });

  it('says what is missing when it is not ready in time, and goes on', async () => {
    const elsewhere = await freePort();
    started = npmStart({ ...ports, DATA_DIR: folder, MIDTRANS_MOCK_URL: `http://127.0.0.1:${elsewhere}` });
    const { output } = started;
    const missing = `  simulator: does not answer on http://127.0.0.1:${elsewhere}; start it with: npm run simulator`;
    await eventually(() => (output().includes(missing) ? true : undefined), 40_000);
    expect(
      output()
        .split('\n')
        .filter((line) => line === missing),
    ).toHaveLength(1);
    expect(output()).not.toContain('TOKEN=');
    const simulator = createHttpServer((_request, response) => response.end('{}')).listen(elsewhere);
    try {
      await firstPayment(started);
    } finally {
      simulator.close();
      simulator.closeAllConnections();
    }
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
