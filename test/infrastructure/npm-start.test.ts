import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { aPlace, eventually, firstPayment } from './npm-start-kit.js';

jest.setTimeout(60_000);

describe('npm start', () => {
  const place = aPlace();

  it('prints a first payment that works as it stands, settles it once it is paid, and stops on SIGTERM', async () => {
    const started = place.start();
    const { url, headers, make } = await firstPayment(started);
    const made = await make();
    expect(made.status).toBe(201);
    const payment = (await made.json()) as { id: string; order_id: string; status: string };
    expect(payment.status).toBe('pending');

    const simulator = `http://127.0.0.1:${place.ports.SIMULATOR_PORT}`;
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
    const started = place.start({ ALLOW_CUSTOMER_PAYMENTS: 'false' });
    expect((await (await firstPayment(started)).make()).status).toBe(201);
  });

  it('prints no token elsewhere than in development, where it would be worth something to whoever reads the log', async () => {
    const secrets = {
      JWT_SECRET: '9f1c5be07a24d38660e1b7c94f2a8d53',
      WEBHOOK_SECRET: 'c07d2e91b45f68a3f3d0917be82c6a45',
      ENCRYPTION_KEY: 'Vb1x0mQ4yT8kJ7nR2sWzE5cU9aLgPh3dFqOiYtXv6BM=',
    };
    const started = place.start({ ...secrets, ENVIRONMENT: 'staging', MIDTRANS_ENVIRONMENT: 'mock' });
    const { output } = started;
    await eventually(() => (output().includes(`http://127.0.0.1:${place.ports.PORT}/docs`) ? true : undefined), 40_000);
    started.process.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    expect(output()).not.toMatch(/TOKEN|curl|eyJ/);
  });

  it('brings the simulator to where it was told that it is, with a slash at the end too', async () => {
    const MIDTRANS_MOCK_URL = `http://127.0.0.1:${place.ports.SIMULATOR_PORT}/`;
    const started = place.start({ MIDTRANS_MOCK_URL });
    expect((await (await firstPayment(started)).make()).status).toBe(201);
  });

  // A shell between npm and the service does not pass signals on: the service would outlive both.
  it('stops when npm is told to stop, and npm alone', async () => {
    const started = place.start({}, ['npm', 'start']);
    const { output } = started;
    await eventually(() => /^TOKEN=/m.exec(output()) ?? undefined, 40_000);
    started.process.kill('SIGTERM');
    expect(await started.exited).toBe(0);
    for (const port of Object.values(place.ports)) await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('ends with one line when the port is taken, and leaves no simulator behind', async () => {
    const holder = createServer().listen(Number(place.ports.PORT));
    await once(holder, 'listening');
    try {
      const started = place.start();
      expect(await started.exited).toBe(1);
      expect(started.output()).toContain(
        `PORT: port ${place.ports.PORT} is taken by another program; stop it or choose another PORT\n`,
      );
      await expect(fetch(`http://127.0.0.1:${place.ports.SIMULATOR_PORT}`)).rejects.toThrow();
    } finally {
      holder.close();
    }
  });

  it('does not take another service on its port for its own, with a token that nobody accepts', async () => {
    const other = createHttpServer((_request, response) => response.end('{"status":"ready"}')).listen(
      Number(place.ports.PORT),
    );
    await once(other, 'listening');
    try {
      const started = place.start();
      expect(await started.exited).toBe(1);
      expect(started.output()).not.toContain('TOKEN=');
    } finally {
      other.close();
    }
  });

  it('ends with one line for each variable that is wrong, before anything is started', async () => {
    const started = place.start({ ROLE: 'both', LOG_LEVEL: 'loud' });
    expect(await started.exited).toBe(1);
    expect(started.output()).toBe(
      'ROLE: must be one of all, api, worker\n' +
        'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent\n',
    );
  });
});
