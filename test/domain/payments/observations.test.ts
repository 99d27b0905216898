import { describe, it } from '@jest/globals';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { transactionId } from '../../../src/domain/payments/identity.js';
import { givenPayment, minutes, shows, wait } from './payment-story.js';
import {
  atStage,
  charged,
  chargeAnswered,
  initiate,
  lookedUp,
  observed,
  observedRefund,
  openPage,
  refundAccepted,
  refundStatus,
  request,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, asked, gatewayFailed, moved, paid, settled } from './written.js';

const unknown = (word: string) => ({ ...transaction('pending'), status: 'unknown' as const, statusWord: word });

describe('what Midtrans says of a transaction', () => {
  it.each([
    ['pending', 'PaymentPending'],
    ['authorize', 'PaymentAuthorized'],
    ['deny', 'PaymentDenied'],
    ['cancel', 'PaymentCancelled'],
    ['expire', 'PaymentExpired'],
  ] as const)('%s becomes %s', (status, type) =>
    givenPayment(initiate())
      .when(observed(transaction(status)))
      .thenWrites(moved(type, transaction(status)), shows({ status, paid: false, captured: 0 })),
  );

  it('capture becomes PaymentCaptured or PaymentChallenged, by its fraud status', () => {
    const of = (fraudStatus: 'accept' | 'challenge' | 'deny' | null) =>
      transaction('capture', 'credit_card', { fraudStatus });
    const card = givenPayment(initiate('credit_card'));
    const captured = shows({ status: 'capture', paid: true, captured: 10_000 });
    card.when(observed(of('accept'))).thenWrites(paid('PaymentCaptured', of('accept')), captured);
    card.when(observed(of(null))).thenWrites(paid('PaymentCaptured', of(null)), captured);
    card
      .when(observed(of('challenge')))
      .thenWrites(
        paid('PaymentChallenged', of('challenge')),
        shows({ status: 'capture', paid: false, captured: 0, refundable: 0 }),
      );
    card.when(observed(of('deny'))).thenWrites(moved('PaymentDenied', of('deny')), shows({ status: 'deny' }));
  });

  it('failure and settlement become theirs, a settlement at Midtrans\u2019 time, else at ours', () => {
    const failure = transaction('failure');
    givenPayment(initiate())
      .when(observed(failure))
      .thenWrites(gatewayFailed(failure), shows({ status: 'failure' }));
    for (const settlement of [transaction('settlement'), transaction('settlement', 'bca', { settlementTime: null })])
      givenPayment(initiate(), wait(minutes(3)))
        .when(observed(settlement))
        .thenWrites(settled(settlement), shows({ status: 'settlement', paid: true, captured: 10_000 }));
  });

  it('changes nothing when it comes again, or late', () => {
    for (const late of [
      'settlement',
      'capture',
      'authorize',
      'pending',
      'cancel',
      'expire',
      'deny',
      'failure',
    ] as const)
      givenPayment(...charged('settlement', 'credit_card'))
        .when(atStage(late, 'credit_card'))
        .thenNothing();
    givenPayment(...charged('expire'))
      .when(atStage('pending'))
      .thenNothing();
  });

  it('adds what the customer needs when it is the charge\u2019s own answer, though the status was seen before', () => {
    const answer = transaction('pending', 'bca', { details: { va_number: '123' } });
    givenPayment(initiate(), atStage('settlement'))
      .when(chargeAnswered(answer))
      .thenWrites(moved('ChargeAnswered', answer), shows({ status: 'settlement' }));
  });

  it('does so too when the answer cannot be understood', () => {
    const answer = { ...unknown('reticulated'), details: { va_number: '123' } };
    givenPayment(initiate())
      .when(chargeAnswered(answer))
      .thenWrites(
        alarm('unknown_status', 'reticulated'),
        moved('ChargeAnswered', answer),
        shows({ status: 'initiated', inDoubt: true }),
      );
  });

  it('seals what is personal of it', () => {
    const personalDetails = { payer_phone_number: '+62811' };
    const told = transaction('pending', 'ovo', { personalDetails });
    givenPayment(initiate('ovo'))
      .when(observed(told))
      .thenWrites((now) => ({ ...moved('PaymentPending', told)(now), personal: personalDetails }) as never);
  });
});

describe('a look at Midtrans', () => {
  it('is on record when it brings no news and somebody wants it there', () => {
    givenPayment(...charged('pending'))
      .when(lookedUp(transaction('pending'), 'pending'))
      .thenWrites(asked('pending'));
    givenPayment(...charged('pending'))
      .when(observed(transaction('pending')))
      .thenNothing();
  });

  it('is on record too when it brings the same trouble again, so that the next one waits its turn', () => {
    const inDoubt = [initiate(), unanswered(), wait(minutes(1))];
    const mismatch = lookedUp(transaction('pending', 'bca', { grossAmount: rupiah(1) }));
    givenPayment(...inDoubt, mismatch)
      .when(mismatch)
      .thenWrites(asked('pending'));
    givenPayment(...inDoubt, lookedUp(unknown('x')))
      .when(lookedUp(unknown('x')))
      .thenWrites(asked('unknown'));
  });
});

describe('what contradicts us', () => {
  it('is an alarm when it is confirmed, moves nothing, and is on record once', () => {
    const expired = lookedUp(transaction('expire'), 'settlement');
    const story = givenPayment(...charged('settlement')).when(expired);
    story.thenWrites(alarm('status_fell', 'expire'), shows({ status: 'settlement', paid: true }));
    story.when(expired).thenWrites(asked('expire'));
  });

  it('may be another end than ours', () =>
    givenPayment(...charged('cancel'))
      .when(lookedUp(transaction('expire'), 'cancel'))
      .thenWrites(alarm('status_fell', 'expire'), shows({ status: 'cancel' })));

  it('is nothing when we learned of it only after Midtrans was asked', () =>
    givenPayment(...charged('pending'), atStage('settlement'))
      .when(lookedUp(transaction('pending'), 'pending'))
      .thenWrites(asked('pending'), shows({ status: 'settlement' })));

  it('is a word we have never seen, which moves nothing', () => {
    givenPayment(...charged('pending'))
      .when(observed(unknown('reticulated')))
      .thenWrites(alarm('unknown_status', 'reticulated'), shows({ status: 'pending' }));
    givenPayment(...charged('pending'), observed(unknown('reticulated')))
      .when(observed(unknown('reticulated')))
      .thenNothing();
    givenPayment(...charged('pending'), observed(unknown('reticulated')))
      .when(observed(unknown('splined')))
      .thenWrites(alarm('unknown_status', 'splined'));
  });

  it('is an amount that is not the order\u2019s: neither status nor refunds are taken from it', () => {
    const told = refundStatus('refund', [observedRefund('a', 10_000)], 'gopay', { grossAmount: rupiah(10_001) });
    givenPayment(...charged('pending', 'gopay'))
      .when(observed(told))
      .thenWrites(alarm('amount_mismatch', '10001'), shows({ status: 'pending', captured: 0, refunded: 0 }));
    givenPayment(...charged('pending', 'gopay'), observed(told))
      .when(observed(told))
      .thenNothing();
  });
});

describe('an order paid twice', () => {
  const second = { transactionId: transactionId('tx-2'), transactionTime: '2026-11-23T05:09:00.000Z' };
  const first = atStage('settlement', 'gopay');
  const again = atStage('settlement', 'gopay', second);

  it('is an alarm that names both, once, whichever of them is heard of again', () => {
    givenPayment(...openPage, first)
      .when(again)
      .thenWrites(
        settled(transaction('settlement', 'gopay', second)),
        alarm('paid_twice', 'tx-1 tx-2', null),
        shows({ status: 'settlement', captured: 10_000 }),
      );
    givenPayment(...openPage, first, again)
      .when(first)
      .thenNothing();
    givenPayment(...openPage, first, again)
      .when(again)
      .thenNothing();
  });

  it('still shows as paid when one of the two was given back, and lets the other be refunded', () => {
    const oneGivenBack = [...openPage, first, again, requestRefund(null), refundAccepted(10_000)];
    givenPayment(...oneGivenBack).thenShows({ status: 'settlement', paid: true, refunded: 0, refundable: 10_000 });
    givenPayment(...oneGivenBack, requestRefund(null, 'r-2'), refundAccepted(10_000, 'r-2')).thenShows({
      status: 'refund',
      paid: false,
      refunded: 10_000,
      refundable: 0,
    });
  });
});

describe('an action meanwhile', () => {
  it('is reached by the observation that shows it, even when the word comes from elsewhere', () =>
    givenPayment(...charged('pending'), request('Cancel'))
      .when(atStage('cancel'))
      .thenWrites(moved('PaymentCancelled', transaction('cancel')), shows({ inDoubt: false })));
});
