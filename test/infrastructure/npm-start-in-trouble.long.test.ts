import type { ChildProcess } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../faults/service-process.js';
import { aPlace, eventually, firstPayment } from './npm-start-kit.js';

describe('npm start', () => {
  const place = aPlace();

  it.each([
    ['it is told to', (child: ChildProcess) => child.kill('SIGTERM')],
    ['a terminal interrupts all of it at once', (child: ChildProcess) => process.kill(-Number(child.pid), 'SIGINT')],
  ])('lets a payment that is being made finish when %s, and logs no secret', async (_when, end) => {
    const JWT_SECRET = '9f1c5be07a24d38660e1b7c94f2a8d53';
    const started = place.start({ JWT_SECRET, LOG_LEVEL: 'info' });
    const { body, make } = await firstPayment(started);
    // Longer than the simulator waits for its own open requests.
    const fault = { path: '/v2/charge', probability: 1, kind: 'delay', delay_ms: 4_000 };
    await fetch(`http://127.0.0.1:${place.ports.SIMULATOR_PORT}/_simulator/faults`, {
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
    await expect(fetch(`http://127.0.0.1:${place.ports.SIMULATOR_PORT}`)).rejects.toThrow();
    expect(output()).toContain('Payment initiated: order_id=[redacted], ');
    expect(output()).not.toContain(JWT_SECRET);
  });

  it('says what is missing when it is not ready in time, and goes on', async () => {
    const elsewhere = await freePort();
    const started = place.start({ MIDTRANS_MOCK_URL: `http://127.0.0.1:${elsewhere}` });
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
});
