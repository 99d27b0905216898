import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { EventListAnswer } from '../../../src/adapters/http/payments/payment-answer.js';
import { openDataFolder } from '../../../src/adapters/embedded/data-folder.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { until } from '../../service/until.js';
import { asText, callerAs, codesOf, rowsOf, type Caller } from '../../service/caller.js';
import { clientKey, serviceFor, serverKey, type ServiceUnderTest } from '../../service/start-service.js';
import { freshFolder } from '../embedded/open-folder.js';
import { bcaTransfer, customer, freshOrder } from './payment-bodies.js';

// What becomes of payments whose customer's key is gone: lost by an accident, or destroyed on purpose (design D10).

let simulator: RunningSimulator;
let folder: string;
let service: ServiceUnderTest;
let buyer: Caller;
let finance: Caller;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
});
afterAll(() => simulator.close());

const start = async (): Promise<void> => {
  service = await serviceFor(simulator.url, { DATA_DIR: folder });
  [buyer, finance] = await Promise.all([callerAs(service.url, 'buyer'), callerAs(service.url, 'clerk', 'finance')]);
};

beforeEach(async () => {
  folder = freshFolder();
  await start();
});
afterEach(() => service.close());

/** Between the end of one process and the start of the next. */
const meanwhile = async (work: () => Promise<unknown>): Promise<void> => {
  await service.close();
  await work();
  await start();
};

const loseKey = async (): Promise<void> => {
  const state = new Database(join(folder, 'state.db'));
  expect(state.prepare("DELETE FROM wrapped_keys WHERE id = 'customer:buyer'").run().changes).toBe(1);
  state.close();
  await Promise.resolve();
};

const destroyKey = async (): Promise<void> => {
  const stores = openDataFolder({ folder });
  await stores.wrappedKeys.destroy('customer:buyer');
  stores.close();
};

const pathOf = ({ id }: JsonObject): string => `/payments/${asText(id)}`;
const alarms = (): readonly unknown[] =>
  service.journal.entries.filter(({ level }) => level === 'alarm').map(({ fields }) => fields);

describe('a payment whose customer’s key is lost', () => {
  const made = async (): Promise<JsonObject> =>
    (await buyer.post('/payments', bcaTransfer({ customer_details: customer }))).body;

  it('is shown without what is personal, and a person is told whose key it is, once', async () => {
    const payment = await made();
    await meanwhile(loseKey);
    for (const path of [pathOf(payment), pathOf(payment), `${pathOf(payment)}?min_revision=1`]) {
      const answer = await buyer.get(path);
      expect([answer.status, answer.body]).toEqual([200, { ...payment, customer_details: null }]);
    }
    expect(rowsOf(await buyer.get('/payments'))).toEqual([{ ...payment, customer_details: null }]);
    const [initiated] = EventListAnswer.parse((await finance.get(`${pathOf(payment)}/events`)).body).data;
    expect([initiated?.data['personal'], initiated?.actor.address]).toEqual([null, null]);
    expect(alarms()).toEqual([
      {
        alarm: 'unreadable_personal_data',
        key: 'customer:buyer',
        sealed_at: expect.stringMatching(/^payment-[0-9a-f-]+\/[0-9a-f-]+$/),
        error: 'The key of customer:buyer is not destroyed, but missing in the key ring',
      },
    ]);
    expect(service.journal.text()).not.toContain('budi');
  });

  it('is shown so too when its customer has a new key by now', async () => {
    const payment = await made();
    await meanwhile(loseKey);
    expect(await made()).toMatchObject({ customer_details: customer });
    expect((await buyer.get(pathOf(payment))).body).toEqual({ ...payment, customer_details: null });
    expect(alarms()).toMatchObject([{ alarm: 'unreadable_personal_data', key: 'customer:buyer' }]);
  });
});

describe('the key of a day', () => {
  it('that is long past is destroyed by the background work', async () => {
    await meanwhile(async () => {
      const stores = openDataFolder({ folder });
      await stores.wrappedKeys.addIfAbsent('day:2020-01-01', 'key');
      stores.close();
    });
    const keys = service.service.container.get(Port.wrappedKeys);
    await until('the key is destroyed', async () => (await keys.load('day:2020-01-01')) === 'destroyed');
  });
});

describe('a payment of an erased customer', () => {
  const gopay = async (): Promise<JsonObject> => {
    const body = { order_id: freshOrder(), payment_type: 'gopay', gross_amount: 50_000, customer_details: customer };
    return (await buyer.post('/payments', body)).body;
  };

  it('goes on: what happens to the money is on record, without what is personal', async () => {
    const payment = await gopay();
    await meanwhile(destroyKey);
    await fetch(`${simulator.url}/_simulator/transactions/${asText(payment['order_id'])}/pay`, { method: 'POST' });
    const synced = await finance.post(`${pathOf(payment)}/sync`);
    expect([synced.status, synced.body['status'], synced.body['customer_details']]).toEqual([200, 'settlement', null]);
    const refunded = await finance.post(`${pathOf(payment)}/refunds`, { amount: 10_000, reason: 'broken' });
    expect(refunded.status).toBe(201);
    const events = EventListAnswer.parse((await finance.get(`${pathOf(payment)}/events`)).body).data;
    expect(events.map(({ type, actor }) => [type, actor.address])).toEqual([
      ['PaymentInitiated', null],
      ['PaymentPending', null],
      ['GatewayAsked', null],
      ['PaymentSettled', null],
      ['RefundRequested', null],
      ['RefundAccepted', null],
    ]);
    expect(alarms()).toEqual([]);
  });

  it('has notifications that changed it, and shows them as erased', async () => {
    const payment = await gopay();
    const order = asText(payment['order_id']);
    const notify = async (what: string): Promise<void> => {
      await fetch(`${simulator.url}/_simulator/transactions/${order}/${what}`, { method: 'POST' });
      const status = await fetch(`${simulator.url}/v2/${order}/status`, {
        headers: { authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}` },
      });
      const sent = { method: 'POST', body: await status.text() };
      expect((await fetch(`${service.url}/payments/webhooks/midtrans`, sent)).status).toBe(200);
    };
    const last = async (type: string): Promise<unknown> => {
      for (let tries = 0; tries < 200; tries += 1) {
        const event = rowsOf(await finance.get(`${pathOf(payment)}/events`)).find((one) => one['type'] === type);
        if (event) return event['notification'];
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${type} never came`);
    };
    await notify('pay');
    expect(await last('PaymentSettled')).toMatchObject({ address: '127.0.0.1' });
    await meanwhile(destroyKey);
    expect(await last('PaymentSettled')).toBeNull();
    await notify('refund');
    expect(await last('RefundAccepted')).toBeNull();
  });

  it('is the last: no more can be made', async () => {
    const payment = await gopay();
    await meanwhile(destroyKey);
    expect(codesOf(await buyer.post('/payments', bcaTransfer()))).toEqual(['customer_erased']);
    expect((await buyer.get(pathOf(payment))).body).toEqual({ ...payment, customer_details: null });
  });
});
