import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { paymentCollection } from '../../src/application/payments/payment-collection.js';
import { readConfig } from '../../src/infrastructure/config.js';
import { Port } from '../../src/infrastructure/ports.js';
import { openStores } from '../../src/infrastructure/stores.js';
import type { Variables } from '../../src/infrastructure/variables.js';
import { freshFolder } from '../adapters/embedded/open-folder.js';
import { someEvent } from '../contracts/some-events.js';
import { compiled } from '../faults/compiled.js';
import { orderOf } from '../journeys/orders.js';
import type { Kept, Servers } from '../journeys/store-journeys.js';
import { asText, callerAs, type Answered } from '../service/caller.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { secret, serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import { until } from '../service/until.js';

interface Printed {
  readonly status: number;
  readonly lines: readonly string[];
}

/** What operators see of the stores, wherever they are. */
export const commandJourneys = ({ log, records }: Kept, servers: Servers): void =>
  describe(`the command line, with the log ${log} and the records ${records}`, () => {
    const run = randomUUID().slice(0, 8);
    const order = `${run}-shown`;
    const cli = compiled('src/infrastructure/cli/main.ts');
    let variables: Variables;
    let simulator: SimulatorHand;
    let service: ServiceUnderTest;
    let made: Answered;

    const payments = (words: readonly string[], others: Variables = {}): Promise<Printed> =>
      new Promise((resolve) => {
        const env = { PATH: process.env['PATH'], ENVIRONMENT: 'test', JWT_SECRET: secret, ...variables, ...others };
        const child = execFile(process.execPath, [cli.path, ...words], { env }, (_, stdout, stderr) => {
          const lines = (stdout + stderr).split('\n').filter((line) => line !== '');
          resolve({ status: child.exitCode ?? -1, lines });
        });
      });

    beforeAll(async () => {
      variables = {
        EVENTSTORE_STREAM_PREFIX: `run-${run}.`,
        MONGODB_DB: `run_${run}`,
        DATA_DIR: freshFolder(),
        ...(log === 'in EventStoreDB' && { EVENTSTORE_URL: await servers.eventStoreDb() }),
        ...(records === 'in MongoDB' && { MONGODB_URI: await servers.mongoDb() }),
      };
      simulator = await SimulatorHand.start();
      service = await serviceFor(simulator.url, variables);
      const caller = await callerAs(service.url, 'budi');
      made = await caller.post('/payments', orderOf(order, 'gopay'));
      await caller.post('/payments', orderOf(`${run}-other`, 'qris'));
    }, 40_000);

    afterAll(async () => {
      await service.close();
      await simulator.close();
      rmSync(cli.folder, { recursive: true, force: true });
    });

    const idOf = (): string => asText(made.body['id']);
    const placesAre = [
      log === 'embedded' ? 'DATA_DIR' : 'EventStoreDB',
      records === 'embedded' ? 'DATA_DIR' : 'MongoDB',
    ];
    const places = (): readonly string[] => [
      ...new Set(placesAre.map((place) => (place === 'DATA_DIR' ? String(variables['DATA_DIR']) : place))),
    ];

    it('shows the history of a payment, found by its order or by its own id', async () => {
      const byOrder = await payments(['show', order, '--json']);
      const types = byOrder.lines.map((line) => (JSON.parse(line) as { type: string }).type);
      expect([byOrder.status, types]).toEqual([0, ['PaymentInitiated', 'PaymentPending']]);
      const byId = await payments(['show', idOf()]);
      expect([byId.status, byId.lines.length]).toEqual([0, 2]);
      expect(await payments(['show', 'nobody'])).toEqual({
        status: 1,
        lines: ['No payment of nobody is on record here'],
      });
    }, 40_000);

    it('finds everything whole beside the running service', async () => {
      const { status, lines } = await payments(['verify', '--json']);
      const result = JSON.parse(lines.at(-1) ?? '') as { events: number };
      expect([status, lines.length]).toEqual([0, 1]);
      expect(result).toEqual({
        type: 'result',
        folder: log === 'embedded' || records === 'embedded' ? variables['DATA_DIR'] : null,
        stores: places(),
        events: 4,
        findings: 0,
      });
    }, 40_000);

    it('refuses to rebuild beside the running service, and says what to do', async () => {
      const { status, lines } = await payments(['rebuild']);
      expect([status, lines.length]).toEqual([1, 1]);
      expect(lines[0]).toMatch(
        log === 'in EventStoreDB' && records === 'in MongoDB'
          ? /^A worker is at work on these stores: end every process with ROLE=worker or ROLE=all/
          : /is in use by another process \(pid \d+\): stop it/,
      );
    }, 40_000);

    it('names what differs, and folds it anew once the service is stopped', async () => {
      await until('both documents are there', async () => (await payments(['verify'])).status === 0);
      await service.close();
      const stores = await openStores(readConfig({ ENVIRONMENT: 'test', JWT_SECRET: secret, ...variables }));
      const stored = await stores.documents.get(paymentCollection, idOf());
      await stores.documents.clear(paymentCollection);
      if (stored) await stores.documents.write(paymentCollection, [{ ...stored, document: { ...stored.document, status: 'paid' } }]); // prettier-ignore
      await stores.close();

      const damaged = await payments(['verify']);
      expect(damaged.status).toBe(1);
      expect(damaged.lines).toContain(`payment-${idOf()}: its document differs from a fresh fold in status`);
      expect(damaged.lines.filter((line) => line.endsWith(': has no document'))).toHaveLength(1);
      expect(damaged.lines.at(-1)).toMatch(/: 2 findings in 4 events$/);

      expect(await payments(['rebuild'])).toEqual({
        status: 0,
        lines: ['payments: folded from 4 events', 'payment_methods: folded from 0 events'],
      });
      expect((await payments(['verify'])).status).toBe(0);
      service = await serviceFor(simulator.url, variables);
      expect((await (await callerAs(service.url, 'budi')).get(`/payments/${idOf()}`)).body).toMatchObject({
        order_id: order,
        status: 'pending',
      });
    }, 90_000);

    it('begins nothing where it only looks', async () => {
      const elsewhere =
        log === 'in EventStoreDB' ? { EVENTSTORE_STREAM_PREFIX: `run-${run}-nowhere.` } : { DATA_DIR: freshFolder() };
      for (const words of [['show', order], ['verify'], ['verify']]) {
        const { status, lines } = await payments(words, elsewhere);
        expect([status, lines.length]).toEqual([1, 1]);
        expect(lines[0]).toMatch(/right\?/);
      }
    }, 40_000);

    it('counts the notifications, and names one that nobody can read', async () => {
      await service.service.container
        .get(Port.eventLog)
        .append('midtrans_inbox-3', [someEvent({}, { type: 'Postcard' })], 'any');
      const { status, lines } = await payments(['verify']);
      expect([status, ...lines]).toEqual([
        1,
        'midtrans_inbox-3: revision 0 (Postcard) cannot be read: midtrans_inbox-3@0: Postcard version 1 is no notification',
        expect.stringMatching(/: 1 findings in 5 events$/),
      ]);
    }, 40_000);

    if (records === 'in MongoDB')
      it('does not work on an empty database beside a log that has payments', async () => {
        await service.close();
        const elsewhere = { MONGODB_DB: `run_${run}_empty` };
        for (const words of [['verify'], ['parked'], ['rebuild']]) {
          const { status, lines } = await payments(words, elsewhere);
          expect([status, lines.length]).toEqual([1, 1]);
          expect(lines[0]).toMatch(
            new RegExp(`^MONGODB_DB: no (?:keys|records of this service) are in run_${run}_empty`),
          );
        }
        expect((await payments(['show', order], elsewhere)).status).toBe(0);
        service = await serviceFor(simulator.url, variables);
      }, 90_000);
  });
