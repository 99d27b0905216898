import { describe, expect, it } from '@jest/globals';
import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { Link } from '../adapters/mongodb/link.js';
import { atTheEnd, freshDatabase, serverUri } from '../adapters/mongodb/open-stores.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor } from '../service/start-service.js';
import { becomesReady, readinessAt } from './readiness-kit.js';

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
