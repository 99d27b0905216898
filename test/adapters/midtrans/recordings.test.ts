import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MidtransNotificationReader } from '../../../src/adapters/midtrans/notification-reader.js';
import { orderId, refundKey, transactionId, wishId } from '../../../src/domain/payments/identity.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { anOrder } from './charge-orders.js';
import { gatewayTo, loopbackMidtrans, raw } from './loopback-midtrans.js';

interface Interaction {
  readonly response: { readonly status: number; readonly body: string };
}

const fixture = (name: string): string => readFileSync(new URL(`./recordings/${name}.json`, import.meta.url), 'utf8');

const recorded = (name: string): readonly Interaction[] =>
  (JSON.parse(fixture(name)) as { interactions: readonly Interaction[] }).interactions;

/** A gateway that talks to a recording, one interaction after the other. */
const withRecording = async <T>(
  name: string,
  use: (gateway: ReturnType<typeof gatewayTo>['gateway']) => Promise<T>,
) => {
  const midtrans = await loopbackMidtrans(...recorded(name).map(({ response }) => raw(response.body, response.status)));
  const { gateway, close } = gatewayTo(midtrans.url);
  try {
    return await use(gateway);
  } finally {
    await close();
    await midtrans.stop();
  }
};

const wish = wishId('wish-1');
const subject = { orderId: orderId('1554317097') };

const permata2019 = {
  orderId: '1554317097',
  transactionId: 'f162dd28-c6a2-4357-a2ff-b942ba33d01e',
  paymentType: 'bank_transfer',
  provider: 'permata',
  status: 'pending',
  statusWord: 'pending',
  fraudStatus: 'accept',
  grossAmount: 100_000,
  wishId: null,
  transactionTime: '2019-04-03T18:44:57.000Z',
  settlementTime: null,
  expiryTime: null,
  refunds: [],
  refundedTotal: null,
  chargedBackTotal: null,
  details: { va_numbers: [{ bank: 'permata', va_number: '8778008906093609' }] },
  personalDetails: {},
};

describe('recordings of the real Midtrans', () => {
  it('read a Permata charge and its cancellation', async () => {
    const answers = await withRecording('cancel-success', async (gateway) => [
      await gateway.charge(anOrder('permata', { orderId: orderId('1554317097'), amount: rupiah(100_000) })),
      await gateway.cancel({ wishId: wish, subject }),
    ]);
    expect(answers).toEqual([
      { type: 'transaction', observation: permata2019 },
      {
        type: 'transaction',
        // Without the VA number nothing tells the bank.
        observation: { ...permata2019, provider: null, status: 'cancel', statusWord: 'cancel', details: {} },
      },
    ]);
  });

  it('read a charge and its status', async () => {
    const observation = {
      ...permata2019,
      orderId: '1554320900',
      transactionId: '4991d60f-c8d4-49b6-bfd9-2751681fdcab',
      transactionTime: '2019-04-03T19:48:20.000Z',
      details: { va_numbers: [{ bank: 'permata', va_number: '8778001842689488' }] },
    };
    const answers = await withRecording('status-success', async (gateway) => [
      await gateway.charge(anOrder('permata', { orderId: orderId('1554320900'), amount: rupiah(100_000) })),
      await gateway.look({ orderId: orderId('1554320900') }),
    ]);
    expect(answers).toEqual([
      { type: 'transaction', observation },
      { type: 'transaction', observation },
    ]);
  });

  it('read an expiry, whose 407 is a success', async () => {
    const answer = await withRecording('expire-success', (gateway) =>
      gateway.expire({
        wishId: wish,
        subject: { transactionId: transactionId('af3fb136-c405-4103-9a36-5a6a9e2855a9') },
      }),
    );
    expect(answer).toEqual({
      type: 'transaction',
      observation: {
        ...permata2019,
        orderId: 'e15dd6fa56-190615060748696',
        transactionId: 'af3fb136-c405-4103-9a36-5a6a9e2855a9',
        provider: null,
        status: 'expire',
        statusWord: 'expire',
        fraudStatus: null,
        grossAmount: 231_231,
        transactionTime: '2015-06-19T06:09:05.000Z',
        details: {},
      },
    });
  });

  it('read that an order is unknown', async () => {
    const answer = await withRecording('status-fail', (gateway) => gateway.look({ orderId: orderId('not-exists') }));
    expect(answer).toEqual({ type: 'not_found' });
  });

  it('read a refund that the status does not allow', async () => {
    const answer = await withRecording('refund-failed', (gateway) =>
      gateway.refund({
        wishId: wish,
        subject,
        provider: 'credit_card',
        refundKey: refundKey('r1'),
        amount: rupiah(1),
        reason: 'test',
      }),
    );
    expect(answer).toEqual({
      type: 'refused',
      because: 'state',
      statusCode: 412,
      message: 'Merchant cannot modify the status of the transaction',
      firstSend: true,
    });
  });

  it('find no transaction in the answer of the VT-Web page of 2014, which this service never asks for', async () => {
    const answer = await withRecording('charge', (gateway) => gateway.charge(anOrder('credit_card')));
    expect(answer).toEqual({
      type: 'unknown',
      message: 'Midtrans answered 201 without a transaction that can be read: payment_type is missing',
    });
  });

  it('which is a fault where it is the answer to a look, and no doubt about anything', async () => {
    const answer = await withRecording('charge', (gateway) => gateway.look(subject));
    expect(answer).toEqual({
      type: 'unreadable',
      message: 'Midtrans answered 201 without a transaction that can be read: payment_type is missing',
    });
  });

  const snapObservation = {
    ...permata2019,
    orderId: 'ORDER-sandbox-0002',
    transactionId: '11111111-2222-3333-4444-555555555556',
    provider: null,
    fraudStatus: null,
    grossAmount: 75_000,
    transactionTime: '2026-05-27T07:30:00.000Z',
    details: {},
  };

  it.each([
    ['snap-notification-pending', snapObservation],
    [
      'snap-notification-settlement',
      {
        ...snapObservation,
        orderId: 'ORDER-sandbox-0001',
        transactionId: '11111111-2222-3333-4444-555555555555',
        paymentType: 'credit_card',
        provider: 'credit_card',
        status: 'settlement',
        statusWord: 'settlement',
        fraudStatus: 'accept',
        grossAmount: 150_000,
      },
    ],
  ])('read %s with its signature', (name, observation) => {
    const reader = new MidtransNotificationReader('SB-Mid-server-test', null);
    expect(reader.read(Buffer.from(fixture(name)))).toEqual({ type: 'notification', notification: { observation } });
  });
});
