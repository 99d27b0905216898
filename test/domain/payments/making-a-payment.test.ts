import { describe, expect, it } from '@jest/globals';
import { providers, rulesOf } from '../../../src/domain/methods/providers.js';
import { transactionId, wishId } from '../../../src/domain/payments/identity.js';
import { somebodyElses } from '../../../src/domain/payments/observation.js';
import { givenPayment, hours, PaymentStory, shows, wait } from './payment-story.js';
import {
  atStage,
  charged,
  chargeAnswered,
  chargeNotSent,
  chargeRefused,
  chargeWish,
  giveUp,
  initiate,
  lookedUp,
  observed,
  openPage,
  order,
  request,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { event, failed, moved, wish } from './written.js';

const attempted = wish({ type: 'ChargeAttempted', wishId: chargeWish });
const initiated = (provider: 'bca' | 'ovo' | 'snap', expiresAt: string, change: Parameters<typeof order>[1] = {}) =>
  wish({ type: 'PaymentInitiated', ...order(provider, change), wishId: chargeWish, expiresAt });
const bca = { paymentType: 'bank_transfer', provider: 'bca' } as const;
const another = transactionId('tx-2');
const tooLate = 'It could not be sent to Midtrans for too long';

describe('making a payment', () => {
  it('puts the wish on record, with the time that its caller has and the default expiry of the method', () => {
    PaymentStory.start.when(initiate('bca')).thenWrites(initiated('bca', '2026-11-24T05:00:00.000Z'));
    PaymentStory.start.when(initiate('ovo')).thenWrites(initiated('ovo', '2026-11-23T05:01:05.000Z'));
  });

  it('waits as long as the order asks for', () => {
    const change = { expiry: { duration: 2, unit: 'day' } } as const;
    PaymentStory.start.when(initiate('bca', change)).thenWrites(initiated('bca', '2026-11-25T05:00:00.000Z', change));
  });

  it("lets a page end by its own expiry first, then by the order's", () => {
    const change = {
      expiry: { duration: 2, unit: 'day' },
      details: { page_expiry: { duration: 3, unit: 'hour' } },
    } as const;
    PaymentStory.start.when(initiate('snap', change)).thenWrites(initiated('snap', '2026-11-23T08:00:00.000Z', change));
  });

  it('shows an order without an answer as initiated and in doubt', () =>
    givenPayment(initiate()).thenShows({
      status: 'initiated',
      paid: false,
      inDoubt: true,
      captured: 0,
      refunded: 0,
      refundable: 0,
    }));

  it('takes the status that Midtrans answers with', () =>
    givenPayment(initiate())
      .when(chargeAnswered(transaction('pending')))
      .thenWrites(
        moved('PaymentPending', transaction('pending')),
        shows({ status: 'pending', paid: false, inDoubt: false }),
      ));

  it('takes the answer for ours even when it names neither wish nor time nor bank', () => {
    const bare = transaction('pending', null, { wishId: null, transactionTime: null, paymentType: 'credit_card' });
    givenPayment(initiate('google_pay')).when(chargeAnswered(bare)).thenWrites(moved('PaymentPending', bare));
  });

  it('has no payment to act on before one was initiated', () => {
    PaymentStory.start.when(request('Cancel')).thenRejected({ code: 'unknown-payment' });
    PaymentStory.start.when(requestRefund(1)).thenRejected({ code: 'unknown-payment' });
  });
});

describe('the same order again', () => {
  it('is the same payment while the charge is on its way, in doubt, made or refused', () => {
    givenPayment(initiate()).when(initiate()).thenNothing();
    givenPayment(initiate(), unanswered(), wait(hours(1)))
      .when(initiate())
      .thenNothing();
    givenPayment(...charged('pending'))
      .when(initiate())
      .thenNothing();
    givenPayment(...charged('cancel'))
      .when(initiate())
      .thenNothing();
    givenPayment(initiate(), chargeRefused('request', 400)).when(initiate()).thenNothing();
  });

  it('is refused to another user and with another body', () => {
    givenPayment(initiate())
      .when(initiate('bca', { userId: 'user-2' }))
      .thenRejected({ code: 'order-id-taken' });
    givenPayment(initiate(), chargeNotSent())
      .when(initiate('bca', { fingerprint: 'another' }))
      .thenRejected({ code: 'order-id-taken' });
  });
});

describe('a charge that was not sent', () => {
  it.each(['unreachable', 'rate_limited', 'circuit_open'] as const)(
    'stays initiated without doubt when Midtrans is %s',
    (because) =>
      givenPayment(initiate())
        .when(chargeNotSent(because))
        .thenWrites(
          event({ type: 'ChargeNotSent', because, statusCode: null, message: 'connection refused' }),
          shows({ status: 'initiated', inDoubt: false }),
        ),
  );

  it('burns no order id when Midtrans refuses our account', () =>
    givenPayment(initiate())
      .when(chargeRefused('account', 401))
      .thenWrites(
        event({ type: 'ChargeNotSent', because: 'account', statusCode: 401, message: 'Midtrans says 401' }),
        shows({ status: 'initiated', inDoubt: false }),
      ));

  it.each([
    ['not sent', chargeNotSent()],
    ['refused because of our account', chargeRefused('account', 402)],
  ])('is attempted again by the same request when it was %s', (_, outcome) =>
    givenPayment(initiate(), outcome, wait(hours(23)))
      .when(initiate())
      .thenWrites(attempted),
  );

  it('may be attempted any number of times within 24 hours', () =>
    givenPayment(initiate(), chargeNotSent(), initiate(), chargeNotSent(), initiate(), chargeNotSent())
      .when(initiate())
      .thenWrites(attempted));

  it('is not attempted by two at once', () =>
    givenPayment(initiate(), chargeNotSent(), initiate()).when(initiate()).thenNothing());

  it('fails when the same request comes 24 hours after the first', () =>
    givenPayment(initiate(), chargeNotSent(), wait(hours(24)))
      .when(initiate())
      .thenWrites(failed(bca, 'not_sent_in_time', null, tooLate), shows({ status: 'failure', inDoubt: false })));

  it('fails after 24 hours, and not before, when nobody asks again', () => {
    givenPayment(initiate(), chargeNotSent(), wait(hours(24) - 1))
      .when(giveUp)
      .thenNothing();
    givenPayment(initiate(), chargeNotSent(), wait(hours(24)))
      .when(giveUp)
      .thenWrites(failed(bca, 'not_sent_in_time', null, tooLate));
  });

  it('expires so long after its last attempt as Midtrans lets the customer wait', () => {
    const story = givenPayment(initiate(), chargeNotSent(), wait(hours(20)), initiate());
    expect(story.payment.expiresAt).toBe('2026-11-25T01:00:00.000Z');
  });

  it('knows no action', () =>
    givenPayment(initiate(), chargeNotSent())
      .when(request('Cancel'))
      .thenRejected({ code: 'action-not-allowed', action: 'Cancel', status: 'initiated' }));

  it('is taken with an alarm when Midtrans turns out to know it', () =>
    givenPayment(initiate(), chargeNotSent())
      .when(atStage('settlement'))
      .thenShows({ status: 'settlement', paid: true, captured: 10_000 }));

  it('stays in doubt when an earlier send went unanswered', () => {
    const stillInDoubt = event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'connection refused' });
    givenPayment(initiate(), unanswered())
      .when(chargeNotSent())
      .thenWrites(stillInDoubt, shows({ inDoubt: true }));
    givenPayment(initiate(), unanswered())
      .when(chargeRefused('account', 401))
      .thenWrites(event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'Midtrans says 401' }));
  });
});

describe('a charge that Midtrans refuses', () => {
  it.each(['request', 'state'] as const)('is failure when it was because of the %s', (because) =>
    givenPayment(initiate())
      .when(chargeRefused(because, 400))
      .thenWrites(
        failed(bca, 'rejected', 400, 'Midtrans says 400'),
        shows({ status: 'failure', inDoubt: false, paid: false }),
      ),
  );

  it('is no failure when its transaction was observed meanwhile: what was seen stands', () => {
    for (const because of ['request', 'account', 'state', 'conflict'] as const)
      givenPayment(initiate(), atStage('pending')).when(chargeRefused(because, 406)).thenNothing();
    givenPayment(initiate(), atStage('pending')).when(chargeNotSent()).thenNothing();
  });
});

describe('an order id that Midtrans knows from elsewhere', () => {
  const foreign = transaction('settlement', 'bca', { wishId: wishId('wish-of-another-system') });
  const message = 'Midtrans knows this order id from transaction tx-1, which is not ours';
  const foreignAlarm = event({
    type: 'GatewayContradiction',
    kind: 'foreign_transaction',
    transactionId: foreign.transactionId,
    detail: 'settlement',
  });

  it('fails the payment when our first send is answered with 406', () =>
    givenPayment(initiate())
      .when(chargeRefused('conflict', 406))
      .thenWrites(failed(bca, 'gateway_order_id_taken', 406, 'Midtrans says 406'), shows({ status: 'failure' })));

  it('fails the payment too when an earlier attempt never left us', () =>
    givenPayment(initiate(), chargeNotSent(), initiate())
      .when(chargeRefused('conflict', 406))
      .thenWrites(failed(bca, 'gateway_order_id_taken', 406, 'Midtrans says 406')));

  it('may be our own when the 406 answers a repeat, or follows an unanswered send: in doubt until somebody has looked', () => {
    const doubt = event({ type: 'GatewayUnanswered', wishId: chargeWish, message: 'Midtrans says 406' });
    givenPayment(initiate())
      .when(chargeRefused('conflict', 406, false))
      .thenWrites(doubt, shows({ status: 'initiated', inDoubt: true }));
    givenPayment(initiate(), unanswered()).when(chargeRefused('conflict', 406)).thenWrites(doubt);
  });

  it('is never adopted when it bears another wish, and takes our order id, with an alarm', () =>
    givenPayment(initiate(), unanswered())
      .when(lookedUp(foreign))
      .thenWrites(
        foreignAlarm,
        failed(bca, 'gateway_order_id_taken', null, message),
        shows({ status: 'failure', captured: 0 }),
      ));

  it('fails a payment whose charge was not sent', () =>
    givenPayment(initiate(), chargeNotSent())
      .when(lookedUp(foreign))
      .thenWrites(foreignAlarm, failed(bca, 'gateway_order_id_taken', null, message)));

  it('is only an alarm beside our own transaction, and only once', () => {
    const other = { ...foreign, transactionId: another };
    const story = givenPayment(...charged('pending')).when(lookedUp(other));
    story.thenWrites(
      event({
        type: 'GatewayContradiction',
        kind: 'foreign_transaction',
        transactionId: other.transactionId,
        detail: 'settlement',
      }),
    );
    story.thenShows({ status: 'pending', captured: 0 });
    story.when(observed(other)).thenNothing();
  });

  it('is never adopted when it bears what no wish of ours can be, however much it resembles ours', () =>
    givenPayment(initiate(), unanswered())
      .when(lookedUp({ ...foreign, wishId: somebodyElses }))
      .thenWrites(foreignAlarm, failed(bca, 'gateway_order_id_taken', null, message), shows({ status: 'failure' })));

  it.each(providers.filter((provider) => rulesOf(provider).echoesWish && provider !== 'snap'))(
    'is never adopted when it bears no wish, since %s would have brought ours back',
    (provider) =>
      givenPayment(initiate(provider), unanswered())
        .when(lookedUp(transaction('settlement', provider, { wishId: null })))
        .thenShows({ status: 'failure', captured: 0 }),
  );

  it.each(['bca', 'dana', 'gopay', null] as const)('is not picked on our page when it bears no wish (%s)', (provider) =>
    givenPayment(...openPage)
      .when(observed(transaction('settlement', provider, { wishId: null })))
      .thenShows({ status: 'pending', captured: 0 }),
  );

  it('is not what the answer to our charge named: that one is ours whatever it bears', () =>
    givenPayment(initiate(), chargeAnswered(transaction('pending', 'bca', { wishId: null })))
      .when(lookedUp(transaction('settlement', 'bca', { wishId: null }), 'pending'))
      .thenShows({ status: 'settlement', captured: 10_000 }));

  it('is not made ours by resembling ours after a first send was answered with 406', () =>
    givenPayment(initiate(), chargeRefused('conflict', 406))
      .when(observed(transaction('settlement', 'bca', { wishId: null })))
      .thenShows({ status: 'failure', captured: 0 }));

  it('is not a second transaction of a method that makes one', () =>
    givenPayment(...charged('pending'))
      .when(observed(transaction('settlement', 'bca', { wishId: null, transactionId: another })))
      .thenShows({ status: 'pending', captured: 0 }));
});
