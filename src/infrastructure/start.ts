import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { z } from 'zod';
import { readConfig, type Config } from './config.js';
import { developmentToken } from './tokens.js';
import { UnusableConfiguration } from './variables.js';

// The parent of `npm start`: two processes, their signals, and a first payment to copy (api.md 1).

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** It is ready within three unless something is missing or there is much to catch up with. */
const patienceMs = 6_000;
const pollMs = 50;
const patientPollMs = 1_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const start = async (): Promise<void> => {
  const config = readConfig(process.env);
  const serviceUrl = `http://127.0.0.1:${config.port}`;
  const { environment, ownSimulator } = config.midtrans;
  const simulator = environment === 'mock' && ownSimulator ? runSimulator(config, serviceUrl) : undefined;
  const service = run('src/infrastructure/main.js', {});
  endTogether(service, simulator);
  // Until then whoever answers on this port is another program, perhaps another payment service with other secrets.
  await once(service, 'message');
  await ready(serviceUrl);
  say(await welcome(config, serviceUrl));
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

/**
 * Signals go to the service, which lets open requests finish, so the simulator is ended when it is gone. Where the simulator ends
 * by itself, the service is ended. Whoever ends first says what our exit status is.
 */
const endTogether = (service: ChildProcess, simulator: ChildProcess | undefined): void => {
  let status: number | undefined;
  const open = new Set([service, ...(simulator ? [simulator] : [])]);
  for (const child of open)
    child.once('exit', (code) => {
      status ??= code ?? 1;
      open.delete(child);
      for (const other of open) other.kill('SIGTERM');
      if (open.size === 0) process.exit(status);
    });
  const stop = (): void => void service.kill('SIGTERM');
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

/** Resolves when the service is ready, and says what is missing while it is not. */
const ready = async (serviceUrl: string): Promise<void> => {
  const patientUntil = Date.now() + patienceMs;
  let said = '';
  for (;;) {
    const missing = (await reasonsNotReady(serviceUrl)).map((reason) => `  ${reason}\n`).join('');
    if (missing === '') return;
    const isLate = Date.now() > patientUntil;
    if (isLate && missing !== said) say(notYet(serviceUrl, missing));
    if (isLate) said = missing;
    await new Promise((resolve) => setTimeout(resolve, isLate ? patientPollMs : pollMs));
  }
};

const notYet = (serviceUrl: string, missing: string): string =>
  `\nThe service runs but is not ready yet:\n\n${missing}\nWhat is named there has to be started, or only needs time; ${serviceUrl}/readyz tells. Ctrl-C ends everything.`;

const reasonsNotReady = async (serviceUrl: string): Promise<readonly string[]> => {
  try {
    const { statusCode, body } = await request(`${serviceUrl}/readyz`);
    const answer = await body.json();
    if (statusCode === 200) return [];
    const { data } = NotReady.parse(answer);
    return data.reasons;
  } catch {
    return [`no answer from ${serviceUrl}/readyz`];
  }
};

const NotReady = z.object({ data: z.object({ reasons: z.array(z.string()).min(1) }) });

const welcome = async (config: Config, serviceUrl: string): Promise<string> => {
  const simulator =
    config.midtrans.environment === 'mock'
      ? [`  simulator  ${config.midtrans.mockUrl}   pay, deny or let expire what is waiting`]
      : [];
  return [
    '',
    `  service    ${serviceUrl}   docs: ${serviceUrl}/docs   ready: ${serviceUrl}/readyz`,
    ...simulator,
    '',
    // What is printed ends up in a log, and elsewhere than in development a token is worth something.
    ...(config.environment === 'development' ? await firstPayment(config, serviceUrl) : []),
  ].join('\n');
};

const firstPayment = async (config: Config, serviceUrl: string): Promise<readonly string[]> => {
  const pays = config.allowCustomerPayments ? 'customer' : 'service';
  const token = await developmentToken(pays, config.jwtSecret);
  const body = JSON.stringify({
    order_id: `order-${Date.now().toString(36)}`,
    payment_type: 'bank_transfer',
    gross_amount: 50_000,
    payment_details: { bank: 'bca' },
    ...(pays === 'service' && { user_id: 'budi' }),
  });
  return [
    '  A first payment (this token is good for a day, for development only):',
    '',
    `TOKEN=${token}`,
    `curl -s ${serviceUrl}/payments -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}'`,
    '',
  ];
};

await start().catch((error: unknown) => {
  const message =
    error instanceof UnusableConfiguration ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
