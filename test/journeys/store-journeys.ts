import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { StoreRefused } from '../../src/application/ports/event-log.js';
import type { Variables } from '../../src/infrastructure/variables.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { freePort } from '../faults/service-process.js';
import { asText, callerAs, rowsOf, type Answered, type Caller } from '../service/caller.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import { until } from '../service/until.js';
import { amount, customer, orderOf } from './orders.js';

/** Where a service keeps its data. */
export interface Kept {
  readonly log: 'embedded' | 'in EventStoreDB';
  readonly records: 'embedded' | 'in MongoDB';
}

/** Connection strings of servers that are up; only those that are needed are asked for. */
export interface Servers {
  readonly eventStoreDb: () => Promise<string>;
  readonly mongoDb: () => Promise<string>;
}

/** What a service does wherever its log and its records are kept, also over a restart. */
export const storeJourneys = ({ log, records }: Kept, servers: Servers): void =>
  describe(`a service whose log is ${log} and whose records are ${records}`, () => {
    const run = randomUUID().slice(0, 8);
    const order = `${run}-first`;
    const headers = { 'idempotency-key': `${run}-key` };
    let variables: Variables;
    let simulator: SimulatorHand;
    let service: ServiceUnderTest;
    let clerk: Caller;
    let made: Answered;

    const start = async (): Promise<void> => {
      service = await serviceFor(simulator.url, variables);
      clerk = await callerAs(service.url, 'budi', 'customer', 'finance', 'auditor');
    };

    beforeAll(async () => {
      const port = await freePort();
      simulator = await SimulatorHand.start({ notificationUrl: `http://127.0.0.1:${port}/payments/webhooks/midtrans` });
      // Streams, a database and a folder of its own, so that it passes any number of times on the same servers.
      const ours = { EVENTSTORE_STREAM_PREFIX: `run-${run}.`, MONGODB_DB: `run_${run}`, DATA_DIR: freshFolder() };
      variables = {
        ...ours,
        PORT: String(port),
        ...(log === 'in EventStoreDB' && { EVENTSTORE_URL: await servers.eventStoreDb() }),
        ...(records === 'in MongoDB' && { MONGODB_URI: await servers.mongoDb() }),
      };
      await start();
    }, 40_000);

    afterAll(async () => {
      await service.close();
      await simulator.close();
    });

    const idOf = ({ body }: Answered): string => asText(body['id']);
    const pay = (id: string) => clerk.post('/payments', orderOf(id, 'gopay'), headers);
    const becomes = (id: string, status: string) =>
      until(`${id} is ${status}`, async () => (await clerk.get(`/payments/${id}`)).body['status'] === status, 20_000);
    const isListed = (orderId: string) =>
      until(
        `${orderId} is listed`,
        async () => rowsOf(await clerk.get('/payments')).some((row) => row['order_id'] === orderId),
        20_000,
      );

    it('takes a payment, is told that it was paid, and refunds it', async () => {
      made = await pay(order);
      expect([made.status, made.body['status'], made.body['gross_amount']]).toEqual([201, 'pending', amount]);
      await simulator.pay(order);
      await becomes(idOf(made), 'settlement');
      await isListed(order);
      const refund = { amount: 15_000, reason: 'one item', refund_key: 'r1' };
      expect((await clerk.post(`/payments/${idOf(made)}/refunds`, refund)).status).toBe(201);
      await until('the refund is confirmed', async () => {
        const [first] = rowsOf(await clerk.get(`/payments/${idOf(made)}/refunds`));
        return first?.['status'] === 'confirmed';
      });
    }, 40_000);

    it('remembers after a restart what happened, who the customer is and what it answered, and goes on', async () => {
      const { body } = await clerk.get(`/payments/${idOf(made)}/events`);
      await service.close();
      await start();
      expect((await clerk.get(`/payments/${idOf(made)}/events`)).body).toEqual(body);
      expect((await clerk.get(`/payments/${idOf(made)}`)).body['customer_details']).toEqual(customer);
      expect((await pay(order)).headers.get('idempotency-hit')).toBe('true');

      const next = await clerk.post('/payments', orderOf(`${run}-second`, 'gopay'));
      await simulator.pay(`${run}-second`);
      await becomes(idOf(next), 'settlement');
      await isListed(`${run}-second`);
    }, 40_000);

    const isShared = log !== 'embedded' && records !== 'embedded';
    it(`${isShared ? 'shares' : 'does not share'} its data with another process`, async () => {
      const beside = serviceFor(simulator.url, { ...variables, PORT: '0' });
      if (isShared) await (await beside).close();
      else await expect(beside).rejects.toThrow(`${variables['DATA_DIR']} is in use by another process`);
    }, 40_000);

    const another =
      log === 'in EventStoreDB' ? { EVENTSTORE_STREAM_PREFIX: `run-${run}-other.` } : { DATA_DIR: freshFolder() };
    // Embedded, they are left behind together.
    if (log !== 'embedded' || records !== 'embedded')
      it('does not take records of one log for those of another', async () => {
        await service.close();
        await expect(serviceFor(simulator.url, { ...variables, ...another })).rejects.toThrow(StoreRefused);
        await start();
        await becomes(idOf(made), 'partial_refund');
      }, 40_000);

    if (records === 'in MongoDB')
      it('does not begin with an empty database beside a log that has payments', async () => {
        await service.close();
        const empty = serviceFor(simulator.url, { ...variables, MONGODB_DB: `run_${run}_empty` });
        await expect(empty).rejects.toThrow(StoreRefused);
        await expect(empty).rejects.toThrow(`MONGODB_DB: no keys are in run_${run}_empty`);
        await start();
        await becomes(idOf(made), 'partial_refund');
      }, 40_000);

    if (records === 'embedded')
      it('folds its read models anew when they are gone', async () => {
        await service.close();
        for (const suffix of ['', '-wal', '-shm'])
          rmSync(join(String(variables['DATA_DIR']), `documents.db${suffix}`), { force: true });
        await start();
        await isListed(order);
        await becomes(idOf(made), 'partial_refund');
      }, 40_000);
  });
