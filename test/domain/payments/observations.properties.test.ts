import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import { isPaidStage } from '../../../src/domain/payments/stages.js';
import { shownAttempt, summaryOf } from '../../../src/domain/payments/summary.js';
import { givenPayment, type Step } from './payment-story.js';
import { anyArrival, anyLife, anyTries, ways } from './possible-histories.js';
import { initiate, observed, pageGiven, request, requestRefund } from './wishes-and-reports.js';

/** What must not depend on the order in which Midtrans was heard. */
const endOf = (steps: readonly Step[]): unknown => {
  const { payment } = givenPayment(...steps);
  const refunds = payment.refunds.map(({ refundKey, amount, status }) => ({ refundKey, amount, status }));
  return {
    ...summaryOf(payment),
    shown: shownAttempt(payment)?.transactionId,
    attempts: Object.fromEntries(
      payment.attempts.map(({ transactionId, stage, amount, chargeback }) => [
        transactionId,
        { stage, amount: isPaidStage(stage) ? amount : null, chargeback },
      ]),
    ),
    refunds: refunds.sort((a, b) => (a.refundKey < b.refundKey ? -1 : 1)),
  };
};

const report = (observation: GatewayObservation): Step => observed(observation);

/** A beginning, what Midtrans says after it in order, and the same as it may arrive. */
interface Telling {
  readonly beginning: readonly Step[];
  readonly inOrder: readonly GatewayObservation[];
  readonly arrival: readonly GatewayObservation[];
}

const told = (beginning: readonly Step[], inOrder: readonly GatewayObservation[]): fc.Arbitrary<Telling> =>
  (inOrder.length === 0 ? fc.constant([]) : anyArrival(inOrder)).map((arrival) => ({ beginning, inOrder, arrival }));

const ofOneTransaction = anyLife.chain(({ provider, observations }) => told([initiate(provider)], observations));

const ofAPage = anyTries.chain((observations) => told([initiate('snap'), pageGiven()], observations));

/** The first refund is our own wish, made once the settlement was seen. */
const ofOwnRefund = anyLife
  .filter(({ provider, observations }) => {
    const first = observations.find(({ refunds }) => refunds.length > 0)?.refunds[0];
    const wholeOnly = provider === 'ovo' || provider === 'shopeepay';
    return (
      first !== undefined &&
      observations.some(({ status }) => status === 'settlement') &&
      (!wholeOnly || first.amount === 10_000)
    );
  })
  .chain(({ provider, observations }) => {
    const settled = observations.findIndex(({ status }) => status === 'settlement') + 1;
    const own = observations.find(({ refunds }) => refunds.length > 0)?.refunds[0];
    const beginning = [initiate(provider), ...observations.slice(0, settled).map(report)];
    return told([...beginning, requestRefund(own?.amount ?? null, own?.refundKey)], observations.slice(settled));
  });

/** Authorized, and less captured than that: Midtrans may call either the gross amount from then on. */
const ofPartialCapture = anyLife
  .filter(({ observations }) => observations.some(({ status }) => status === 'authorize'))
  .chain(({ provider, observations }) => {
    const authorized = observations.findIndex(({ status }) => status === 'authorize') + 1;
    const beginning = [initiate(provider), ...observations.slice(0, authorized).map(report), request('Capture', 6_000)];
    const rest = observations.slice(authorized).filter(({ status }) => !status.includes('refund'));
    return fc
      .array(fc.boolean(), { minLength: rest.length, maxLength: rest.length })
      .map((less) => rest.map((one, index) => (less[index] ? { ...one, grossAmount: rupiah(6_000) } : one)))
      .chain((told_) => told(beginning, told_));
  });

const endsAsInOrder = ({ beginning, inOrder, arrival }: Telling): void =>
  expect(endOf([...beginning, ...arrival.map(report)])).toStrictEqual(endOf([...beginning, ...inOrder.map(report)]));

/** Whatever was heard last, Midtrans' own end of the walk is what stands. */
const endsWhereTheWalkEnds = ({ beginning, inOrder, arrival }: Telling): void => {
  const { status, fraudStatus } = inOrder.at(-1) ?? { status: 'initiated', fraudStatus: null };
  const paid = ['capture', 'settlement', 'partial_refund', 'partial_chargeback'].includes(status);
  givenPayment(...beginning, ...arrival.map(report)).thenShows({ status, paid: paid && fraudStatus !== 'challenge' });
};

const runs = { numRuns: 4_000 };

describe('observations in any order, any number of times', () => {
  it('of one transaction end as the walk in order does', () =>
    fc.assert(fc.property(ofOneTransaction, endsAsInOrder), runs));

  it('of one transaction end where Midtrans ended', () =>
    fc.assert(fc.property(ofOneTransaction, endsWhereTheWalkEnds), runs));

  it('of several transactions on a page end as the walk in order does', () =>
    fc.assert(fc.property(ofAPage, endsAsInOrder), runs));

  it('of a refund that we asked for end as the walk in order does', () =>
    fc.assert(fc.property(ofOwnRefund, endsAsInOrder), { numRuns: 1_000 }));

  it('of a card captured for less than authorized end as the walk in order does', () =>
    fc.assert(
      fc.property(ofPartialCapture, (telling) => {
        endsAsInOrder(telling);
        const { captured } = summaryOf(givenPayment(...telling.beginning, ...telling.arrival.map(report)).payment);
        expect([0, 6_000]).toContain(captured);
      }),
      { numRuns: 1_000 },
    ));

  it('add no event when they come again after everything was heard', () =>
    fc.assert(
      fc.property(ofAPage, ({ beginning, inOrder, arrival }) => {
        const heard = givenPayment(...beginning, ...arrival.map(report));
        for (const observation of inOrder) heard.when(report(observation)).thenNothing();
      }),
      { numRuns: 1_000 },
    ));
});

describe('the walks', () => {
  it('visit every place of the table', () => {
    const places = ways.flatMap(({ starts, leads }) => [...starts, ...Object.values(leads).flat()]);
    const walked = fc
      .sample(anyTries, { numRuns: 5_000, seed: 1 })
      .flatMap((tries) => tries.map(({ status }) => status));
    expect(new Set(walked)).toStrictEqual(new Set(places.map((place) => (place === 'challenge' ? 'capture' : place))));
  });
});
