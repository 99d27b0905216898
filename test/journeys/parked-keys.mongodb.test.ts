import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { notificationCollection } from '../../src/application/notifications/notification-records.js';
import { streamOf } from '../../src/application/payments/payment-identity.js';
import { paymentProjectionVersion } from '../../src/application/payments/payment-projection.js';
import { Port } from '../../src/infrastructure/ports.js';
import { paymentId } from '../../src/domain/payments/identity.js';
import type { JsonObject } from '../../src/domain/json.js';
import { startServer } from '../adapters/eventstoredb/open-event-store-db.js';
import { serverUri } from '../adapters/mongodb/open-stores.js';
import { someEvent } from '../contracts/some-events.js';
import { freePort } from '../faults/service-process.js';
import { asText, callerAs, codesOf, rowsOf, type Answered, type Caller } from '../service/caller.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serviceFor, type ServiceUnderTest } from '../service/start-service.js';
import { until } from '../service/until.js';
import { ParkedCommand } from '../infrastructure/parked-command.js';
import { orderOf } from './orders.js';

const payments = `projection:payments:${paymentProjectionVersion}`;

let simulator: SimulatorHand;
/** Serves HTTP and works on nothing. */
let api: ServiceUnderTest;
let worker: ServiceUnderTest;
let startWorker: () => Promise<ServiceUnderTest>;
let command: ParkedCommand;
let operator: Caller;
let clerk: Caller;

beforeAll(async () => {
  const run = randomUUID().slice(0, 8);
  const PORT = String(await freePort());
  simulator = await SimulatorHand.start({ notificationUrl: `http://127.0.0.1:${PORT}/payments/webhooks/midtrans` });
  const variables = {
    EVENTSTORE_URL: (await startServer()).connectionString,
    EVENTSTORE_STREAM_PREFIX: `run-${run}.`,
    MONGODB_URI: serverUri(),
    MONGODB_DB: `run_${run}`,
  };
  command = new ParkedCommand(variables);
  startWorker = () => serviceFor(simulator.url, { ...variables, ROLE: 'worker' });
  api = await serviceFor(simulator.url, { ...variables, ROLE: 'api', PORT });
  worker = await startWorker();
  operator = await callerAs(api.url, 'ayu', 'operator');
  clerk = await callerAs(api.url, 'budi', 'customer', 'finance');
}, 40_000);

afterAll(async () => {
  await worker.close();
  await api.close();
  await simulator.close();
  command.remove();
});

const parkedBy = (follower: string): Promise<JsonObject> =>
  until(
    `${follower} has parked something`,
    async () =>
      rowsOf(await operator.get('/payments/parked-keys?status=parked')).find((row) => row['follower'] === follower),
    20_000,
  );

const resume = ({ id }: JsonObject): Promise<Answered> =>
  operator.post(`/payments/parked-keys/${asText(id)}/resume`, { reason: 'mended' });

const statusOf = async (id: string): Promise<unknown> => (await clerk.get(`/payments/${id}`)).body['status'];

it('what one replica has parked is listed and resumed at another, and outlives who parked it', async () => {
  const sick = asText((await clerk.post('/payments', orderOf('sick', 'gopay'))).body['id']);
  const paid = asText((await clerk.post('/payments', orderOf('paid', 'gopay'))).body['id']);
  const eventLog = api.service.container.get(Port.eventLog);
  // Midtrans tells that it is pending; that comes before all else.
  await until('its first notification is done with', async () => {
    const ofOrder = { shape: 'ofOrder', where: [{ field: 'order_id', is: 'sick' }], limit: 1 } as const;
    return (await api.service.container.get(Port.records).find(notificationCollection, ofOrder)).length > 0;
  }, 20_000);
  const poison = () => eventLog.append(streamOf(paymentId(sick)), [someEvent({}, { type: 'PaymentTeleported' })], 'any');
  await poison();
  const readModel = await parkedBy(payments);
  expect(readModel).toMatchObject({ key: sick, event: { revision: 2, type: 'PaymentTeleported' }, tries: 1 });

  // Midtrans has something against the question itself, which no waiting makes better.
  await simulator.fault({ path: '/v2/*/status', probability: 1, kind: 'status', status: 400 });
  await simulator.pay('paid');
  const notification = await parkedBy('notifications:1');
  expect(notification).toMatchObject({ key: 'paid', event: { type: 'NotificationReceived' }, tries: 5 });

  const printed = (await command.print('--json')).map((line) => JSON.parse(line) as unknown);
  expect(printed).toEqual([notification, readModel]);

  await worker.close();
  worker = await startWorker();
  await poison();
  await until('the later event waits', async () => (await parkedBy(payments))['waiting_revision'] === 3, 20_000);
  expect(worker.journal.entries.filter(({ level }) => level === 'alarm')).toEqual([]);

  expect(codesOf(await resume(notification))).toEqual(['still_parked']);
  await simulator.noFaults();
  expect([await statusOf(paid), (await resume(notification)).status]).toEqual(['pending', 200]);
  await until('it is settled', async () => (await statusOf(paid)) === 'settlement');
  expect(codesOf(await resume(notification))).toEqual(['not_parked']);
  expect(codesOf(await resume(readModel))).toEqual(['still_parked']);
}, 60_000); // prettier-ignore
