import { describe, expect, it } from '@jest/globals';
import { doubtSince, nextLookAt, nextVisitAt } from '../../../src/domain/payments/doubts.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { after, msBetween } from '../../../src/domain/time/instant.js';
import {
  days,
  firstMoment,
  givenPayment,
  hours,
  minutes,
  seconds,
  wait,
  type PaymentStory,
  type Step,
} from './payment-story.js';
import {
  absent,
  atStage,
  charged,
  chargeNotSent,
  claimAction,
  claimRefund,
  giveUp,
  initiate,
  lookedUp,
  observed,
  openPage,
  refundAccepted,
  request,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';

/** Milliseconds from the story's first moment to the next look; null: nobody has to look. */
const nextLook = (story: PaymentStory): number | null => {
  const at = nextLookAt(story.payment, durations);
  return at === null ? null : msBetween(firstMoment, at);
};

const answerBy = seconds(30);

/** design D3: looks after 0 (from answer_by), 30 s, 2, 5, 10, 30 min, then hourly; the first of them is when a person is told. */
const schedule = [
  0, seconds(30), minutes(2), minutes(5), minutes(10), minutes(30), hours(1), hours(2), hours(3),
].map((offset) => answerBy + offset); // prettier-ignore

/** Looks, each at its time, and what follows each. */
const looksFollowedBy = (looks: number, look: Step): readonly Step[] =>
  schedule.slice(0, looks).flatMap((at, index) => [wait(at - (schedule[index - 1] ?? 0)), look]);

describe('when somebody has to look', () => {
  it.each(schedule.map((at, looks) => ({ at, looks })))(
    'is $at ms after an action was asked for, after $looks looks',
    ({ at, looks }) => {
      const cancelling = [...charged('pending'), request('Cancel')];
      const look = lookedUp(transaction('pending'), 'pending');
      expect(nextLook(givenPayment(...cancelling, ...looksFollowedBy(looks, look)))).toBe(at);
    },
  );

  it.each(schedule.map((at, looks) => ({ at, looks })))(
    'is $at ms after a refund was asked for, after $looks looks',
    ({ at, looks }) => {
      const refunding = [...charged('settlement', 'gopay'), requestRefund(4_000)];
      const look = lookedUp(transaction('settlement', 'gopay'), 'settlement');
      expect(nextLook(givenPayment(...refunding, ...looksFollowedBy(looks, look)))).toBe(at);
    },
  );

  it.each(schedule.slice(0, 5).map((at, looks) => ({ at, looks })))(
    'is $at ms after a charge went out, after $looks looks',
    ({ at, looks }) =>
      expect(nextLook(givenPayment(initiate(), unanswered(), ...looksFollowedBy(looks, absent)))).toBe(at),
  );

  it('is a minute after a charge was first missing for long enough', () =>
    expect(nextLook(givenPayment(initiate(), ...looksFollowedBy(5, absent)))).toBe(answerBy + minutes(11)));

  it('is not before the one who claimed it had its time', () => {
    const cancelling = [...charged('pending'), request('Cancel'), wait(seconds(40)), claimAction];
    expect(nextLook(givenPayment(...cancelling))).toBe(seconds(70));
    const refunding = [...charged('settlement', 'gopay'), requestRefund(1), wait(seconds(40)), claimRefund()];
    expect(nextLook(givenPayment(...refunding))).toBe(seconds(70));
  });

  it('is not put off by looking before the caller\u2019s time is up', () =>
    expect(nextLook(givenPayment(initiate(), wait(seconds(10)), absent))).toBe(answerBy));

  it('is a day after the first try of a charge that was not sent', () =>
    expect(nextLook(givenPayment(initiate(), chargeNotSent(), initiate(), chargeNotSent()))).toBe(hours(24)));

  it('is ten minutes after the end of a page on which nothing was picked', () => {
    expect(nextLook(givenPayment(...openPage))).toBe(hours(24) + minutes(10));
    expect(nextLook(givenPayment(...openPage, atStage('pending', 'bca')))).toBeNull();
    expect(nextLook(givenPayment(...openPage, wait(hours(25)), absent))).toBeNull();
  });

  it('is at the end of the page too when a try on it was denied: there may be another that nobody told us of', () => {
    const denied = [...openPage, atStage('deny', 'credit_card')];
    expect(nextLook(givenPayment(...denied))).toBe(hours(24) + minutes(10));
    const newest = observed(transaction('deny', 'credit_card'), { isNewest: true });
    expect(nextLook(givenPayment(...denied, wait(hours(25)), newest))).toBeNull();
  });

  it('is the earliest of several', () => {
    const two = [...charged('settlement', 'gopay'), requestRefund(1), wait(seconds(5)), requestRefund(2, 'r-2')];
    expect(nextLook(givenPayment(...two))).toBe(seconds(30));
    expect(nextLook(givenPayment(...two, refundAccepted(1)))).toBe(seconds(35));
  });

  it('is never when nothing is in doubt', () => {
    for (const stage of [
      'pending',
      'authorize',
      'capture',
      'settlement',
      'deny',
      'cancel',
      'expire',
      'failure',
    ] as const)
      expect(nextLook(givenPayment(...charged(stage, 'credit_card')))).toBeNull();
  });

  it('is never for a refund that a person was asked about', () => {
    const abandoned = [...charged('settlement', 'gopay'), requestRefund(1), wait(days(7)), giveUp];
    expect(nextLook(givenPayment(...abandoned))).toBeNull();
  });
});

describe('when a doubt is old enough for an alarm', () => {
  const cancelling = [...charged('pending'), request('Cancel')];
  const look = lookedUp(transaction('pending'), 'pending');
  const visit = (story: PaymentStory, lastEvent: number): number | null => {
    const at = nextVisitAt(story.payment, after(firstMoment, lastEvent), durations);
    return at === null ? null : msBetween(firstMoment, at);
  };

  it('somebody has to look, however often it was looked at before', () => {
    const early = [wait(minutes(2)), ...Array.from({ length: 9 }, () => look)];
    const story = givenPayment(...cancelling, ...early);
    expect(nextLook(story)).toBe(answerBy + hours(4));
    expect(visit(story, minutes(2))).toBe(answerBy + hours(1));
  });

  it('and not again once something was put on record since', () => {
    const story = givenPayment(...cancelling, ...looksFollowedBy(9, look));
    expect(visit(story, answerBy + hours(1) - 1)).toBe(answerBy + hours(1));
    expect(visit(story, answerBy + hours(1))).toBe(nextLook(story));
  });

  it('but not sooner than planned where a look is planned before, and never where nothing is in doubt', () => {
    expect(visit(givenPayment(...cancelling), 0)).toBe(answerBy);
    expect(visit(givenPayment(...charged('settlement')), 0)).toBeNull();
  });
});

describe('since when a payment is in doubt', () => {
  const since = (...steps: readonly Step[]) => doubtSince(givenPayment(...steps).payment);

  it('is when the first caller\u2019s time was up, whoever tried since', () => {
    expect(since(initiate())).toBe('2026-11-23T05:00:30.000Z');
    expect(since(...charged('pending'), request('Cancel'), wait(minutes(5)), claimAction)).toBe(
      '2026-11-23T05:00:30.000Z',
    );
    expect(since(...charged('settlement', 'gopay'), wait(minutes(1)), requestRefund(1))).toBe(
      '2026-11-23T05:01:30.000Z',
    );
  });

  it('is never when it is not', () => {
    expect(since(initiate(), chargeNotSent())).toBeNull();
    expect(since(...charged('settlement'))).toBeNull();
  });
});
