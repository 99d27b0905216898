import { describe, expect, it } from '@jest/globals';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { transactionId } from '../../../src/domain/payments/identity.js';
import { evolve } from '../../../src/domain/payments/evolve.js';
import type { KnownPayment } from '../../../src/domain/payments/state.js';
import { firstMoment, givenPayment, shows } from './payment-story.js';
import {
  charged,
  lookedUp,
  observed,
  observedRefund,
  openPage,
  refundAccepted,
  refundStatus,
  requestRefund,
  transaction,
} from './wishes-and-reports.js';
import { alarm, event, moved, settled } from './written.js';

const card = charged('settlement', 'credit_card');
const chargeback = (status: 'chargeback' | 'partial_chargeback', total: number | null) =>
  transaction(status, 'credit_card', { chargedBackTotal: total === null ? null : rupiah(total) });
const received = (full: boolean, total: number | null) =>
  event({
    type: 'ChargebackReceived',
    transactionId: transactionId('tx-1'),
    full,
    total: total === null ? null : rupiah(total),
  });

describe('a chargeback', () => {
  it('in part takes its amount from what can be refunded, and the payment is still paid', () =>
    givenPayment(...card)
      .when(observed(chargeback('partial_chargeback', 3_000)))
      .thenWrites(
        received(false, 3_000),
        shows({ status: 'partial_chargeback', paid: true, captured: 10_000, refunded: 0, refundable: 7_000 }),
      ));

  it('in part without an amount leaves nothing to refund, and a person is asked', () => {
    givenPayment(...card)
      .when(observed(chargeback('partial_chargeback', null)))
      .thenWrites(
        received(false, null),
        alarm('chargeback_without_amount', 'partial_chargeback'),
        shows({ status: 'partial_chargeback', paid: true, refundable: 0 }),
      );
    givenPayment(...card, observed(chargeback('partial_chargeback', null)))
      .when(requestRefund(1))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(0) });
  });

  it('names its amount later, cumulatively, and never less', () => {
    const unclear = observed(chargeback('partial_chargeback', null));
    const some = observed(chargeback('partial_chargeback', 3_000));
    const more = observed(chargeback('partial_chargeback', 5_000));
    givenPayment(...card, unclear)
      .when(some)
      .thenWrites(received(false, 3_000), shows({ refundable: 7_000 }));
    givenPayment(...card, some)
      .when(more)
      .thenWrites(received(false, 5_000), shows({ refundable: 5_000 }));
    givenPayment(...card, more)
      .when(some)
      .thenNothing();
    givenPayment(...card, more)
      .when(unclear)
      .thenNothing();
    givenPayment(...card, more).thenShows({ refundable: 5_000 });
  });

  it('in full ends it, after a part or at once', () => {
    const ended = shows({ status: 'chargeback', paid: false, captured: 10_000, refundable: 0 });
    givenPayment(...card)
      .when(observed(chargeback('chargeback', 10_000)))
      .thenWrites(received(true, 10_000), ended);
    givenPayment(...card, observed(chargeback('partial_chargeback', 3_000)))
      .when(observed(chargeback('chargeback', null)))
      .thenWrites(received(true, null), ended);
    givenPayment(...card, observed(chargeback('chargeback', null)))
      .when(observed(chargeback('partial_chargeback', 3_000)))
      .thenShows({ status: 'chargeback', refundable: 0 });
  });

  it('is one however often it is shown', () =>
    givenPayment(...card, observed(chargeback('chargeback', 10_000)))
      .when(observed(chargeback('chargeback', 10_000)))
      .thenNothing());

  it('implies the settlement that it passed', () =>
    givenPayment(...charged('capture', 'credit_card'))
      .when(observed(chargeback('partial_chargeback', 3_000)))
      .thenWrites(
        settled(chargeback('partial_chargeback', 3_000)),
        received(false, 3_000),
        shows({ status: 'partial_chargeback', captured: 10_000 }),
      ));

  it('beside refunds leaves what neither took', () => {
    const refunded = [...card, requestRefund(2_000), refundAccepted(2_000), requestRefund(1_000, 'r-2')];
    givenPayment(...refunded)
      .when(observed(chargeback('partial_chargeback', 3_000)))
      .thenShows({ status: 'partial_chargeback', refunded: 2_000, refundable: 4_000 });
    givenPayment(...refunded, observed(chargeback('partial_chargeback', 9_000))).thenShows({ refundable: 0 });
  });

  it('in part gives way to a refund of everything, and in full to nothing', () => {
    const refund = observed(refundStatus('refund', [observedRefund('a', 10_000)], 'credit_card'));
    const part = observed(chargeback('partial_chargeback', 3_000));
    const full = observed(chargeback('chargeback', null));
    givenPayment(...card, part, refund).thenShows({ status: 'refund', paid: false });
    givenPayment(...card, refund, part).thenShows({ status: 'refund', paid: false });
    givenPayment(...card, refund, full).thenShows({ status: 'chargeback' });
    givenPayment(...card, full, refund).thenShows({ status: 'chargeback' });
  });
});

describe('a reversal', () => {
  it.each(['permata', 'mandiri', 'indomaret'] as const)('turns a settled payment with %s into deny', (provider) => {
    const deny = transaction('deny', provider);
    givenPayment(...charged('settlement', provider))
      .when(observed(deny))
      .thenWrites(moved('PaymentReversed', deny), shows({ status: 'deny', paid: false, captured: 0, refundable: 0 }));
  });

  it.each(['permata', 'mandiri', 'indomaret'] as const)(
    'with %s stands when the settlement before it is heard of later',
    (provider) =>
      givenPayment(...charged('deny', provider))
        .when(observed(transaction('settlement', provider)))
        .thenWrites(shows({ status: 'deny', paid: false, captured: 0 })),
  );

  describe('of what was picked on a page, first seen without its bank', () => {
    const unnamed = { paymentType: 'bank_transfer', provider: null };
    const deny = transaction('deny', 'permata');
    const reversed = [moved('PaymentReversed', deny), shows({ status: 'deny', paid: false, captured: 0 })];

    it('is known once the bank was named', () => {
      const silent = transaction('deny', null, unnamed);
      givenPayment(
        ...openPage,
        observed(transaction('pending', null, unnamed)),
        observed(transaction('settlement', 'permata')),
      )
        .when(lookedUp(silent, 'settlement'))
        .thenWrites(moved('PaymentReversed', silent), shows({ status: 'deny', paid: false, captured: 0 }));
    });

    it('is known when it names the bank itself', () =>
      givenPayment(...openPage, observed(transaction('settlement', null, unnamed)))
        .when(lookedUp(deny, 'settlement'))
        .thenWrites(...reversed));

    it('stands when the settlement that names the bank is heard of later', () =>
      givenPayment(...openPage, observed(transaction('deny', null, unnamed)))
        .when(observed(transaction('settlement', 'permata')))
        .thenWrites(shows({ status: 'deny', paid: false })));

    it('that was overruled by a later settlement before the bank counted is still read as it was written', () => {
      const written = [
        moved('PaymentPending', transaction('pending', null, unnamed)),
        moved('PaymentDenied', deny),
        settled(transaction('settlement', 'permata')),
      ].map((expected) => expected(firstMoment));
      const page = givenPayment(...openPage).payment;
      expect(written.reduce<KnownPayment>(evolve, page).attempts).toMatchObject([{ stage: 'settlement' }]);
    });
  });

  it.each(['bca', 'alfamart', 'gopay', 'credit_card', 'akulaku', 'cimb_clicks'] as const)(
    'is not known with %s: a settlement stands, and the contradiction is an alarm',
    (provider) => {
      const deny = transaction('deny', provider);
      givenPayment(...charged('settlement', provider))
        .when(observed(deny))
        .thenNothing();
      givenPayment(...charged('settlement', provider))
        .when(lookedUp(deny, 'settlement'))
        .thenWrites(alarm('status_fell', 'deny'), shows({ status: 'settlement', paid: true }));
    },
  );
});
