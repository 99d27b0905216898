import { describe, expect, it } from '@jest/globals';
import { transactionId } from '../../../src/domain/payments/identity.js';
import { givenPayment, hours, minutes, seconds, shows, wait, type Step } from './payment-story.js';
import {
  absent,
  actionNotSent,
  actionRefused,
  actionWish,
  atStage,
  cancelPending,
  chargeNotSent,
  chargeRefused,
  chargeWish,
  claimAction,
  claimCharge,
  initiate,
  observed,
  openPage,
  pageClosed,
  pageGiven,
  request,
  requestRefund,
  toSendAt,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, asked, event, moved, pageEnded, pageShown, settled, wish } from './written.js';

const tryOf = (id: string, at = '2026-11-23T05:01:00.000Z') => ({
  transactionId: transactionId(id),
  transactionTime: at,
});
const requested = (action: 'Cancel' | 'Expiry') =>
  wish({
    type: `${action}Requested`,
    wishId: actionWish,
    transactionId: null,
    reason: 'a clerk asked',
    amount: null,
  });
const refusedAs = (action: 'Cancel' | 'Expiry', message: string) =>
  event({
    type: `${action}Refused`,
    wishId: actionWish,
    because: 'overtaken',
    statusCode: null,
    message,
  });
const attempted = wish({ type: 'ChargeAttempted', wishId: chargeWish });

describe('a hosted page', () => {
  it('is pending as soon as it has its token', () =>
    givenPayment(initiate('snap'))
      .when(pageGiven())
      .thenWrites(pageShown('PaymentPending'), shows({ status: 'pending', inDoubt: false })));

  it('is asked for again, after its caller had time to answer, when its answer was lost', () => {
    givenPayment(initiate('snap'), unanswered(), wait(seconds(30) - 1))
      .when(claimCharge)
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(initiate('snap'), unanswered(), wait(seconds(30)))
      .when(claimCharge)
      .thenWrites(attempted);
    givenPayment(initiate('dana'), unanswered(), wait(seconds(30)))
      .when(claimCharge)
      .thenWrites(attempted);
  });

  it('is asked for by one at a time', () =>
    givenPayment(initiate('snap'), wait(seconds(30)), claimCharge, wait(seconds(29)))
      .when(claimCharge)
      .thenRejected({ code: 'attempt-not-due' }));

  it('is not asked for again once it is there', () =>
    givenPayment(...openPage, wait(hours(1)))
      .when(claimCharge)
      .thenRejected({ code: 'attempt-not-due' }));

  it('lives from its last send on, once it is there', () => {
    const story = givenPayment(initiate('snap'), unanswered(), wait(hours(5)), claimCharge, pageGiven());
    expect(story.payment.expiresAt).toBe('2026-11-24T10:00:00.000Z');
  });

  it('stays in doubt when only the second attempt was not sent, or came to our account being refused', () => {
    const second: readonly Step[] = [initiate('snap'), wait(seconds(30)), claimCharge];
    givenPayment(...second)
      .when(chargeNotSent())
      .thenWrites(
        event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'connection refused' }),
        shows({ inDoubt: true }),
      );
    for (const [because, code] of [
      ['account', 401],
      ['conflict', 406],
    ] as const)
      givenPayment(...second)
        .when(chargeRefused(because, code))
        .thenWrites(event({ type: 'GatewayUnanswered', wishId: chargeWish, message: `Midtrans says ${code}` }));
  });

  it('stays in doubt when it is only an earlier send that was refused', () =>
    givenPayment(initiate('snap'), wait(seconds(30)), claimCharge)
      .when(chargeRefused('request', 400, true, toSendAt(0)))
      .thenWrites(
        event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'Midtrans says 400' }),
        shows({ inDoubt: true }),
      ));

  it('keeps the newest token when two were asked for', () =>
    givenPayment(...openPage)
      .when(pageGiven('https://page.example/2'))
      .thenWrites(pageShown('ChargeAnswered', 'https://page.example/2')));

  it('is not missed at Midtrans while nothing was picked on it, however long its answer is missing', () => {
    givenPayment(initiate('snap'), unanswered(), wait(minutes(20)), absent, wait(minutes(2)))
      .when(absent)
      .thenWrites(asked(null, false));
    givenPayment(...openPage, wait(hours(23)))
      .when(absent)
      .thenWrites(asked(null, false), shows({ status: 'pending' }));
  });

  it('has expired when Midtrans knows nothing ten minutes after its end', () => {
    givenPayment(...openPage, wait(hours(24) + minutes(10) - 1))
      .when(absent)
      .thenWrites(asked(null, false));
    givenPayment(...openPage, wait(hours(24) + minutes(10)))
      .when(absent)
      .thenWrites(pageEnded('PaymentExpired'), shows({ status: 'expire', inDoubt: false }));
  });

  it('has expired ten minutes after its end when Midtrans knows the order id by a foreign transaction only', () => {
    const foreign = transaction('pending', 'bca', { wishId: actionWish });
    const disturbed = givenPayment(...openPage, wait(hours(24) + minutes(10) - 1));
    disturbed.when(observed(foreign)).thenWrites(alarm('foreign_transaction', 'pending'), shows({ status: 'pending' }));
    disturbed
      .when(observed(foreign), wait(1), observed(foreign))
      .thenWrites(pageEnded('PaymentExpired'), shows({ status: 'expire', inDoubt: false }));
    givenPayment(...openPage, request('Cancel'), wait(hours(25)))
      .when(observed(foreign))
      .thenWrites(
        alarm('foreign_transaction', 'pending'),
        pageEnded('PaymentExpired'),
        refusedAs('Cancel', 'Midtrans has it as expire meanwhile'),
      );
  });

  it('was not made when its answer never came and Midtrans knows nothing ten minutes after its end', () => {
    const unheard = givenPayment(initiate('snap'), unanswered(), wait(hours(24) + minutes(10) - 1));
    unheard.when(absent).thenWrites(asked(null, false), shows({ status: 'initiated', inDoubt: true }));
    unheard
      .when(wait(1), absent)
      .thenWrites(event({ type: 'ChargeNotMade' }), shows({ status: 'failure', inDoubt: false }));
    // Asking again gives it no more time.
    givenPayment(initiate('snap'), wait(hours(23)), claimCharge, wait(hours(2)))
      .when(absent)
      .thenWrites(event({ type: 'ChargeNotMade' }), shows({ status: 'failure', inDoubt: false }));
  });

  it('whose answer never came is asked for until its time is over, and no more', () => {
    const unheard = [initiate('snap'), wait(seconds(30)), claimCharge, wait(hours(24) + minutes(10) - seconds(30) - 1)];
    givenPayment(...unheard)
      .when(claimCharge)
      .thenWrites(attempted);
    givenPayment(...unheard, wait(1))
      .when(claimCharge)
      .thenRejected({ code: 'attempt-not-due' });
  });

  it('that could not be sent, and is asked for by its customer again, has all its time', () => {
    const again = givenPayment(initiate('snap'), chargeNotSent(), wait(hours(23)), initiate('snap'), unanswered());
    expect(again.payment.expiresAt).toBe('2026-11-25T04:00:00.000Z');
  });

  it('has not expired for want of a try while one is open or was paid', () => {
    for (const stage of ['pending', 'authorize', 'settlement', 'cancel'] as const)
      givenPayment(...openPage, atStage(stage, 'credit_card'), wait(hours(25)))
        .when(absent)
        .thenWrites(asked(null, false), shows({ status: stage }));
  });

  it.each(['deny', 'expire', 'failure'] as const)(
    'waits for another try after one ended as %s, until its end',
    (stage) => {
      const tried = [...openPage, atStage(stage, 'credit_card')];
      const newest = observed(transaction(stage, 'credit_card'), { isNewest: true });
      givenPayment(...tried, wait(hours(24) + minutes(10) - 1))
        .when(newest)
        .thenNothing();
      givenPayment(...tried, wait(hours(24) + minutes(10)))
        .when(newest)
        .thenWrites(pageEnded('PaymentExpired'), shows({ status: 'expire', inDoubt: false }));
      // Of the tries after it a look at this one says nothing.
      givenPayment(...tried, wait(hours(25)))
        .when(observed(transaction(stage, 'credit_card')))
        .thenNothing();
    },
  );

  it('has not expired when the look at its end finds another try', () =>
    givenPayment(...openPage, atStage('deny', 'credit_card'), wait(hours(25)))
      .when(observed(transaction('settlement', 'gopay', tryOf('tx-2')), { isNewest: true }))
      .thenShows({ status: 'settlement', paid: true }));

  it('has nothing to refund while nothing was picked on it', () =>
    givenPayment(...openPage)
      .when(requestRefund(1_000))
      .thenRejected({ code: 'not-refundable-now', status: 'pending' }));
});

describe('the tries of a customer on a page', () => {
  it('show the open one after a denied one', () =>
    givenPayment(...openPage, atStage('deny', 'credit_card', tryOf('tx-1')))
      .when(atStage('pending', 'bca', tryOf('tx-2')))
      .thenShows({ status: 'pending' }));

  it('show the paid one, whatever the others end as and whenever they are heard of', () => {
    const paid = [...openPage, atStage('settlement', 'gopay', tryOf('tx-2'))];
    for (const stage of ['deny', 'expire', 'cancel', 'failure', 'pending', 'authorize'] as const)
      givenPayment(...paid)
        .when(atStage(stage, 'bca', tryOf('tx-3', '2026-11-23T05:09:00.000Z')))
        .thenShows({ status: 'settlement', paid: true, captured: 10_000 });
  });

  it('show the last one when all have ended, by Midtrans\u2019 own clock and not by arrival', () => {
    const first = atStage('expire', 'bca', tryOf('tx-1', '2026-11-23T05:01:00.000Z'));
    const last = atStage('deny', 'credit_card', tryOf('tx-2', '2026-11-23T05:02:00.000Z'));
    givenPayment(...openPage, first, last).thenShows({ status: 'deny' });
    givenPayment(...openPage, last, first).thenShows({ status: 'deny' });
  });

  it('count as paid with a method that this service does not offer', () =>
    givenPayment(...openPage)
      .when(atStage('settlement', null))
      .thenShows({ status: 'settlement', paid: true, captured: 10_000, refundable: 0 }));

  it('are known before the page itself has answered', () => {
    const story = givenPayment(initiate('snap'), atStage('pending', 'bca'));
    story.thenShows({ status: 'pending', inDoubt: false });
    story.when(pageGiven()).thenWrites(pageShown('ChargeAnswered'), shows({ status: 'pending' }));
  });
});

describe('closing a page', () => {
  it.each([
    ['Cancel', 'PaymentCancelled', 'cancel'],
    ['Expiry', 'PaymentExpired', 'expire'],
  ] as const)('by %s ends it', (action, ended, status) => {
    givenPayment(...openPage)
      .when(request(action))
      .thenWrites(requested(action), shows({ inDoubt: true }));
    givenPayment(...openPage, request(action))
      .when(pageClosed())
      .thenWrites(pageEnded(ended), shows({ status, inDoubt: false }));
  });

  it.each(['deny', 'expire', 'failure'] as const)('is possible after a try that ended as %s', (stage) => {
    const tried = [...openPage, atStage(stage, 'credit_card')];
    givenPayment(...tried)
      .when(cancelPending)
      .thenWrites(requested('Cancel'));
    givenPayment(...tried, request('Cancel'))
      .when(pageClosed())
      .thenWrites(pageEnded('PaymentCancelled'), shows({ status: 'cancel', inDoubt: false }));
    givenPayment(...tried, request('Cancel'), pageClosed())
      .when(request('Cancel', null, chargeWish))
      .thenRejected({ code: 'action-not-allowed', action: 'Cancel', status: 'cancel' });
  });

  it('is of the try, not of the page, while one is open', () =>
    givenPayment(...openPage, atStage('deny', 'credit_card', tryOf('tx-1')), atStage('pending', 'bca', tryOf('tx-2')))
      .when(request('Cancel'))
      .thenWrites(
        wish({
          type: 'CancelRequested',
          wishId: actionWish,
          transactionId: transactionId('tx-2'),
          reason: 'a clerk asked',
          amount: null,
        }),
      ));

  it('is over for a page whose try was cancelled, or paid and given back', () => {
    for (const tries of [
      [atStage('cancel', 'bca')],
      [atStage('settlement', 'permata'), atStage('deny', 'permata')],
    ] as const)
      givenPayment(...openPage, ...tries)
        .when(request('Cancel'))
        .thenRejected({
          code: 'action-not-allowed',
          action: 'Cancel',
          status: tries.length === 1 ? 'cancel' : 'deny',
        });
  });

  it('in doubt is still asked for after a denied try', () =>
    givenPayment(...openPage, request('Cancel'), unanswered(actionWish))
      .when(atStage('deny', 'credit_card'))
      .thenShows({ status: 'deny', inDoubt: true }));

  it('is over once: the same outcome again, and another asking, change nothing', () => {
    givenPayment(...openPage, request('Cancel'), pageClosed())
      .when(pageClosed())
      .thenNothing();
    givenPayment(...openPage, request('Cancel'), pageClosed())
      .when(request('Expiry', null, chargeWish))
      .thenRejected({ code: 'action-not-allowed', action: 'Expiry', status: 'cancel' });
  });

  it('is overtaken when the customer picks a method', () =>
    givenPayment(...openPage, request('Cancel'))
      .when(observed(transaction('pending', 'bca')))
      .thenWrites(
        moved('PaymentPending', transaction('pending', 'bca')),
        refusedAs('Cancel', 'The customer has picked a method'),
        shows({ status: 'pending', inDoubt: false }),
      ));

  it('is overtaken when the page ends by itself', () => {
    const ended = givenPayment(...openPage, request('Cancel'), unanswered(actionWish), wait(hours(25))).when(absent);
    ended.thenWrites(
      pageEnded('PaymentExpired'),
      refusedAs('Cancel', 'Midtrans has it as expire meanwhile'),
      shows({ status: 'expire', inDoubt: false }),
    );
    ended.when(pageClosed()).thenNothing();
  });

  it('is reached when an expiry was asked for and the page ends by itself', () =>
    givenPayment(...openPage, request('Expiry'), wait(hours(25)))
      .when(absent)
      .thenWrites(pageEnded('PaymentExpired'), shows({ inDoubt: false })));

  it('says nothing of a transaction picked before it closed', () =>
    givenPayment(...openPage, request('Cancel'), atStage('settlement', 'bca'))
      .when(pageClosed())
      .thenNothing());

  it('leaves a payment made on it afterwards all the same', () => {
    const closed = [...openPage, request('Cancel'), pageClosed()];
    givenPayment(...closed)
      .when(observed(transaction('settlement', 'bca')))
      .thenWrites(settled(transaction('settlement', 'bca')), shows({ status: 'settlement', paid: true }));
    givenPayment(...closed, atStage('pending', 'bca'))
      .when(atStage('expire', 'bca'))
      .thenShows({ status: 'cancel' });
  });

  it('is not done by an outcome of a transaction, nor of another wish', () => {
    givenPayment(...openPage, atStage('pending', 'bca'), request('Cancel'))
      .when(pageClosed())
      .thenNothing();
    givenPayment(...openPage, request('Cancel'))
      .when(pageClosed(chargeWish))
      .thenNothing();
  });

  it('can be refused, not sent and tried again like every action', () => {
    givenPayment(...openPage, request('Cancel'))
      .when(actionRefused('request', 404))
      .thenShows({ status: 'pending' });
    givenPayment(...openPage, request('Cancel'), actionNotSent())
      .when(request('Cancel'))
      .thenWrites(requested('Cancel'));
    givenPayment(...openPage, request('Cancel'), wait(seconds(30)))
      .when(claimAction)
      .thenWrites(wish({ type: 'CancelAttempted', wishId: actionWish }));
  });
});
