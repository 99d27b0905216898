import { describe, expect, it, jest } from '@jest/globals';
import { createServer } from 'node:http';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { orderOf } from '../journeys/orders.js';
import { until } from '../service/until.js';
import { charge, status, withKillableService } from './killable-service.js';
import { ServiceProcess } from './service-process.js';

jest.setTimeout(40_000);

const killed = withKillableService();

describe('a service told to stop', () => {
  it('finishes what is open, and ends with status 0', async () => {
    const { between, client, order } = killed();
    between.let('POST', charge, { type: 'held', ms: 300 });
    const open = client.make(orderOf(order, 'gopay'));
    await killed().arrived(charge);
    const ended = killed().stop();
    expect((await open).status).toBe(201);
    expect(await ended).toBe(0);
    await killed().begin();
    expect(await client.byOrder(order)).toMatchObject({ status: 'pending', in_doubt: false });
  });

  it('does not wait for a Midtrans that does not answer its workers', async () => {
    const { between, client, order, simulator } = killed();
    await client.make(orderOf(order, 'gopay'));
    between.let('GET', status, { type: 'kept' });
    await simulator.pay(order);
    await killed().arrived(status, 'GET');
    const before = performance.now();
    expect(await killed().stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(6_000);
  });
});

describe('a service that cannot start', () => {
  const failsWith = async (variables: Readonly<Record<string, string>>, on = 0) => {
    const child = ServiceProcess.spawn(killed().script, on, { MIDTRANS_MOCK_URL: killed().between.url, ...variables });
    return [await child.exited, child.lines()];
  };

  it('because its port is taken says so in one line', async () => {
    const other = createServer().listen(0);
    await until('it listens', () => other.listening);
    const { port: taken } = other.address() as { port: number };
    expect(await failsWith({ DATA_DIR: freshFolder() }, taken)).toEqual([
      1,
      [`PORT: port ${taken} is taken by another program; stop it or choose another PORT`],
    ]);
    other.close();
  });

  it('because of its environment says so in one line for each mistake', async () =>
    expect(await failsWith({ DATA_DIR: freshFolder(), ENCRYPTION_KEY: 'short', LOG_LEVEL: 'loud' })).toEqual([
      1,
      [
        'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
        'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas',
      ],
    ]));

  it('because another process works on its data says so in one line', async () => {
    const [exited, lines] = await failsWith({ DATA_DIR: killed().folder });
    expect(exited).toBe(1);
    expect(lines).toHaveLength(1);
    expect(String(lines)).toContain(killed().folder);
  });
});
