import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partitionCount } from '../../src/application/followers/partitions.js';
import type { JsonObject } from '../../src/domain/json.js';
import { compiledService, freePort } from '../faults/service-process.js';
import { asText, callerAs } from '../service/caller.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { until } from '../service/until.js';
import { startServerProcess, type ServerProcess } from '../support/eventstoredb/server-process.js';
import { startMongo, type TestMongo } from '../support/mongodb/start.mjs';
import { encryptionKey } from './fleet.js';
import { Replica } from './replica.js';

/** Ten seconds are promised (D6); two more for what a test sees of it on cores that two replicas, two stores and Midtrans share. */
const takenOverWithinMs = 12_000;

let service: ReturnType<typeof compiledService>;
let eventStore: ServerProcess | undefined;
let mongo: TestMongo;
let simulator: SimulatorHand;
let one: Replica;
let two: Replica;

beforeAll(async () => {
  service = compiledService();
  eventStore = process.env['EVENTSTORE_URL'] ? undefined : await startServerProcess();
  mongo = await startMongo();
  const ports = [await freePort(), await freePort()] as const;
  // Notifications go to the one that lives on in all of it.
  simulator = await SimulatorHand.start({
    notificationUrl: `http://127.0.0.1:${ports[1]}/payments/webhooks/midtrans`,
  });
  const run = `takeover-${Date.now().toString(36)}`;
  const variables = {
    DATA_DIR: ':memory:',
    LOG_LEVEL: 'info',
    ENCRYPTION_KEY: encryptionKey.toString('base64'),
    WEBHOOK_SECRET: 'a secret of the replicas with enough letters',
    MIDTRANS_MOCK_URL: simulator.url,
    EVENTSTORE_URL: process.env['EVENTSTORE_URL'] ?? eventStore?.connectionString ?? '',
    EVENTSTORE_STREAM_PREFIX: `${run}.`,
    MONGODB_URI: mongo.uri,
    MONGODB_DB: run.replaceAll('-', '_'),
  };
  one = new Replica('one', service.path, ports[0], variables);
  two = new Replica('two', service.path, ports[1], variables);
  one.begin();
  two.begin();
  await shareEvenly();
}, 120_000);

afterAll(async () => {
  one.thaw();
  await Promise.all([one.kill(), two.kill()]);
  await simulator.close();
  await eventStore?.kill();
  await mongo.stop();
  rmSync(service.folder, { recursive: true });
}, 60_000);

/** A kill cuts the last one short. */
const isWhole = (line: string): boolean => line.startsWith('{') && line.endsWith('}');

const linesOf = (replica: Replica): readonly JsonObject[] =>
  replica.lines().flatMap((line) => (isWhole(line) ? [JSON.parse(line) as JsonObject] : []));

/** How many partitions its present process says that it works on. */
const heldBy = (replica: Replica): number => {
  const said = linesOf(replica).map(({ msg }) => asText(msg));
  const present = said.slice(said.findLastIndex((msg) => msg.startsWith('Listening on')));
  return Number(present.flatMap((msg) => /works on (\d+) of/.exec(msg)?.[1] ?? []).at(-1) ?? 0);
};

const shareEvenly = () =>
  until('both have half', () => heldBy(one) === partitionCount / 2 && heldBy(two) === partitionCount / 2, 60_000);

const takesAllOver = () => until('the other has it all', () => heldBy(two) === partitionCount, takenOverWithinMs);

/** Sixteen payments are in as many partitions as chance gives them, so some are of whoever is gone. */
const areSettled = async (name: string): Promise<void> => {
  const buyer = await callerAs(two.url, 'budi', 'customer');
  const orders = Array.from({ length: partitionCount }, (_, n) => `${name}-${n}`);
  for (const order_id of orders) {
    const made = await buyer.post('/payments', { order_id, payment_type: 'gopay', gross_amount: 10_000 });
    expect(made.status).toBe(201);
    await simulator.pay(order_id);
  }
  const statusOf = async (order: string) =>
    ((await buyer.get(`/payments?order_id=${order}`)).body['data'] as readonly JsonObject[])[0]?.['status'];
  for (const order of orders)
    await until(`${order} is settled`, async () => (await statusOf(order)) === 'settlement', takenOverWithinMs);
};

describe('of two replicas, as processes, the one that is left', () => {
  it('has all the work of one that was killed in time, and settles what is paid', async () => {
    await one.kill();
    await takesAllOver();
    await areSettled('killed');
    one.begin();
    await shareEvenly();
  }, 120_000);

  it('has all the work of one that stands still in time, and shares it again when that goes on', async () => {
    one.freeze();
    await takesAllOver();
    await areSettled('frozen');
    await sleep(5_000);
    one.thaw();
    await until('the other one knows', () => linesOf(one).some(({ msg }) => asText(msg).includes('lost partitions')), 30_000); // prettier-ignore
    await shareEvenly();
    await areSettled('thawed');
    const alarms = [...linesOf(one), ...linesOf(two)].filter(({ alarm }) => alarm !== undefined);
    expect([alarms, one.ownEnds, two.ownEnds]).toEqual([[], [], []]);
  }, 180_000);
});
