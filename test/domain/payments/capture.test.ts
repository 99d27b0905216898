import { describe, it } from '@jest/globals';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { transactionId, wishId } from '../../../src/domain/payments/identity.js';
import { givenPayment, seconds, shows, wait, type Step } from './payment-story.js';
import {
  actionNotSent,
  actionRefused,
  actionWish,
  atStage,
  charged,
  claimAction,
  initiate,
  lookedUp,
  observed,
  pageGiven,
  request,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, asked, event, moved, paid, settled, wish } from './written.js';

const anotherWish = wishId('another-wish');
const authorized = charged('authorize', 'credit_card');
const captureRequested = (amount: number) =>
  wish({
    type: 'CaptureRequested',
    wishId: actionWish,
    transactionId: transactionId('tx-1'),
    reason: 'a clerk asked',
    amount: rupiah(amount),
  });
const capture = (grossAmount: number) => transaction('capture', 'credit_card', { grossAmount: rupiah(grossAmount) });
const settlement = (grossAmount: number) =>
  transaction('settlement', 'credit_card', { grossAmount: rupiah(grossAmount) });
const capturing = (amount: number): readonly Step[] => [...authorized, request('Capture', amount)];

describe('capturing an authorized card', () => {
  it('asks for all that was authorized', () =>
    givenPayment(...authorized)
      .when(request('Capture'))
      .thenWrites(captureRequested(10_000), shows({ status: 'authorize', inDoubt: true, captured: 0 })));

  it('asks for less', () =>
    givenPayment(...authorized)
      .when(request('Capture', 1))
      .thenWrites(captureRequested(1)));

  it.each([10_001, 0])('refuses %d of 10000', (amount) =>
    givenPayment(...authorized)
      .when(request('Capture', amount))
      .thenRejected({ code: 'capture-exceeds-authorization', authorized: rupiah(10_000) }),
  );

  it('is done when Midtrans shows the capture', () =>
    givenPayment(...capturing(10_000))
      .when(observed(capture(10_000)))
      .thenWrites(
        paid('PaymentCaptured', capture(10_000)),
        shows({ status: 'capture', paid: true, inDoubt: false, captured: 10_000, refundable: 10_000 }),
      ));

  it.each([6_000, 10_000])('of 6000 has captured 6000 when Midtrans calls %d the gross amount', (gross) => {
    givenPayment(...capturing(6_000))
      .when(observed(capture(gross)))
      .thenWrites(paid('PaymentCaptured', capture(gross), 6_000), shows({ captured: 6_000, refundable: 6_000 }));
    givenPayment(...capturing(6_000), observed(capture(6_000)))
      .when(observed(settlement(gross)))
      .thenWrites(settled(settlement(gross), 6_000), shows({ status: 'settlement', captured: 6_000 }));
  });

  it('of 6000 is an alarm, and no capture, when Midtrans names a third amount', () =>
    givenPayment(...capturing(6_000))
      .when(observed(capture(7_000)))
      .thenWrites(alarm('amount_mismatch', '7000'), shows({ status: 'authorize', captured: 0 })));

  it('of less leaves less to refund', () =>
    givenPayment(...capturing(6_000), observed(settlement(6_000)))
      .when(requestRefund(6_001))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(6_000) }));

  it('can be tried again, for another amount, after the bank refused it', () => {
    const refused = event({
      type: 'CaptureRefused',
      wishId: actionWish,
      because: 'request',
      statusCode: 202,
      message: 'Midtrans says 202',
    });
    givenPayment(...capturing(6_000))
      .when(actionRefused('request', 202))
      .thenWrites(refused, shows({ status: 'authorize', inDoubt: false }));
    givenPayment(...capturing(6_000), actionRefused('request', 202))
      .when(request('Capture', 5_000))
      .thenWrites(captureRequested(5_000));
    givenPayment(...capturing(6_000), actionRefused('request', 202), request('Capture', 5_000))
      .when(observed(capture(6_000)))
      .thenWrites(alarm('amount_mismatch', '6000'));
  });

  it('leaves other tries of the customer their own amount', () => {
    const page: readonly Step[] = [initiate('snap'), pageGiven(), atStage('authorize', 'credit_card')];
    givenPayment(...page, request('Capture', 6_000), observed(capture(6_000)))
      .when(atStage('settlement', 'gopay', { transactionId: transactionId('tx-2') }))
      .thenShows({ captured: 10_000 });
  });
});

describe('a capture in doubt', () => {
  const inDoubt = [...capturing(10_000), unanswered(actionWish)];

  it('lets nobody ask for anything else', () => {
    givenPayment(...inDoubt)
      .when(request('Capture'))
      .thenNothing();
    givenPayment(...inDoubt)
      .when(request('Cancel', null, anotherWish))
      .thenRejected({ code: 'action-in-progress', action: 'Capture' });
    givenPayment(...inDoubt)
      .when(request('Capture', null, anotherWish))
      .thenRejected({ code: 'action-in-progress', action: 'Capture' });
  });

  it('is still in doubt when a look shows the state before', () =>
    givenPayment(...inDoubt, wait(seconds(30)))
      .when(lookedUp(transaction('authorize', 'credit_card'), 'authorize'))
      .thenWrites(asked('authorize'), shows({ inDoubt: true })));

  it('is sent again once its caller has had its time', () => {
    givenPayment(...inDoubt, wait(seconds(30) - 1))
      .when(claimAction)
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...inDoubt, wait(seconds(30)))
      .when(claimAction)
      .thenWrites(wish({ type: 'CaptureAttempted', wishId: actionWish }));
  });

  it('has happened when the settlement is the first that is seen of it', () =>
    givenPayment(...inDoubt)
      .when(observed(settlement(10_000)))
      .thenWrites(settled(settlement(10_000)), shows({ status: 'settlement', inDoubt: false, captured: 10_000 })));

  it.each(['cancel', 'expire', 'deny', 'failure'] as const)(
    'has not happened when the transaction ends as %s',
    (stage) => {
      const ended = givenPayment(...inDoubt).when(atStage(stage, 'credit_card'));
      ended.thenShows({ status: stage, inDoubt: false, captured: 0 });
    },
  );

  it('was overtaken by an end, which is on record', () => {
    const cancel = transaction('cancel', 'credit_card');
    givenPayment(...inDoubt)
      .when(observed(cancel))
      .thenWrites(
        moved('PaymentCancelled', cancel),
        event({
          type: 'CaptureRefused',
          wishId: actionWish,
          because: 'overtaken',
          statusCode: null,
          message: 'Midtrans has it as cancel meanwhile',
        }),
      );
  });

  it('of less is still known by its amount when a later attempt is declined, or it was overtaken: it may come through', () => {
    const less = [...capturing(6_000), unanswered(actionWish), wait(seconds(30))];
    givenPayment(...less, claimAction, actionRefused('request', 202))
      .when(observed(capture(6_000)))
      .thenWrites(paid('PaymentCaptured', capture(6_000)), shows({ status: 'capture', paid: true, captured: 6_000 }));
    givenPayment(...capturing(6_000), atStage('challenge', 'credit_card'))
      .when(observed(capture(6_000)))
      .thenShows({ status: 'capture', paid: true, captured: 6_000 });
  });

  it('is not settled by a later attempt that was not sent', () => {
    const doubt = event({ type: 'GatewayUnanswered', wishId: actionWish, message: 'connection refused' });
    givenPayment(...capturing(10_000), wait(seconds(30)), claimAction)
      .when(actionNotSent())
      .thenWrites(doubt, shows({ inDoubt: true }));
  });
});

describe('a capture that was not sent', () => {
  it('is over, and may be asked for again', () => {
    givenPayment(...capturing(6_000))
      .when(actionNotSent())
      .thenWrites(
        event({
          type: 'CaptureNotSent',
          wishId: actionWish,
          because: 'unreachable',
          statusCode: null,
          message: 'connection refused',
        }),
        shows({ status: 'authorize', inDoubt: false }),
      );
    givenPayment(...capturing(6_000), actionNotSent())
      .when(request('Capture'))
      .thenWrites(captureRequested(10_000));
  });
});

describe('the same capture again', () => {
  it('is carried out already', () =>
    givenPayment(...capturing(10_000), observed(capture(10_000)))
      .when(request('Capture'))
      .thenNothing());

  it('is another wish under another key, and not allowed any more', () =>
    givenPayment(...capturing(10_000), observed(capture(10_000)))
      .when(request('Capture', null, anotherWish))
      .thenRejected({ code: 'action-not-allowed', action: 'Capture', status: 'capture' }));

  it('is nothing that a late answer could undo', () => {
    givenPayment(...capturing(10_000), observed(capture(10_000)))
      .when(actionRefused())
      .thenNothing();
    givenPayment(...capturing(10_000), observed(capture(10_000)))
      .when(actionNotSent())
      .thenNothing();
  });
});
