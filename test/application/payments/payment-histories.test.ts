import { describe, expect, it } from '@jest/globals';
import { addressOf, notificationOf } from '../../../src/application/audit/event-metadata.js';
import type { Cause } from '../../../src/application/audit/cause.js';
import { TooManyConflicts, type TimelessCommand } from '../../../src/application/payments/payment-histories.js';
import { paymentIdOf, streamOf } from '../../../src/application/payments/payment-identity.js';
import type { EventLog } from '../../../src/application/ports/event-log.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { orderId } from '../../../src/domain/payments/identity.js';
import type { Stage } from '../../../src/domain/payments/stages.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import {
  absent,
  atStage,
  charged,
  chargeNotSent,
  chargeRefused,
  initiate,
  order,
  chargeWish,
  giveUp,
  refundWish,
  requestRefund,
  transaction,
  unanswered,
} from '../../domain/payments/wishes-and-reports.js';
import type { Step } from '../../domain/payments/payment-story.js';
import { cause, record, recordsIn } from './lives-on-record.js';

const id = paymentIdOf(orderId('order-1'));
const typesIn = async (log: EventLog) => (await log.read(streamOf(id))).map(({ type }) => type);

/** Somebody else writes between reading and appending, as often as told. */
const withRival = (log: EventLog, rival: () => Promise<unknown>, times: number): EventLog => {
  let left = times;
  return {
    logId: log.logId,
    read: (...args) => log.read(...args),
    async append(...args) {
      if (left > 0) {
        left -= 1;
        await rival();
      }
      return log.append(...args);
    },
  };
};

const observation = (status: 'settlement' | 'pending') => ({
  type: 'ObserveGatewayStatus' as const,
  observation: transaction(status, 'gopay'),
  source: 'confirmed' as const,
  knownBefore: null,
  noteLook: false,
});

describe('a payment on record', () => {
  it('is decided again on what a rival wrote first', async () => {
    const stores = inMemory();
    const plain = recordsIn(stores);
    await record(plain, 'order-1', charged('pending', 'gopay'));
    const rival = () => plain.histories.transact(id, observation('settlement'), cause);
    const { histories } = recordsIn(stores, withRival(stores.eventLog, rival, 1));
    const late = await histories.transact(
      id,
      { type: 'RequestAction', action: 'Cancel', wishId: chargeWish, reason: null, amount: null },
      cause,
    );
    expect(late).toMatchObject({ type: 'rejected', rejection: { code: 'action-not-allowed', status: 'settlement' } });
    expect(await typesIn(stores.eventLog)).toEqual(['PaymentInitiated', 'PaymentPending', 'PaymentSettled']);
  });

  it('of two who say the same at once has it once', async () => {
    const stores = inMemory();
    const records = recordsIn(stores);
    await record(records, 'order-1', charged('pending', 'gopay'));
    const both = await Promise.all([
      records.histories.transact(id, observation('settlement'), cause),
      records.histories.transact(id, observation('settlement'), cause),
    ]);
    expect(both.map((one) => (one.type === 'done' ? one.events.length : NaN)).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(both.map(({ payment }) => payment.revision)).toEqual([2, 2]);
  });

  it('is not written at all when rivals never leave it alone', async () => {
    const stores = inMemory();
    const plain = recordsIn(stores);
    await record(plain, 'order-1', charged('settlement', 'gopay'));
    let refunds = 0;
    const rival = () => plain.histories.transact(id, rivalRefund(`rival-${(refunds += 1)}`), cause);
    const { histories } = recordsIn(stores, withRival(stores.eventLog, rival, 1_000));
    await expect(histories.transact(id, rivalRefund('mine'), cause)).rejects.toThrow(TooManyConflicts);
    const { state } = await plain.histories.read(id);
    expect(state.phase === 'known' && state.refunds.some(({ refundKey }) => refundKey === 'mine')).toBe(false);
  });

  it('starts from what the caller knows, and a conflict corrects it', async () => {
    const stores = inMemory();
    const records = recordsIn(stores);
    await record(records, 'order-1', charged('pending', 'gopay'));
    const known = await records.histories.read(id);
    await records.histories.transact(id, observation('settlement'), cause);
    const again = await records.histories.transact(id, observation('settlement'), cause, known);
    expect(again).toMatchObject({ type: 'done', events: [], payment: { revision: 2 } });
  });

  it('can be read as it stood', async () => {
    const stores = inMemory();
    const { histories } = recordsIn(stores);
    await record(recordsIn(stores), 'order-1', [...charged('pending', 'gopay'), atStage('settlement', 'gopay')]);
    const stages = [];
    for (const revision of [0, 1, 2]) {
      const { state } = await histories.readAt(id, revision);
      stages.push(state.phase === 'known' && state.attempts.map(({ stage }) => stage));
    }
    expect(stages).toEqual([[], ['pending'], ['settlement']]);
    expect(await histories.read(paymentIdOf(orderId('nobody')))).toEqual({
      id: paymentIdOf(orderId('nobody')),
      state: { phase: 'new' },
      revision: 'none',
    });
  });

  it('of an order that is not there rejects everything but being made', async () => {
    const { histories } = recordsIn(inMemory());
    expect(await histories.transact(id, { type: 'GiveUpWaiting' }, cause)).toMatchObject({
      type: 'rejected',
      rejection: { code: 'unknown-payment' },
    });
  });
});

const rivalRefund = (key: string) =>
  ({ ...requestRefund(1, key) }) as Extract<TimelessCommand, { type: 'RequestRefund' }>;

describe('alarms', () => {
  it('sound once for what a person must see: a foreign transaction and a taken order id', async () => {
    const stores = inMemory();
    const records = recordsIn(stores);
    await record(records, 'order-1', [initiate('gopay'), chargeRefused('conflict', 406)]);
    expect(records.journal.entries.filter(({ level }) => level === 'alarm')).toEqual([
      {
        level: 'alarm',
        message: 'Midtrans knows this order id from elsewhere: another system charges under the same ids',
        fields: { alarm: 'gateway_order_id_taken', order_id: 'order-1' },
      },
    ]);
  });

  it('name order, kind and transaction of a contradiction, and do not sound again when it is repeated', async () => {
    const stores = inMemory();
    const records = recordsIn(stores);
    const wrongAmount = atStage('settlement', 'gopay', { grossAmount: rupiah(10_001) });
    await record(records, 'order-1', [...charged('pending', 'gopay'), wrongAmount, wrongAmount]);
    expect(records.journal.entries).toEqual([
      {
        level: 'alarm',
        message:
          "Midtrans contradicts our record (amount_mismatch); compare the payment's events with Midtrans' dashboard",
        fields: {
          alarm: 'gateway_contradiction',
          order_id: 'order-1',
          kind: 'amount_mismatch',
          transaction_id: 'tx-1',
          detail: '10001',
        },
      },
    ]);
  });
});

describe('the line that a payment has failed', () => {
  const linesOf = async (...steps: readonly Step[]): Promise<readonly string[]> => {
    const records = recordsIn(inMemory());
    await record(records, 'order-1', steps);
    const errors = records.journal.entries.filter(({ level }) => level === 'error');
    expect(errors.every(({ fields }) => fields['payment_id'] === id)).toBe(true);
    return errors.map(({ message, fields }) => `${fields['outcome']}: ${message}`);
  };
  const day: Step = { type: 'Wait', ms: durations.chargeRetriesForMs };
  const failed = (outcome: string, error: string): string =>
    `${outcome}: Payment failed: order_id=order-1, error=${error}`;

  it.each<readonly [string, readonly Step[], string]>([
    ['not sent', [initiate('gopay'), chargeNotSent()], failed('not_sent', 'connection refused')],
    ['unanswered', [initiate('gopay'), unanswered()], failed('unknown', 'no answer within 25 s')],
    ['refused', [initiate('gopay'), chargeRefused('request', 411)], failed('failed', 'Midtrans says 411')],
    ['denied at once', charged('deny'), failed('denied', 'denied by the bank, the provider, the fraud engine or us')],
  ])('is written once for a charge that is %s', async (_what, steps, line) => {
    expect(await linesOf(...steps)).toEqual([line]);
  });

  it('is written once more when what could not be sent for a day is given up', async () =>
    expect(await linesOf(initiate('gopay'), chargeNotSent(), day, giveUp, giveUp)).toEqual([
      failed('not_sent', 'connection refused'),
      failed('failed', 'It could not be sent to Midtrans for too long'),
    ]));

  it('is written once more when a charge in doubt was not made after all', async () =>
    expect(await linesOf(initiate('gopay'), unanswered(), day, absent, day, absent, absent)).toEqual([
      failed('unknown', 'no answer within 25 s'),
      failed('not_made', 'Midtrans knows no such charge: it was not made'),
    ]));

  it.each<readonly [Stage, string, string]>([
    ['failure', 'failed', 'Midtrans reports a failure'],
    ['deny', 'denied', 'denied by the bank, the provider, the fraud engine or us'],
  ])('is written once when Midtrans tells of a %s later, however often', async (stage, outcome, error) => {
    const told = atStage(stage, 'gopay');
    expect(await linesOf(...charged('pending', 'gopay'), told, told)).toEqual([failed(outcome, error)]);
  });

  it('is written when what was settled is reversed', async () =>
    expect(await linesOf(...charged('settlement', 'permata'), atStage('deny', 'permata'))).toEqual([
      failed('reversed', 'reversed by the bank or the provider after settlement'),
    ]));

  it.each<Stage>(['expire', 'cancel', 'settlement'])('is not written for a payment that ends as %s', async (stage) =>
    expect(await linesOf(...charged('pending', 'gopay'), atStage(stage, 'gopay'))).toEqual([]),
  );

  it('is not written for another wish than the charge', async () =>
    expect(await linesOf(...charged('settlement', 'gopay'), requestRefund(1_000), unanswered(refundWish))).toEqual([]));

  it('is written by who put it on record, and not by who lost the race', async () => {
    const stores = inMemory();
    const first = recordsIn(stores);
    await record(first, 'order-1', charged('pending', 'gopay'));
    const rival = () => record(first, 'order-1', [atStage('failure', 'gopay')]);
    const second = recordsIn(stores, withRival(stores.eventLog, rival, 1));
    await record(second, 'order-1', [atStage('failure', 'gopay')]);
    const lines = [first, second].map(({ journal }) => journal.entries.map(({ message }) => message));
    expect(lines).toEqual([['Payment failed: order_id=order-1, error=Midtrans reports a failure'], []]);
  });
});

describe('an event on record', () => {
  const asked: Cause = {
    actor: { kind: 'user', id: 'u-1', roles: ['customer'], address: '203.0.113.9' },
    correlationId: 'correlation-1',
    causationId: 'request-1',
    requestId: 'request-1',
    traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    notification: {
      inboxId: 'midtrans_inbox-3@7',
      receivedAt: '2026-11-23T05:00:00.000Z',
      address: '203.0.113.10',
      headers: { 'user-agent': 'Veritrans' },
      body: '{"order_id":"order-1"}',
    },
  };

  it('says who, when, why and from where, with addresses and raw notifications sealed', async () => {
    const stores = inMemory();
    const { histories, personalData } = recordsIn(stores);
    await histories.transact(id, { type: 'InitiatePayment', order: order('gopay'), wishId: chargeWish }, asked);
    const [event] = await stores.eventLog.read(streamOf(id));
    if (!event) throw new Error('nothing on record');
    expect(event.metadata).toEqual({
      time: '2026-11-23T05:00:00.000Z',
      actor: { kind: 'user', id: 'u-1', roles: ['customer'], address: { sealed: expect.stringMatching(/^s1\./) } },
      $correlationId: 'correlation-1',
      $causationId: 'request-1',
      request_id: 'request-1',
      trace_parent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      notification: { inbox_id: 'midtrans_inbox-3@7', sealed: expect.stringMatching(/^s1\./) },
    });
    expect(JSON.stringify(event)).not.toMatch(/203\.0\.113|Veritrans/);
    expect(await addressOf(event, personalData)).toBe('203.0.113.9');
    expect(await notificationOf(event, personalData)).toEqual(asked.notification);
  });

  it('of a customer who is erased says what became of the money, and nothing personal', async () => {
    const stores = inMemory();
    const records = recordsIn(stores);
    await record(records, 'order-1', [initiate('snap')]);
    await stores.wrappedKeys.destroy('customer:user-1');
    await records.clock.sleep(30_000);
    const personal = { payment_details: { snap_token: 'token-1', redirect_url: 'https://page.example/1' } };
    const paged = await records.histories.transact(id, { type: 'RecordPage', personal }, asked);
    expect(paged).toMatchObject({ type: 'done', payment: { revision: 1 } });
    const [, event] = await stores.eventLog.read(streamOf(id));
    if (!event) throw new Error('nothing recorded');
    expect([event.type, event.data['personal'], event.metadata['actor']]).toEqual([
      'PaymentPending',
      null,
      { ...asked.actor, address: null },
    ]);
    expect(event.metadata['notification']).toEqual({ inbox_id: 'midtrans_inbox-3@7', sealed: null });
    expect(JSON.stringify(event)).not.toMatch(/203\.0|token-1|page\.example/);
    expect([await addressOf(event, records.personalData), await notificationOf(event, records.personalData)]).toEqual([
      null,
      null,
    ]);
  });

  it('opens its sealed parts nowhere else', async () => {
    const stores = inMemory();
    const { histories, personalData } = recordsIn(stores);
    await histories.transact(id, { type: 'InitiatePayment', order: order('gopay'), wishId: chargeWish }, asked);
    const [event] = await stores.eventLog.read(streamOf(id));
    if (!event) throw new Error('nothing on record');
    await expect(addressOf({ ...event, stream: 'payment-other' }, personalData)).rejects.toThrow('not what was sealed');
    await expect(addressOf({ ...event, id: 'another' }, personalData)).rejects.toThrow('not what was sealed');
  });
});
