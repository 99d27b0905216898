import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { compileSimulator } from './compiled-simulator.js';
import { basic } from './simulator-kit.js';

// Starting processes takes its time on a busy machine.
jest.setTimeout(30_000);

let compiled: Awaited<ReturnType<typeof compileSimulator>>;
let dataDir: string;
const running = new Set<Simulator>();

beforeAll(async () => {
  compiled = await compileSimulator();
  dataDir = await mkdtemp(join(tmpdir(), 'simulator-'));
});

afterEach(async () => {
  for (const simulator of running) await simulator.end('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

afterAll(() => compiled.remove());

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A simulator in a process of its own. */
class Simulator {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  output = '';
  errors = '';
  readonly ended: Promise<number | null>;

  constructor(environment: Record<string, string>) {
    const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, ...environment };
    this.child = spawn(process.execPath, [compiled.main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr.on('data', (chunk) => (this.errors += String(chunk)));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    running.add(this);
  }

  static async start(environment: Record<string, string> = {}): Promise<Simulator> {
    const simulator = new Simulator({ SIMULATOR_PORT: String(await freePort()), ...environment });
    await simulator.ready();
    return simulator;
  }

  get url(): string {
    return /http:\S+/.exec(this.output)?.[0] ?? '';
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    running.delete(this);
    this.child.kill(signal);
    return this.ended;
  }

  async call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: basic('SB-Mid-server-simulator'), 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 8_000;
    while (!this.output.includes('notifications')) {
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`not ready: ${this.output}${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const charge = (simulator: Simulator, orderId: string) =>
  simulator.call('POST', '/v2/charge', {
    payment_type: 'gopay',
    transaction_details: { order_id: orderId, gross_amount: 50_000 },
  });

const failedStart = async (environment: Record<string, string>): Promise<{ code: number | null; errors: string }> => {
  const simulator = new Simulator(environment);
  const code = await simulator.ended;
  running.delete(simulator);
  return { code, errors: simulator.errors.trim() };
};

describe('the process of the simulator', () => {
  it('says where it is and with which keys, and ends with 0 when asked to', async () => {
    const simulator = await Simulator.start({ MIDTRANS_NOTIFICATION_URL: 'http://127.0.0.1:1/notify' });
    expect(simulator.output).toBe(
      [
        `Midtrans simulator on ${simulator.url}`,
        '  server key     SB-Mid-server-simulator',
        '  client key     SB-Mid-client-simulator',
        '  notifications  http://127.0.0.1:1/notify',
        '',
      ].join('\n'),
    );
    expect(await simulator.end('SIGTERM')).toBe(0);
    expect(simulator.errors).toBe('');
  });

  it.each([
    ...['http', ' ', '0x1010', '4e3'].map(
      (port) => ['SIMULATOR_PORT', port, /^SIMULATOR_PORT: must be a port number$/] as const,
    ),
    ['SIMULATOR_PORT', '70000', /^SIMULATOR_PORT: must be from 0 to 65535$/],
    ['DATA_DIR', '/proc/payments/data', /^DATA_DIR: ENOENT/],
    ['MIDTRANS_SERVER_KEY', 'two words', /^MIDTRANS_SERVER_KEY: must not be empty or contain white space$/],
    ['MIDTRANS_NOTIFICATION_URL', 'nowhere', /^MIDTRANS_NOTIFICATION_URL: must be an http or https URL$/],
  ])('does not start with a bad %s, and says why in one line', async (name, value, message) => {
    const { code, errors } = await failedStart({ SIMULATOR_PORT: '0', [name]: value });
    expect(code).toBe(1);
    expect(errors).toMatch(message);
    expect(errors.split('\n')).toHaveLength(1);
  });

  it('keeps its memory for nobody else to read', async () => {
    await Simulator.start();
    expect((await stat(join(dataDir, 'simulator.db'))).mode & 0o777).toBe(0o600);
  });

  it('does not start on a taken port', async () => {
    const { url } = await Simulator.start();
    const { port } = new URL(url);
    expect(await failedStart({ SIMULATOR_PORT: port })).toEqual({
      code: 1,
      errors: `SIMULATOR_PORT: port ${port} is taken, choose another`,
    });
  });

  it('does not start on a file that is not its own, nor beside another simulator', async () => {
    const simulator = await Simulator.start();
    const beside = await failedStart({ SIMULATOR_PORT: String(await freePort()) });
    expect([beside.code, beside.errors]).toEqual([1, expect.stringContaining('is in use by another simulator')]);
    await simulator.end('SIGTERM');
    await writeFile(join(dataDir, 'simulator.db'), 'this is no database, it is only some text '.repeat(100));
    const foreign = await failedStart({ SIMULATOR_PORT: String(await freePort()) });
    expect([foreign.code, foreign.errors]).toEqual([1, expect.stringContaining('move it away or delete it')]);
  });

  it('remembers transactions, Snap pages, what is due and the clock after a restart', async () => {
    const first = await Simulator.start({ MIDTRANS_NOTIFICATION_URL: 'http://127.0.0.1:1/notify' });
    const charged = await charge(first, 'order-1');
    const { token } = await first.call('POST', '/snap/v1/transactions', {
      transaction_details: { order_id: 'order-2', gross_amount: 50_000 },
    });
    await first.call('POST', '/_simulator/clock', { advance_seconds: 600 });
    await first.end('SIGTERM');

    const second = await Simulator.start({ MIDTRANS_NOTIFICATION_URL: 'http://127.0.0.1:1/notify' });
    expect(await second.call('GET', '/v2/order-1/status')).toMatchObject({
      transaction_id: charged['transaction_id'],
      transaction_status: 'pending',
    });
    const { ahead_seconds } = await second.call('GET', '/_simulator/clock');
    expect(Number(ahead_seconds)).toBeGreaterThanOrEqual(600);
    expect(await charge(second, 'order-1')).toMatchObject({ status_code: '406' });
    const [waiting] = (await second.call('GET', '/_simulator/notifications'))['notifications'] as Record<
      string,
      unknown
    >[];
    expect(waiting).toMatchObject({ state: 'due', event: 'pending' });
    await second.call('POST', '/_simulator/clock', { advance_seconds: 400 });
    expect(await second.call('GET', '/v2/order-1/status')).toMatchObject({ transaction_status: 'expire' });
    expect(await second.call('POST', `/_simulator/transactions/${String(token)}/pay`)).toMatchObject({
      transaction_status: 'settlement',
    });
  });

  it('remembers everything it has answered when it is killed', async () => {
    const first = await Simulator.start();
    const answered: string[] = [];
    let enough = (): void => undefined;
    const underLoad = new Promise<void>((resolve) => (enough = resolve));
    const work = Array.from({ length: 8 }, async (_unused, worker) => {
      for (let index = 0; index < 5_000; index++) {
        const { order_id } = await charge(first, `order-${worker}-${index}`);
        if (answered.push(String(order_id)) === 200) enough();
      }
    });
    await underLoad;
    await first.end('SIGKILL');
    await Promise.allSettled(work);
    expect(answered.length).toBeLessThan(40_000);

    const second = await Simulator.start();
    const known = (await second.call('GET', '/_simulator/transactions'))['transactions'] as { order_id: string }[];
    const orders = new Set(known.map(({ order_id }) => order_id));
    expect(answered.filter((orderId) => !orders.has(orderId))).toEqual([]);
  });
});
