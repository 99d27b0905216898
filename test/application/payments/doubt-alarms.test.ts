import { describe, expect, it } from '@jest/globals';
import { DoubtAlarms } from '../../../src/application/payments/doubt-alarms.js';
import type { Documents } from '../../../src/application/ports/documents.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { paymentIdOf } from '../../../src/application/payments/payment-identity.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { orderId } from '../../../src/domain/payments/identity.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { givenPayment, hours, minutes, seconds, wait, type Step } from '../../domain/payments/payment-story.js';
import { charged, refundAccepted, requestRefund } from '../../domain/payments/wishes-and-reports.js';
import { MemoryJournal } from '../../service/memory-journal.js';
import { ToldClock } from './lives-on-record.js';

const id = paymentIdOf(orderId('order-1'));
const asIs = (steps: readonly Step[]) => ({ id, state: givenPayment(...steps).payment, revision: steps.length });
const firstDoubt: readonly Step[] = [...charged('settlement', 'gopay'), requestRefund(1_000)];
const secondDoubt: readonly Step[] = [
  ...firstDoubt,
  wait(minutes(1)),
  refundAccepted(1_000),
  requestRefund(2_000, 'r-2'),
];

/** Processes that come one after the other, on the same stores. */
const processes = () => {
  const { records } = inMemory();
  const clock = new ToldClock();
  const journal = new MemoryJournal();
  const started = (kept: Documents = records) => new DoubtAlarms(kept, clock, journal, durations);
  return { clock, journal, records, started };
};

describe('a doubt that has grown old', () => {
  it('is told once, also by a process that starts afterwards', async () => {
    const { clock, journal, started } = processes();
    await clock.sleep(seconds(30) + hours(1));
    for (let process = 0; process < 3; process += 1) await started().raiseWhenOld(asIs(firstDoubt));
    expect(journal.entries).toEqual([
      {
        level: 'alarm',
        message: 'Midtrans does not tell what became of a call; look into its dashboard',
        fields: {
          alarm: 'in_doubt_too_long',
          payment_id: id,
          order_id: 'order-1',
          since: '2026-11-23T05:00:30.000Z',
        },
      },
    ]);
  });

  it('is told by a process that dies before it is on record, and by the next', async () => {
    const { clock, journal, records, started } = processes();
    await clock.sleep(seconds(30) + hours(1));
    const dying = Object.assign(Object.create(records) as Documents, {
      insertIfAbsent: () => Promise.reject(new StoreUnavailable('killed just now')),
    });
    await expect(started(dying).raiseWhenOld(asIs(firstDoubt))).rejects.toThrow(StoreUnavailable);
    expect(journal.entries).toHaveLength(1);
    for (let process = 0; process < 2; process += 1) await started().raiseWhenOld(asIs(firstDoubt));
    expect(journal.entries).toHaveLength(2);
  });

  it('is not told before an hour, and not when it is none', async () => {
    const { clock, journal, started } = processes();
    await clock.sleep(seconds(30) + hours(1) - 1);
    await started().raiseWhenOld(asIs(firstDoubt));
    await clock.sleep(hours(5));
    await started().raiseWhenOld(asIs(charged('settlement', 'gopay')));
    expect(journal.entries).toEqual([]);
  });

  it('is told beside an earlier one of the same payment', async () => {
    const { clock, journal, started } = processes();
    await clock.sleep(hours(2));
    await started().raiseWhenOld(asIs(firstDoubt));
    await started().raiseWhenOld(asIs(secondDoubt));
    await started().raiseWhenOld(asIs(secondDoubt));
    expect(journal.entries.map(({ fields }) => fields['since'])).toEqual([
      '2026-11-23T05:00:30.000Z',
      '2026-11-23T05:01:30.000Z',
    ]);
  });
});
