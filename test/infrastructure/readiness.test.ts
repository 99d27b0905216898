import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Port } from '../../src/infrastructure/ports.js';
import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import type { TestEventStoreDb } from '../support/eventstoredb/test-event-store-db.js';
import { becomesReady, readinessAt } from './readiness-kit.js';

let simulator: SimulatorHand;
let server: TestEventStoreDb;
let service: ServiceUnderTest;

beforeAll(async () => {
  simulator = await SimulatorHand.start();
  server = await startServer();
  service = await serviceFor(simulator.url, { EVENTSTORE_URL: server.connectionString });
});

afterEach(() => server.faults.heal());

afterAll(async () => {
  await service.close();
  await simulator.close();
});

describe('a service whose EventStoreDB', () => {
  it('is there, is ready', async () => {
    await becomesReady(service.url);
    expect(await readinessAt(service.url)).toMatchObject({ status: 200, reasons: [] });
  });

  it('is gone, says so within two seconds, and is ready again when it is back', async () => {
    await server.stop();
    const { status, missing, ms } = await readinessAt(service.url);
    expect([status, missing.slice(0, 2)]).toEqual([503, ['event log', 'event feed']]);
    expect(missing).not.toContain('documents');
    expect(ms).toBeLessThan(2_000);
    await server.resume();
    await becomesReady(service.url);
  }, 40_000);

  it('takes requests and never answers, says so within two seconds', async () => {
    server.arm({ operation: 'read', kind: 'ignored' });
    const { status, reasons, ms } = await readinessAt(service.url);
    expect(status).toBe(503);
    expect(reasons).toContain('event log: no answer within 1500 ms');
    expect(reasons).toContain('event feed: no answer within 1500 ms');
    expect(ms).toBeLessThan(2_000);
    server.faults.heal();
    await becomesReady(service.url);
  }, 40_000);

  it('is asked once for all who want to know at the same time', async () => {
    await becomesReady(service.url);
    const before = server.countOf('Read');
    await readinessAt(service.url);
    const once = server.countOf('Read') - before;
    await Promise.all(Array.from({ length: 20 }, () => readinessAt(service.url)));
    expect(server.countOf('Read') - before).toBeLessThan(10 * once);
  });
});

describe('a service whose records', () => {
  it('never tell what is parked, says so within two seconds', async () => {
    const mute = await serviceFor(simulator.url);
    await becomesReady(mute.url);
    const records = mute.service.container.get(Port.records) as { find: unknown };
    records.find = () => new Promise<never>(() => undefined);
    const { status, reasons, ms } = await readinessAt(mute.url);
    await mute.close();
    expect([status, reasons]).toEqual([503, ['records: no answer within 1500 ms']]);
    expect(ms).toBeLessThan(2_000);
  });
});

describe('a service without its simulator', () => {
  it('names it alone, with what to do', async () => {
    await becomesReady(service.url);
    await simulator.close();
    expect(await readinessAt(service.url)).toMatchObject({
      status: 503,
      reasons: [`simulator: does not answer on ${simulator.url}; start it with: npm run simulator`],
    });
    simulator = await SimulatorHand.start();
  });
});
