import { describe, expect, it } from '@jest/globals';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { refundKey, transactionId, wishId } from '../../../src/domain/payments/identity.js';
import { evolve } from '../../../src/domain/payments/evolve.js';
import type { KnownPayment } from '../../../src/domain/payments/state.js';
import { summaryOf } from '../../../src/domain/payments/summary.js';
import { days, firstMoment, givenPayment, hours, minutes, seconds, shows, wait, type Step } from './payment-story.js';
import {
  atStage,
  charged,
  claimRefund,
  giveUp,
  lookedUp,
  observed,
  observedRefund,
  openPage,
  refundAccepted,
  refundNotSent,
  refundRefused,
  refundStatus,
  refundWish,
  requestRefund,
  toSendAt,
  transaction,
  unanswered,
} from './wishes-and-reports.js';
import { alarm, event, wish } from './written.js';

const settledWith = (provider: Provider): readonly Step[] => charged('settlement', provider);
const paid = settledWith('gopay');
const confirmedAt = '2026-11-23T06:00:00.000Z';

const requested = (amount: number, key = 'r-1') =>
  wish({
    type: 'RefundRequested',
    wishId: refundWish,
    refundKey: refundKey(key),
    transactionId: transactionId('tx-1'),
    amount: rupiah(amount),
    reason: 'broken',
  });
const accepted = (amount: number, key = 'r-1') =>
  event({
    type: 'RefundAccepted',
    refundKey: refundKey(key),
    transactionId: transactionId('tx-1'),
    amount: rupiah(amount),
    reason: 'broken',
  });
const confirmed = (key = 'r-1') => event({ type: 'RefundConfirmed', refundKey: refundKey(key), confirmedAt });
const attempted = wish({ type: 'RefundAttempted', refundKey: refundKey('r-1'), wishId: refundWish });
const chargeback = (total: number): Step =>
  observed(transaction('partial_chargeback', 'gopay', { chargedBackTotal: rupiah(total) }));
const totalReported = (total: number) =>
  event({ type: 'RefundTotalReported', transactionId: transactionId('tx-1'), total: rupiah(total) });

describe('asking for a refund', () => {
  it('reserves the amount', () =>
    givenPayment(...paid)
      .when(requestRefund(4_000))
      .thenWrites(requested(4_000), shows({ status: 'settlement', inDoubt: true, refunded: 0, refundable: 6_000 })));

  it('without an amount asks for all that is left', () => {
    givenPayment(...paid)
      .when(requestRefund(null))
      .thenWrites(requested(10_000), shows({ refundable: 0 }));
    givenPayment(...paid, requestRefund(4_000))
      .when(requestRefund(null, 'r-2'))
      .thenWrites(requested(6_000, 'r-2'), shows({ refundable: 0 }));
  });

  it.each([10_001, 0])('refuses %d of 10000', (amount) =>
    givenPayment(...paid)
      .when(requestRefund(amount))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(10_000) }),
  );

  it('refuses more than is left beside what is reserved, accepted or confirmed', () => {
    const left = { code: 'refund-exceeds-balance', refundable: rupiah(6_000) } as const;
    const reserved = [...paid, requestRefund(4_000)];
    givenPayment(...reserved)
      .when(requestRefund(6_001, 'r-2'))
      .thenRejected(left);
    givenPayment(...reserved, refundAccepted(4_000))
      .when(requestRefund(6_001, 'r-2'))
      .thenRejected(left);
    givenPayment(...reserved, refundAccepted(4_000, 'r-1', confirmedAt))
      .when(requestRefund(6_001, 'r-2'))
      .thenRejected(left);
  });

  it('has nothing left to ask for once all was refunded', () =>
    givenPayment(...paid, requestRefund(null), refundAccepted(10_000))
      .when(requestRefund(null, 'r-2'))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(0) }));

  it.each([
    'bca', 'bni', 'bri', 'cimb', 'permata', 'mandiri', 'indomaret', 'alfamart',
    'bca_klikpay', 'bca_klikbca', 'cimb_clicks', 'danamon_online', 'bri_epay', 'uob_ezpay',
  ] as const)('is not to be had with %s, whatever the state', (provider) => {
    givenPayment(...settledWith(provider)).when(requestRefund(1_000)).thenRejected({ code: 'method-without-refund' });
    givenPayment(...charged('pending', provider)).when(requestRefund(1_000)).thenRejected({ code: 'method-without-refund' });
    givenPayment(...settledWith(provider)).thenShows({ refundable: 0 });
  }); // prettier-ignore

  it('goes by the method that was picked on the page', () => {
    givenPayment(...openPage, atStage('settlement', 'bca'))
      .when(requestRefund(1_000))
      .thenRejected({ code: 'method-without-refund' });
    givenPayment(...openPage, atStage('settlement', null))
      .when(requestRefund(1_000))
      .thenRejected({ code: 'method-without-refund' });
    givenPayment(...openPage, atStage('settlement', 'gopay'))
      .when(requestRefund(1_000))
      .thenWrites(requested(1_000));
  });

  it.each([
    ['credit_card', 184], ['google_pay', 184], ['gopay', 180], ['qris', 365], ['shopeepay', 365], ['dana', 45], ['ovo', 180],
    ['akulaku', 184], ['kredivo', 14],
  ] as const)('with %s ends %d days after the settlement', (provider, window) => {
    // The settlement was one second after the payment's first moment.
    givenPayment(...settledWith(provider), wait(days(window) + seconds(1)))
      .when(requestRefund(10_000))
      .thenWrites(requested(10_000));
    givenPayment(...settledWith(provider), wait(days(window) + seconds(1) + 1))
      .when(requestRefund(10_000))
      .thenRejected({ code: 'refund-window-closed', days: window });
  }); // prettier-ignore

  it.each(['ovo', 'shopeepay'] as const)('with %s is for the whole amount at once', (provider) => {
    givenPayment(...settledWith(provider))
      .when(requestRefund(9_999))
      .thenRejected({ code: 'method-without-partial-refund', whole: rupiah(10_000) });
    givenPayment(...settledWith(provider))
      .when(requestRefund(null))
      .thenWrites(requested(10_000));
  });
});

describe('the same refund key', () => {
  it('with the same amount, or none, is the same refund in whatever state it is', () => {
    const outcomes: readonly (readonly Step[])[] = [
      [],
      [unanswered(refundWish)],
      [refundAccepted(4_000)],
      [refundAccepted(4_000, 'r-1', confirmedAt)],
      [refundRefused('r-1', {}, 412)],
    ];
    for (const outcome of outcomes) {
      givenPayment(...paid, requestRefund(4_000), ...outcome)
        .when(requestRefund(4_000))
        .thenNothing();
      givenPayment(...paid, requestRefund(4_000), ...outcome)
        .when(requestRefund(null))
        .thenNothing();
    }
  });

  it('with another amount is refused', () =>
    givenPayment(...paid, requestRefund(4_000))
      .when(requestRefund(4_001))
      .thenRejected({ code: 'refund-key-reused', amount: rupiah(4_000) }));

  it('under another key is another refund', () =>
    givenPayment(...paid, requestRefund(4_000))
      .when(requestRefund(4_000, 'r-2'))
      .thenWrites(requested(4_000, 'r-2')));
});

describe('the outcome of a refund', () => {
  const asked = [...paid, requestRefund(4_000)];

  it('counts from Midtrans\u2019 acceptance on', () =>
    givenPayment(...asked)
      .when(refundAccepted(4_000))
      .thenWrites(
        accepted(4_000),
        shows({ status: 'partial_refund', paid: true, inDoubt: false, refunded: 4_000, refundable: 6_000 }),
      ));

  it('can be confirmed in the same breath, or later, and once', () => {
    givenPayment(...asked)
      .when(refundAccepted(4_000, 'r-1', confirmedAt))
      .thenWrites(accepted(4_000), confirmed());
    const status = refundStatus('partial_refund', [observedRefund('r-1', 4_000, confirmedAt)]);
    givenPayment(...asked, refundAccepted(4_000))
      .when(observed(status))
      .thenWrites(confirmed());
    givenPayment(...asked, refundAccepted(4_000), observed(status))
      .when(observed(status))
      .thenNothing();
    givenPayment(...asked, refundAccepted(4_000))
      .when(refundAccepted(4_000, 'r-1', confirmedAt))
      .thenWrites(confirmed());
  });

  it('of the whole amount is refund, and not paid any more', () =>
    givenPayment(...paid, requestRefund(null))
      .when(refundAccepted(10_000))
      .thenWrites(accepted(10_000), shows({ status: 'refund', paid: false, captured: 10_000, refunded: 10_000 })));

  it('frees the amount when it is refused', () =>
    givenPayment(...asked)
      .when(refundRefused())
      .thenWrites(
        event({
          type: 'RefundRefused',
          refundKey: refundKey('r-1'),
          statusCode: 414,
          message: 'Midtrans says 414',
        }),
        shows({ status: 'settlement', inDoubt: false, refundable: 10_000 }),
      ));

  it('is accepted after all when Midtrans says so later than it refused', () =>
    givenPayment(...asked, refundRefused())
      .when(refundAccepted(4_000))
      .thenWrites(accepted(4_000), shows({ refunded: 4_000, refundable: 6_000 })));

  it('is an alarm when it is of another amount than was asked for, and Midtrans\u2019 amount stands', () =>
    givenPayment(...asked)
      .when(refundAccepted(3_000))
      .thenWrites(
        alarm('refund_amount_differs', 'r-1:3000'),
        accepted(3_000),
        shows({ refunded: 3_000, refundable: 7_000 }),
      ));

  it('is none of a refund that nobody asked for, or that has its outcome', () => {
    givenPayment(...paid)
      .when(refundAccepted(4_000))
      .thenNothing();
    givenPayment(...paid)
      .when(refundRefused())
      .thenNothing();
    givenPayment(...paid)
      .when(refundNotSent())
      .thenNothing();
    givenPayment(...asked, refundAccepted(4_000))
      .when(refundAccepted(4_000))
      .thenNothing();
    givenPayment(...asked, refundAccepted(4_000))
      .when(refundRefused())
      .thenNothing();
    givenPayment(...asked, refundAccepted(4_000))
      .when(refundNotSent())
      .thenNothing();
  });
});

describe('a refund that was not sent', () => {
  const notSent = [...paid, requestRefund(4_000), refundNotSent()];

  it('reserves nothing', () =>
    givenPayment(...paid, requestRefund(4_000))
      .when(refundNotSent())
      .thenWrites(
        event({
          type: 'RefundNotSent',
          refundKey: refundKey('r-1'),
          because: 'unreachable',
          statusCode: null,
          message: 'connection refused',
        }),
        shows({ inDoubt: false, refundable: 10_000 }),
      ));

  it('is attempted by the same key again, under the wish of who asks now', () => {
    const later = wishId('later-wish');
    givenPayment(...notSent)
      .when(requestRefund(4_000, 'r-1', later))
      .thenWrites(
        wish({ type: 'RefundAttempted', refundKey: refundKey('r-1'), wishId: later }),
        shows({ refundable: 6_000 }),
      );
    givenPayment(...notSent)
      .when(requestRefund(null))
      .thenWrites(attempted, shows({ refundable: 6_000 }));
  });

  it('is not attempted when the money went elsewhere meanwhile', () =>
    givenPayment(...notSent, requestRefund(7_000, 'r-2'))
      .when(requestRefund(4_000))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(3_000) }));

  it('is attempted against the transaction that it was meant for, whatever the payment shows now', () => {
    const twoPaid = [
      ...openPage,
      atStage('settlement', 'gopay'),
      requestRefund(10_000),
      refundNotSent(),
      requestRefund(10_000, 'r-2'),
      refundAccepted(10_000, 'r-2'),
      atStage('settlement', 'gopay', {
        transactionId: transactionId('tx-2'),
        transactionTime: '2026-11-23T05:09:00.000Z',
      }),
    ];
    givenPayment(...twoPaid).thenShows({ status: 'settlement', refundable: 10_000 });
    givenPayment(...twoPaid)
      .when(requestRefund(10_000))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(0) });
  });

  it('is not known to be so when an earlier send may have arrived: the amount stays reserved', () => {
    const doubt = event({ type: 'GatewayUnanswered', wishId: refundWish, message: 'connection refused' });
    const again = [...paid, requestRefund(4_000), wait(seconds(30)), claimRefund()];
    givenPayment(...again)
      .when(refundNotSent())
      .thenWrites(doubt, shows({ inDoubt: true, refundable: 6_000 }));
    givenPayment(...paid, requestRefund(4_000), unanswered(refundWish))
      .when(refundNotSent())
      .thenWrites(doubt);
  });
});

describe('a refund that Midtrans refused with 414, for our balance there may have been too low', () => {
  const refused = [...paid, requestRefund(4_000), refundRefused()];
  const later = wishId('later-wish');

  it('is attempted again under its key when it is asked for again, and reserved anew', () => {
    givenPayment(...refused, wait(hours(1)))
      .when(requestRefund(4_000, 'r-1', later))
      .thenWrites(
        wish({ type: 'RefundAttempted', refundKey: refundKey('r-1'), wishId: later }),
        shows({ inDoubt: true, refundable: 6_000 }),
      );
    givenPayment(...refused, requestRefund(4_000))
      .when(refundAccepted(4_000))
      .thenWrites(accepted(4_000), shows({ inDoubt: false, refunded: 4_000, refundable: 6_000 }));
    givenPayment(...refused, requestRefund(4_000))
      .when(refundRefused())
      .thenShows({ inDoubt: false, refundable: 10_000 });
  });

  it('is attempted once by two who ask at once', () =>
    givenPayment(...refused, requestRefund(4_000))
      .when(requestRefund(4_000, 'r-1', later))
      .thenNothing());

  it('is not another amount, and takes no more than is left by now', () => {
    givenPayment(...refused)
      .when(requestRefund(4_001))
      .thenRejected({ code: 'refund-key-reused', amount: rupiah(4_000) });
    givenPayment(...refused, requestRefund(7_000, 'r-2'))
      .when(requestRefund(4_000))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(3_000) });
  });

  it('is not freed by a late no to the send that was refused', () =>
    givenPayment(...refused, wait(seconds(5)), requestRefund(4_000))
      .when(refundRefused('r-1', toSendAt(0)))
      .thenShows({ inDoubt: true, refundable: 6_000 }));
});

describe('a refund in doubt', () => {
  const inDoubt = [...paid, requestRefund(4_000), unanswered(refundWish)];

  it('is sent again with the same key from answer_by on, by one at a time', () => {
    givenPayment(...inDoubt, wait(seconds(30) - 1))
      .when(claimRefund())
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...inDoubt, wait(seconds(30)))
      .when(claimRefund())
      .thenWrites(attempted);
    givenPayment(...inDoubt, wait(seconds(30)), claimRefund(), wait(seconds(29)))
      .when(claimRefund())
      .thenRejected({ code: 'attempt-not-due' });
  });

  it('is sent again for six days at most', () => {
    givenPayment(...inDoubt, wait(days(6) + seconds(30) - 1))
      .when(claimRefund())
      .thenWrites(attempted);
    givenPayment(...inDoubt, wait(days(6) + seconds(30)))
      .when(claimRefund())
      .thenRejected({ code: 'attempt-not-due' });
  });

  it('is only looked for once a chargeback, or a refund made elsewhere, has taken the money', () => {
    const left = (refundable: number) => ({ code: 'refund-exceeds-balance', refundable: rupiah(refundable) }) as const;
    const elsewhere = observed(refundStatus('partial_refund', [observedRefund('dashboard', 7_000)]));
    givenPayment(...inDoubt, elsewhere, wait(hours(1)))
      .when(claimRefund())
      .thenRejected(left(3_000));
    givenPayment(...inDoubt, chargeback(6_001), wait(hours(1)))
      .when(claimRefund())
      .thenRejected(left(3_999));
    givenPayment(...inDoubt, chargeback(6_000), wait(hours(1)))
      .when(claimRefund())
      .thenWrites(attempted);
  });

  it('is not claimed when there is none, or it has its outcome', () => {
    givenPayment(...paid, wait(hours(1)))
      .when(claimRefund())
      .thenRejected({ code: 'attempt-not-due' });
    givenPayment(...inDoubt, refundAccepted(4_000), wait(hours(1)))
      .when(claimRefund())
      .thenRejected({ code: 'attempt-not-due' });
  });

  it('is settled when its key is among the refunds, and stays in doubt when it is not', () => {
    givenPayment(...inDoubt)
      .when(observed(refundStatus('partial_refund', [observedRefund('r-1', 4_000)])))
      .thenWrites(accepted(4_000), shows({ inDoubt: false, refunded: 4_000 }));
    givenPayment(...inDoubt)
      .when(lookedUp(transaction('settlement', 'gopay'), 'settlement'))
      .thenShows({ inDoubt: true, refundable: 6_000 });
  });

  it('is an alarm after six days, once, keeps its money reserved, and is still settled by being found', () => {
    givenPayment(...inDoubt, wait(days(6) + seconds(30) - 1))
      .when(giveUp)
      .thenNothing();
    const abandoned = [...inDoubt, wait(days(6) + seconds(30))];
    givenPayment(...abandoned)
      .when(giveUp)
      .thenWrites(alarm('refund_unresolved', 'r-1'), shows({ inDoubt: true, refundable: 6_000 }));
    givenPayment(...abandoned, giveUp)
      .when(giveUp)
      .thenNothing();
    givenPayment(...abandoned, giveUp)
      .when(observed(refundStatus('partial_refund', [observedRefund('r-1', 4_000)])))
      .thenWrites(accepted(4_000), shows({ inDoubt: false, refunded: 4_000 }));
  });
});

describe('a late no to an earlier send of a refund', () => {
  const inDoubt = event({ type: 'GatewayUnanswered', wishId: refundWish, message: 'Midtrans says 414' });
  const sentTwice = [...paid, requestRefund(4_000), wait(seconds(30)), claimRefund()];

  it('frees nothing: the later send may be carried out', () => {
    givenPayment(...sentTwice)
      .when(refundRefused('r-1', toSendAt(0)))
      .thenWrites(inDoubt, shows({ inDoubt: true, refundable: 6_000 }));
    givenPayment(...sentTwice, refundRefused('r-1', toSendAt(0)))
      .when(refundAccepted(4_000))
      .thenShows({ inDoubt: false, refunded: 4_000, refundable: 6_000 });
    givenPayment(...sentTwice, refundRefused('r-1', toSendAt(0)))
      .when(refundRefused())
      .thenShows({ inDoubt: false, refundable: 10_000 });
  });

  it('frees nothing either when the refund was asked for anew under its key since', () => {
    const sentAnew = [...paid, requestRefund(4_000), refundNotSent(), wait(seconds(5)), requestRefund(4_000)];
    for (const no of [refundRefused('r-1', toSendAt(0)), refundNotSent('r-1', toSendAt(0))])
      givenPayment(...sentAnew)
        .when(no)
        .thenShows({ inDoubt: true, refundable: 6_000 });
  });
});

describe('refunds that Midtrans shows', () => {
  const partial = (...refunds: Parameters<typeof refundStatus>[1]) => refundStatus('partial_refund', refunds);

  it('are booked by their key, though nobody here asked for them', () =>
    givenPayment(...paid)
      .when(observed(partial(observedRefund('dashboard', 4_000))))
      .thenWrites(
        accepted(4_000, 'dashboard'),
        shows({ status: 'partial_refund', refunded: 4_000, refundable: 6_000 }),
      ));

  it('are the union of all that were shown, in whatever order', () => {
    const one = observed(partial(observedRefund('a', 1_000)));
    const two = observed(partial(observedRefund('a', 1_000, confirmedAt), observedRefund('b', 2_000)));
    givenPayment(...paid, one, two).thenShows({ refunded: 3_000 });
    givenPayment(...paid, two, one).thenShows({ refunded: 3_000 });
    givenPayment(...paid, two, one)
      .when(two)
      .thenNothing();
  });

  it('imply the settlement that they passed', () =>
    givenPayment(...charged('pending', 'gopay'))
      .when(observed(refundStatus('refund', [observedRefund('a', 10_000)])))
      .thenShows({ status: 'refund', captured: 10_000, refunded: 10_000 }));

  it('count by their sum where they are not named', () => {
    const unnamed = (total: number) => refundStatus('partial_refund', [], 'gopay', { refundedTotal: rupiah(total) });
    givenPayment(...paid)
      .when(observed(unnamed(4_000)))
      .thenWrites(totalReported(4_000), shows({ refunded: 4_000 }));
    givenPayment(...paid, observed(unnamed(4_000)))
      .when(observed(unnamed(4_000)))
      .thenNothing();
    givenPayment(...paid, observed(unnamed(4_000)))
      .when(observed(unnamed(7_000)))
      .thenWrites(totalReported(7_000), shows({ refunded: 7_000, refundable: 3_000 }));
    givenPayment(...paid, observed(unnamed(4_000)))
      .when(observed(partial(observedRefund('a', 4_000))))
      .thenShows({ refunded: 4_000 });
  });

  it('are the whole amount where a full refund names none', () =>
    givenPayment(...paid)
      .when(observed(refundStatus('refund', [], 'gopay', { refundedTotal: null })))
      .thenWrites(totalReported(10_000), shows({ status: 'refund' })));

  const untold = refundStatus('partial_refund', [], 'gopay', { refundedTotal: null });
  const sumOnly = (total: number, status: 'refund' | 'partial_refund' = 'partial_refund') =>
    refundStatus(status, [], 'gopay', { refundedTotal: rupiah(total) });

  it('are an alarm where a partial refund names no amount, and leave nothing to refund until it is told', () => {
    givenPayment(...paid)
      .when(observed(untold))
      .thenWrites(
        alarm('refund_without_amount', 'partial_refund'),
        shows({ status: 'partial_refund', paid: true, refunded: 0, refundable: 0 }),
      );
    givenPayment(...paid, observed(untold))
      .when(requestRefund(1))
      .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(0) });
    for (const none of [untold, transaction('settlement', 'gopay')])
      givenPayment(...paid, observed(untold))
        .when(observed(none))
        .thenNothing();
    givenPayment(...paid, observed(untold))
      .when(observed(sumOnly(4_000)))
      .thenWrites(totalReported(4_000), shows({ refunded: 4_000, refundable: 6_000 }));
    givenPayment(...paid, observed(untold))
      .when(observed(partial(observedRefund('a', 4_000))))
      .thenWrites(accepted(4_000, 'a'), totalReported(4_000), shows({ refunded: 4_000, refundable: 6_000 }));
  });

  it('are no alarm where a partial refund names no amount and we know of one', () =>
    givenPayment(...paid, observed(sumOnly(4_000)))
      .when(observed(untold))
      .thenNothing());

  it('stay unclear when our own refund is accepted and nobody has told of the others', () => {
    const ours = [...paid, requestRefund(3_000), observed(untold), refundAccepted(3_000)];
    givenPayment(...ours).thenShows({ refunded: 3_000, refundable: 0 });
    givenPayment(...ours)
      .when(observed(sumOnly(3_000)))
      .thenShows({ refunded: 3_000, refundable: 0 });
    givenPayment(...ours)
      .when(observed(partial(observedRefund('r-1', 3_000))))
      .thenShows({ refunded: 3_000, refundable: 7_000 });
  });

  it('are an alarm, and leave nothing to refund, where a full refund is of less than the whole', () => {
    const short = alarm('refund_not_whole', '4000');
    const shown = shows({ status: 'partial_refund', refunded: 4_000, refundable: 0 });
    givenPayment(...paid)
      .when(observed(sumOnly(4_000, 'refund')))
      .thenWrites(totalReported(4_000), short, shown);
    const listed = refundStatus('refund', [observedRefund('a', 4_000)]);
    givenPayment(...paid)
      .when(observed(listed))
      .thenWrites(accepted(4_000, 'a'), short, shown);
    for (const again of [listed, partial(observedRefund('a', 4_000)), untold, sumOnly(4_000)]) {
      givenPayment(...paid, observed(listed), observed(again)).thenShows({ refunded: 4_000, refundable: 0 });
      givenPayment(...paid, observed(again), observed(listed)).thenShows({ refunded: 4_000, refundable: 0 });
    }
    givenPayment(...paid, observed(listed), observed(sumOnly(10_000, 'refund'))).thenShows({ status: 'refund' });
  });

  it('are whole beside a chargeback of the rest, or of an amount that nobody told', () => {
    const card = [...settledWith('credit_card')];
    const rest = refundStatus('refund', [observedRefund('a', 7_000)], 'credit_card');
    for (const total of [rupiah(3_000), null])
      givenPayment(
        ...card,
        observed(transaction('partial_chargeback', 'credit_card', { chargedBackTotal: total })),
        observed(rest),
      ).thenShows({ refunded: 7_000, refundable: 0 });
  });

  describe('in sum only', () => {
    const before = [...paid, observed(sumOnly(4_000))];

    it('and what is wished for and accepted afterwards add up', () => {
      givenPayment(...before, requestRefund(3_000))
        .when(refundAccepted(3_000))
        .thenWrites(accepted(3_000), shows({ refunded: 7_000, refundable: 3_000 }));
      givenPayment(...before, requestRefund(3_000), refundAccepted(3_000))
        .when(requestRefund(3_001, 'r-2'))
        .thenRejected({ code: 'refund-exceeds-balance', refundable: rupiah(3_000) });
    });

    it('and then in sum again are in it, and ours too', () => {
      const both = [...before, requestRefund(3_000), refundAccepted(3_000)];
      givenPayment(...both)
        .when(observed(sumOnly(7_000)))
        .thenNothing();
      givenPayment(...both)
        .when(observed(sumOnly(7_500)))
        .thenWrites(totalReported(7_500), shows({ refunded: 7_500, refundable: 2_500 }));
      givenPayment(...both, observed(sumOnly(7_500)), requestRefund(500, 'r-2'), refundAccepted(500, 'r-2')).thenShows({
        refunded: 8_000,
        refundable: 2_000,
      });
    });

    it('and then by name are the same', () =>
      givenPayment(...before, requestRefund(3_000), refundAccepted(3_000))
        .when(observed(partial(observedRefund('dashboard', 4_000), observedRefund('r-1', 3_000))))
        .thenShows({ refunded: 7_000, refundable: 3_000 }));

    it('may hold one of ours that was in doubt: it counts once, and is kept back until Midtrans lists it', () => {
      const ours = [...paid, requestRefund(4_000), observed(sumOnly(4_000)), refundAccepted(4_000)];
      givenPayment(...ours).thenShows({ refunded: 4_000, refundable: 2_000 });
      givenPayment(...ours)
        .when(observed(partial(observedRefund('r-1', 4_000))))
        .thenWrites(totalReported(4_000), shows({ refunded: 4_000, refundable: 6_000 }));
      givenPayment(...ours)
        .when(observed(partial(observedRefund('r-1', 4_000), observedRefund('dashboard', 4_000))))
        .thenShows({ refunded: 8_000, refundable: 2_000 });
    });

    it('are read from histories of the time when only the greater of sum and names counted', () => {
      const written = [
        totalReported(4_000),
        requested(6_000),
        accepted(6_000),
        totalReported(10_000),
        requested(1, 'r-2'),
        accepted(1, 'r-2'),
      ].map((expected) => expected(firstMoment));
      const read = written.reduce<KnownPayment>(evolve, givenPayment(...paid).payment);
      expect(summaryOf(read)).toMatchObject({ status: 'refund', refunded: 10_001, refundable: 0 });
    });

    it('do not hold one of ours that had never left', () =>
      givenPayment(...paid, requestRefund(3_000), refundNotSent(), observed(sumOnly(4_000)), requestRefund(3_000))
        .when(refundAccepted(3_000))
        .thenShows({ refunded: 7_000, refundable: 3_000 }));
  });

  it('are an alarm, and stand, when one of ours has another amount', () =>
    givenPayment(...paid, requestRefund(4_000), refundAccepted(4_000))
      .when(observed(partial(observedRefund('r-1', 3_000))))
      .thenWrites(alarm('refund_amount_differs', 'r-1:3000'), shows({ refunded: 4_000 })));

  it('are an alarm when their sum falls below what we knew before we asked', () => {
    const known = [...paid, observed(partial(observedRefund('a', 1_000), observedRefund('b', 2_000)))];
    const fell = partial(observedRefund('a', 1_000));
    givenPayment(...known)
      .when(lookedUp(fell, 'settlement', 3_000))
      .thenWrites(alarm('refund_total_fell', '1000'));
    givenPayment(...known, wait(minutes(1)))
      .when(lookedUp(transaction('settlement', 'gopay'), 'settlement', 3_000))
      .thenWrites(alarm('refund_total_fell', '0'), shows({ status: 'partial_refund', refunded: 3_000 }));
    givenPayment(...known)
      .when(observed(fell))
      .thenNothing();
  });

  it('carry the status that the refund had when it was wished for', () => {
    const story = givenPayment(...paid, requestRefund(4_000), refundAccepted(4_000, 'r-1', confirmedAt));
    expect(story.payment.refunds).toStrictEqual([
      {
        refundKey: 'r-1',
        transactionId: 'tx-1',
        amount: 4_000,
        reason: 'broken',
        status: 'confirmed',
        createdAt: '2026-11-23T05:00:00.000Z',
        confirmedAt,
        refusedWith: null,
        wish: null,
        abandoned: false,
        inTotalReported: 'no',
      },
    ]);
  });
});
