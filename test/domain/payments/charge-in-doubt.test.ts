import { describe, expect, it } from '@jest/globals';
import { durations } from '../../../src/domain/payments/durations.js';
import { givenPayment, hours, minutes, seconds, shows, wait, type Step } from './payment-story.js';
import {
  absent,
  atStage,
  charged,
  chargeAnswered,
  chargeWish,
  claimCharge,
  initiate,
  lookedUp,
  observed,
  request,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, asked, event, moved, settled } from './written.js';

const inDoubt: readonly Step[] = [initiate(), unanswered()];
const notMade = event({ type: 'ChargeNotMade' });
const givenUp: readonly Step[] = [...inDoubt, wait(minutes(10)), absent, wait(minutes(1)), absent];

describe('a charge without an answer', () => {
  it('is in doubt, and says so once', () => {
    givenPayment(initiate(), wait(seconds(25)))
      .when(unanswered())
      .thenWrites(
        event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'no answer within 25 s' }),
        shows({ status: 'initiated', inDoubt: true }),
      );
    givenPayment(...inDoubt)
      .when(unanswered())
      .thenNothing();
  });

  it.each(['Capture', 'Cancel', 'Expiry', 'Approval', 'Denial'] as const)('lets nobody ask for %s', (action) =>
    givenPayment(...inDoubt)
      .when(request(action))
      .thenRejected({ code: 'charge-in-doubt' }),
  );

  it('is settled by a look that finds it', () =>
    givenPayment(...inDoubt, wait(minutes(1)))
      .when(lookedUp(transaction('settlement')))
      .thenWrites(
        settled(transaction('settlement')),
        shows({ status: 'settlement', inDoubt: false, captured: 10_000 }),
      ));

  it('is settled by its late answer', () =>
    givenPayment(...inDoubt, wait(minutes(1)))
      .when(chargeAnswered(transaction('pending')))
      .thenWrites(moved('PaymentPending', transaction('pending')), shows({ inDoubt: false })));

  it('is never sent again when it may have moved money', () =>
    givenPayment(...inDoubt, wait(hours(2)))
      .when(claimCharge)
      .thenRejected({ code: 'attempt-not-due' }));
});

describe('a charge that Midtrans does not know', () => {
  it('is no news before ten minutes have passed since it was sent', () =>
    givenPayment(...inDoubt, wait(minutes(10) - 1))
      .when(absent)
      .thenWrites(asked(null, false)));

  it('counts as missing after ten minutes, and is still in doubt', () =>
    givenPayment(...inDoubt, wait(minutes(10)))
      .when(absent)
      .thenWrites(asked(null, true), shows({ status: 'initiated', inDoubt: true })));

  it('is still in doubt when it is missing again less than a minute later', () =>
    givenPayment(...inDoubt, wait(minutes(10)), absent, wait(minutes(1) - 1))
      .when(absent)
      .thenWrites(asked(null, true)));

  it('was not made when it is missing twice, a minute apart', () =>
    givenPayment(...inDoubt, wait(minutes(10)), absent, wait(minutes(1)))
      .when(absent)
      .thenWrites(notMade, shows({ status: 'failure', inDoubt: false, paid: false })));

  it('counts the minute from the first time that counted, not from the looks before or between', () => {
    const looks = [wait(minutes(9)), absent, wait(minutes(1)), absent, wait(seconds(30)), absent, wait(seconds(30))];
    givenPayment(...inDoubt, ...looks)
      .when(absent)
      .thenWrites(notMade);
    givenPayment(...inDoubt, wait(minutes(9)), absent, wait(minutes(1)))
      .when(absent)
      .thenWrites(asked(null, true));
  });

  it('is given up once', () =>
    givenPayment(...givenUp)
      .when(absent)
      .thenWrites(asked(null, false)));

  it('re-opens with an alarm when it turns up after all', () =>
    givenPayment(...givenUp)
      .when(observed(transaction('settlement')))
      .thenWrites(
        alarm('charge_turned_up', 'not_made'),
        settled(transaction('settlement')),
        shows({ status: 'settlement', paid: true, captured: 10_000 }),
      ));

  it('raises that alarm once', () =>
    givenPayment(...givenUp, atStage('pending'))
      .when(atStage('settlement'))
      .thenWrites(settled(transaction('settlement'))));

  it('says nothing about a transaction that was seen', () =>
    givenPayment(...charged('settlement'), wait(hours(1)))
      .when(absent)
      .thenWrites(asked(null, false), shows({ status: 'settlement' })));
});

describe('the durations of production', () => {
  it('are those of the design', () =>
    expect(durations).toStrictEqual({
      answerWithinMs: 30_000,
      lookAfterMs: [0, 30_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000],
      lookEveryMs: 3_600_000,
      alarmAfterMs: 3_600_000,
      absenceCountsAfterMs: 600_000,
      absenceRepeatedAfterMs: 60_000,
      chargeRetriesForMs: 86_400_000,
      refundRetriesForMs: 518_400_000,
      pageGoneAfterMs: 600_000,
      clocksDifferByMs: 300_000,
      confirmAgainAfterMs: [2_000, 8_000, 20_000],
      unansweredForMs: 3_600_000,
    }));
});
