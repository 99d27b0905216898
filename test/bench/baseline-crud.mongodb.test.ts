import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { createApp, type PaymentRow } from '../../bench/baseline-crud/app.js';
import { notificationBody } from '../../bench/log/notification-body.js';
import { makeToken } from '../../src/infrastructure/tokens.js';
import { SimulatorHand } from '../service/simulator-hand.js';
import { serverKey } from '../service/start-service.js';
import { until } from '../service/until.js';

const jwtSecret = 'a secret of tests, with enough letters in it';

let client: MongoClient;
let server: Server;
let simulator: SimulatorHand;
let midtrans: Pool;
let url: string;

/** The simulator has to know where to notify before the server knows where to charge. */
beforeAll(async () => {
  client = new MongoClient(process.env['TEST_MONGODB_URI'] ?? '');
  const payments = client.db(`baseline_${randomUUID().slice(0, 8)}`).collection<PaymentRow>('payments');
  await payments.createIndex({ order_id: 1 }, { unique: true });
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  simulator = await SimulatorHand.start({ notificationUrl: `${url}/payments/webhooks/midtrans` });
  midtrans = new Pool(simulator.url);
  const handle = createApp({ payments, midtrans, jwtSecret, serverKey }).callback();
  server.on('request', (request, response) => void handle(request, response));
});

afterAll(async () => {
  await simulator.close();
  await midtrans.close();
  server.close();
  server.closeAllConnections();
  await client.close();
});

const asUser = async (sub: string): Promise<string> =>
  `Bearer ${await makeToken({ sub, roles: ['customer'], ttlSeconds: 60 }, jwtSecret)}`;

const call = async (method: 'GET' | 'POST', path: string, authorization: string, body?: string) => {
  const answer = await fetch(url + path, { method, headers: { authorization }, ...(body !== undefined && { body }) });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
};

const make = async (orderId: string) => {
  const order = {
    order_id: orderId,
    payment_type: 'bank_transfer',
    gross_amount: 50_000,
    payment_details: { bank: 'bca' },
  };
  return call('POST', '/payments', await asUser('budi'), JSON.stringify(order));
};

const shown = async (id: unknown, sub = 'budi') => call('GET', `/payments/${String(id)}`, await asUser(sub));

const notify = (orderId: string, key: string) => {
  const paid = { orderId, transactionId: randomUUID(), amount: 50_000, vaNumber: '81278500001' };
  return call('POST', '/payments/webhooks/midtrans', '', notificationBody(paid, key));
};

describe('what a person would write by hand', () => {
  it('charges, is notified by the simulator, and shows the settlement', async () => {
    const { status, body } = await make('crud-paid');
    expect([status, body['status']]).toStrictEqual([201, 'pending']);
    expect(body['payment_details']).toMatchObject({ va_numbers: [{ bank: 'bca' }] });
    await simulator.pay('crud-paid');
    await until('it is settled', async () => (await shown(body['id'])).body['status'] === 'settlement');
  });

  it('charges an order once', async () => {
    const answers = await Promise.all([make('crud-once'), make('crud-once')]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toStrictEqual([201, 409]);
    expect(await simulator.transactionsOf('crud-once')).toHaveLength(1);
  });

  it('refuses what is not signed, and what is about no order', async () => {
    const { body } = await make('crud-forged');
    expect((await notify('crud-forged', 'another key')).status).toBe(400);
    expect((await shown(body['id'])).body['status']).toBe('pending');
    expect((await notify('crud-nobody', serverKey)).status).toBe(404);
  });

  it('shows a payment to its customer alone', async () => {
    const { body } = await make('crud-own');
    expect((await shown(body['id'], 'siti')).status).toBe(404);
    expect((await call('GET', `/payments/${String(body['id'])}`, 'Bearer nonsense')).status).toBe(401);
  });
});
