import { describe, expect, it } from '@jest/globals';
import { DoubtAlarms } from '../../../src/application/payments/doubt-alarms.js';
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
  return { clock, journal, started: () => new DoubtAlarms(records, clock, journal, durations) };
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

  it('is told rather twice than never when a process dies as it tells it', async () => {
    const { records } = inMemory();
    const clock = new ToldClock();
    const journal = new MemoryJournal();
    await clock.sleep(hours(2));
    const dying = { get: () => Promise.resolve(undefined), insertIfAbsent: () => Promise.reject(new Error('died')) };
    await expect(new DoubtAlarms(dying, clock, journal, durations).raiseWhenOld(asIs(firstDoubt))).rejects.toThrow(
      'died',
    );
    expect(await new DoubtAlarms(records, clock, journal, durations).raiseWhenOld(asIs(firstDoubt))).toBe(true);
    expect(await new DoubtAlarms(records, clock, journal, durations).raiseWhenOld(asIs(firstDoubt))).toBe(false);
    expect(journal.entries.map(({ fields }) => fields['alarm'])).toEqual(['in_doubt_too_long', 'in_doubt_too_long']);
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
