import { describe, expect, it } from '@jest/globals';
import { Port } from '../../src/infrastructure/ports.js';
import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { Link } from '../adapters/mongodb/link.js';
import { atTheEnd, freshDatabase, serverUri } from '../adapters/mongodb/open-stores.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor } from '../service/start-service.js';
import { until } from '../service/until.js';
import { becomesReady, readinessAt } from './readiness-kit.js';

const payments = 'projection:payments:2';

const started = async () => {
  const simulator = await SimulatorHand.start();
  const link = await Link.to(serverUri());
  const service = await serviceFor(simulator.url, {
    EVENTSTORE_URL: (await startServer()).connectionString,
    MONGODB_URI: link.uri,
    MONGODB_DB: freshDatabase(),
  });
  atTheEnd(async () => {
    await link.end();
    await service.close();
    await simulator.close();
  });
  await becomesReady(service.url);
  return { url: service.url, link };
};

describe('a service whose MongoDB', () => {
  it('takes requests and never answers, says so within two seconds', async () => {
    const { url, link } = await started();
    link.silence();
    const { status, reasons, missing, ms } = await readinessAt(url);
    expect(status).toBe(503);
    expect(reasons).toContain('documents: no answer within 1500 ms');
    expect(missing).not.toContain('event log');
    expect(missing).not.toContain('event feed');
    expect(ms).toBeLessThan(2_000);
  }, 40_000);

  it('is gone, says so within two seconds', async () => {
    const { url, link } = await started();
    await link.end();
    const { status, missing, ms } = await readinessAt(url);
    expect([status, missing.includes('documents'), missing.includes('event log')]).toEqual([503, true, false]);
    expect(ms).toBeLessThan(2_000);
  }, 40_000);
});

describe('a service whose read models are of a later state of its log', () => {
  it.each(['api', 'all'])(
    'is not ready as ROLE=%s, and says what to do',
    async (role) => {
      const simulator = await SimulatorHand.start();
      const stores = {
        EVENTSTORE_URL: (await startServer()).connectionString,
        MONGODB_URI: serverUri(),
        MONGODB_DB: freshDatabase(),
      };
      const before = await serviceFor(simulator.url, stores);
      await becomesReady(before.url);
      const { container } = before.service;
      const { logId } = container.get(Port.eventLog);
      const position = `${'9'.repeat(20)}/${'9'.repeat(20)}`;
      await container.get(Port.projectionCheckpoints).save(payments, 3, { logId, position, epoch: 100 });
      await before.close();

      const after = await serviceFor(simulator.url, { ...stores, ROLE: role });
      atTheEnd(async () => {
        await after.close();
        await simulator.close();
      });
      const workers = role === 'all' ? 1 : 0;
      const failures = () => after.journal.entries.filter(({ message }) => message.startsWith(`Follower ${payments}`));
      await until('its worker has tried', () => failures().length >= workers);
      expect(await readinessAt(after.url)).toMatchObject({
        status: 503,
        missing: [payments],
        reasons: [expect.stringMatching(/of a later state of this one.* run: npm run payments -- rebuild$/)],
      });
    },
    40_000,
  );
});
