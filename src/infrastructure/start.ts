import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { readConfig, type Config } from './config.js';
import { developmentToken } from './tokens.js';
import { UnusableConfiguration } from './variables.js';

// The parent of `npm start`: two processes, their signals, and a first payment to copy (api.md 1).

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const readyWithinMs = 30_000;
const pollMs = 50;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const start = async (): Promise<void> => {
  const config = readConfig(process.env);
  const serviceUrl = `http://127.0.0.1:${config.port}`;
  const mock = config.midtrans.environment === 'mock';
  const children: ChildProcess[] = [];
  if (mock && config.midtrans.ownSimulator) children.push(runSimulator(config, serviceUrl));
  const service = run('src/infrastructure/main.js', {});
  endTogether([...children, service]);
  // Until then whoever answers on this port is another program, perhaps another payment service with other secrets.
  await once(service, 'message');
  if (await isReady(serviceUrl)) say(await welcome(config, serviceUrl));
};

const runSimulator = (config: Config, serviceUrl: string): ChildProcess =>
  run('simulator/main.js', {
    MIDTRANS_SERVER_KEY: config.midtrans.serverKey,
    MIDTRANS_CLIENT_KEY: config.midtrans.clientKey,
    MIDTRANS_NOTIFICATION_URL: config.midtrans.notificationUrl ?? `${serviceUrl}/payments/webhooks/midtrans`,
  });

const run = (script: string, extra: NodeJS.ProcessEnv): ChildProcess =>
  spawn(process.execPath, ['--enable-source-maps', join(dist, script)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...extra },
  });

/** Signals go to both; when one ends by itself, the other is ended too, and its exit status is ours. */
const endTogether = (children: readonly ChildProcess[]): void => {
  let status: number | undefined;
  let open = children.length;
  const stop = (): void => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  };
  for (const child of children)
    child.once('exit', (code) => {
      status ??= code ?? 1;
      open -= 1;
      if (open === 0) process.exit(status);
      else stop();
    });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

const isReady = async (serviceUrl: string): Promise<boolean> => {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const status = await request(`${serviceUrl}/readyz`).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      },
      () => 0,
    );
    if (status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return false;
};

const welcome = async (config: Config, serviceUrl: string): Promise<string> => {
  const token = await developmentToken(config.jwtSecret);
  const order = `order-${Date.now().toString(36)}`;
  const body = `{"order_id":"${order}","payment_type":"bank_transfer","gross_amount":50000,"payment_details":{"bank":"bca"}}`;
  const simulator =
    config.midtrans.environment === 'mock'
      ? [`  simulator  ${config.midtrans.mockUrl}   pay, deny or let expire what is waiting`]
      : [];
  return [
    '',
    `  service    ${serviceUrl}   docs: ${serviceUrl}/docs   ready: ${serviceUrl}/readyz`,
    ...simulator,
    '',
    '  A first payment (this token is good for a day, for development only):',
    '',
    `TOKEN=${token}`,
    `curl -s ${serviceUrl}/payments -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}'`,
    '',
  ].join('\n');
};

await start().catch((error: unknown) => {
  const message =
    error instanceof UnusableConfiguration ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
