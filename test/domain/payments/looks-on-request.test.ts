import { describe, expect, it } from '@jest/globals';
import { durations } from '../../../src/domain/payments/durations.js';
import { nextLookAt } from '../../../src/domain/payments/doubts.js';
import { wishId } from '../../../src/domain/payments/identity.js';
import { givenPayment, hours, minutes, seconds, shows, wait, type Step } from './payment-story.js';
import {
  absent,
  charged,
  initiate,
  lookedUp,
  observed,
  openPage,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, asked, event, moved, pageEnded, settled } from './written.js';

const reason = 'the customer says that he paid';
const byClerk = { asked: { reason } };
const missed: Step = { type: 'ObserveAbsence', ...byClerk };
const notTold: Step = { type: 'RecordLookUnanswered', ...byClerk };

describe('a look that a person asked for', () => {
  it('is on record with its reason when it brings no news', () =>
    givenPayment(...charged('pending'))
      .when(observed(transaction('pending'), byClerk))
      .thenWrites(asked('pending', false, 'tx-1', reason), shows({ status: 'pending' })));

  it('is on record when no reason was given', () =>
    givenPayment(...charged('pending'))
      .when(observed(transaction('pending'), { asked: { reason: null } }))
      .thenWrites(asked('pending')));

  it('is on record before the news that it brought', () =>
    givenPayment(...charged('pending'))
      .when(observed(transaction('settlement'), byClerk))
      .thenWrites(
        asked('settlement', false, 'tx-1', reason),
        settled(transaction('settlement')),
        shows({ status: 'settlement' }),
      ));

  it('is on record before what settles a doubt, and before a contradiction', () => {
    givenPayment(initiate(), unanswered(), wait(minutes(1)))
      .when(observed(transaction('pending'), byClerk))
      .thenWrites(asked('pending', false, 'tx-1', reason), moved('PaymentPending', transaction('pending')));
    const foreign = transaction('settlement', 'bca', { wishId: wishId('another-wish') });
    givenPayment(...openPage)
      .when(observed(foreign, byClerk))
      .thenWrites(asked('settlement', false, 'tx-1', reason), alarm('foreign_transaction', 'settlement'));
  });

  it('is on record when Midtrans knows no transaction, and counts against a charge like any other look', () => {
    givenPayment(...openPage)
      .when(missed)
      .thenWrites(asked(null, false, null, reason));
    givenPayment(...openPage, wait(hours(25)))
      .when(missed)
      .thenWrites(asked(null, false, null, reason), pageEnded('PaymentExpired'));
    givenPayment(initiate(), wait(minutes(11)))
      .when(missed)
      .thenWrites(asked(null, true, null, reason));
    givenPayment(initiate(), wait(minutes(11)), absent, wait(minutes(1)))
      .when(missed)
      .thenWrites(asked(null, true, null, reason), event({ type: 'ChargeNotMade' }), shows({ status: 'failure' }));
  });

  it('is on record when Midtrans did not tell, and puts no other look off', () => {
    const refunding = givenPayment(...charged('settlement', 'gopay'), requestRefund(1), wait(seconds(40)));
    const before = nextLookAt(refunding.payment, durations);
    refunding.when(notTold).thenWrites(asked('unanswered', false, null, reason), shows({ inDoubt: true }));
    expect(nextLookAt(refunding.when(notTold).payment, durations)).toBe(before);
  });
});

describe('a look that nobody asked for', () => {
  it('leaves no trace without news', () => {
    givenPayment(...charged('pending'))
      .when(observed(transaction('pending')))
      .thenNothing();
    givenPayment(...charged('pending'))
      .when(lookedUp(transaction('settlement')))
      .thenWrites(settled(transaction('settlement')));
  });
});
