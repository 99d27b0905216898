import * as fc from 'fast-check';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { transactionStatuses } from '../../../src/domain/payments/gateway-status.js';
import { transactionId, wishId } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import { days, hours, minutes, seconds, wait, type Step } from './payment-story.js';
import {
  absent,
  actionRefused,
  actionWish,
  atStage,
  chargeNotSent,
  chargeRefused,
  chargeWish,
  claimAction,
  claimCharge,
  claimRefund,
  charged,
  giveUp,
  initiate,
  observed,
  observedRefund,
  openPage,
  pageClosed,
  pageGiven,
  refundAccepted,
  refundNotSent,
  refundRefused,
  refundWish,
  request,
  requestRefund,
  toSendAt,
  transaction,
  unanswered,
  type OfSend,
} from './wishes-and-reports.js';

// Anything that could be said to one payment, true or not, over few ids, so that the same things meet often.

const confirmedAt = '2026-11-23T06:00:00.000Z';
const wishes = [chargeWish, actionWish, refundWish, wishId('another-wish')] as const;
const refundKeys = ['r-1', 'r-2', 'r-3'] as const;
const amounts = [0, 1, 3_000, 4_000, 6_000, 10_000, 10_001] as const;

export const anyWait: fc.Arbitrary<Step> = fc
  .constantFrom(0, 1, seconds(29), seconds(30), minutes(1), minutes(10), hours(1), hours(24), days(6), days(50))
  .map(wait);

export const anyProvider: fc.Arbitrary<Provider> = fc.constantFrom(
  'snap',
  'credit_card',
  'permata',
  'gopay',
  'ovo',
  'bca',
  'dana',
);

const anyRefund = fc
  .tuple(fc.constantFrom(...refundKeys, 'dashboard'), fc.constantFrom(...amounts), fc.constantFrom(null, confirmedAt))
  .map(([key, amount, at]) => observedRefund(key, amount, at));

const anyTotal = fc.constantFrom(null, ...amounts).map((total) => (total === null ? null : rupiah(total)));

export const anyObservation: fc.Arbitrary<GatewayObservation> = fc
  .record({
    status: fc.constantFrom(...transactionStatuses, 'unknown' as const),
    provider: fc.constantFrom<Provider | null>('credit_card', 'permata', 'gopay', null),
    change: fc.record({
      transactionId: fc.constantFrom('tx-1', 'tx-2', 'tx-3').map(transactionId),
      fraudStatus: fc.constantFrom('accept', 'challenge', 'deny', null),
      grossAmount: fc.constantFrom(10_000, 10_000, 10_000, 6_000, 7_000).map(rupiah),
      wishId: fc.constantFrom(chargeWish, chargeWish, null, wishId('another-wish')),
      transactionTime: fc.constantFrom('2026-11-23T05:00:00.000Z', '2026-11-23T05:05:00.000Z', null),
      refunds: fc.array(anyRefund, { maxLength: 3 }),
      refundedTotal: anyTotal,
      chargedBackTotal: anyTotal,
    }),
  })
  .map(({ status, provider, change }) => ({
    ...transaction(status === 'unknown' ? 'pending' : status, provider, change),
    status,
    statusWord: status,
  }));

const anyReport: fc.Arbitrary<Step> = fc
  .record({
    observation: anyObservation,
    source: fc.constantFrom('charge-answer' as const, 'confirmed' as const),
    knownBefore: fc.constantFrom(
      null,
      { stage: 'pending' as const, refunded: rupiah(0) },
      { stage: 'settlement' as const, refunded: rupiah(4_000) },
    ),
    noteLook: fc.boolean(),
    isNewest: fc.boolean(),
    asked: fc.constantFrom(undefined, undefined, { reason: 'a clerk asked' }),
  })
  .map(({ observation, asked, ...how }) => observed(observation, { ...how, ...(asked && { asked }) }));

/** A no to the last send, or to one of another time. */
const anySend: fc.Arbitrary<OfSend> = fc.constantFrom({}, {}, toSendAt(0), toSendAt(seconds(30)));

const anyChargeOutcome: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(chargeNotSent(), chargeNotSent('account'), pageGiven(), claimCharge, absent, giveUp),
  fc
    .tuple(fc.constantFrom('request', 'account', 'state', 'conflict'), fc.boolean(), anySend)
    .map(([because, firstSend, send]) => chargeRefused(because, 406, firstSend, send)),
  fc.constantFrom(...wishes).map((wish) => unanswered(wish)),
);

const anyAction: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('Capture', 'Cancel', 'Expiry', 'Approval', 'Denial'),
      fc.constantFrom(null, ...amounts),
      fc.constantFrom(...wishes),
    )
    .map(([action, amount, wish]) => request(action, amount, wish)),
  fc.constant(claimAction),
  fc.constantFrom(...wishes).map((wish) => pageClosed(wish)),
  fc
    .tuple(fc.constantFrom('request', 'state'), fc.constantFrom(...wishes), anySend)
    .map(([because, wish, send]) => actionRefused(because, 412, wish, send)),
  fc.tuple(fc.constantFrom(...wishes), anySend).map(([wish, send]): Step => ({
    type: 'RecordActionNotSent',
    wishId: wish,
    ...send,
    because: 'unreachable',
    statusCode: null,
    message: 'no',
  })),
);

const anyRefundStep: fc.Arbitrary<Step> = fc.constantFrom(...refundKeys).chain((key) =>
  fc.oneof(
    fc.constantFrom(null, ...amounts).map((amount) => requestRefund(amount, key)),
    fc
      .tuple(fc.constantFrom(...amounts), fc.constantFrom(null, confirmedAt))
      .map(([amount, at]) => refundAccepted(amount, key, at)),
    anySend.chain((send) =>
      fc.constantFrom(
        claimRefund(key),
        refundRefused(key, send),
        refundRefused(key, send, 412),
        refundNotSent(key, send),
      ),
    ),
  ),
);

/** The order again, by the same user or another. */
const anyInitiation: fc.Arbitrary<Step> = fc
  .tuple(anyProvider, fc.constantFrom('fingerprint-1', 'another'))
  .map(([provider, fingerprint]) => initiate(provider, { fingerprint }));

/** What a charge meets that Midtrans does not know. */
const anyDoubt: fc.Arbitrary<Step> = fc.constantFrom(
  absent,
  absent,
  { type: 'ObserveAbsence', asked: { reason: null } },
  { type: 'RecordLookUnanswered', asked: { reason: 'a clerk asked' } },
  unanswered(),
  wait(minutes(10)),
  wait(minutes(1)),
);

/** What a page meets on which nobody picks anything. */
const anyPageStep: fc.Arbitrary<Step> = fc.constantFrom(
  request('Cancel'),
  request('Expiry'),
  pageClosed(),
  claimAction,
  absent,
  pageGiven(),
  wait(hours(25)),
);

const kinds: readonly fc.Arbitrary<Step>[] = [
  anyDoubt,
  anyPageStep,
  anyReport,
  anyRefundStep,
  anyAction,
  anyChargeOutcome,
  anyWait,
  anyInitiation,
];

const beginnings: readonly ((provider: Provider) => readonly Step[])[] = [
  (provider) => [initiate(provider)],
  () => openPage,
  (provider) => charged('authorize', provider),
  (provider) => charged('settlement', provider),
];

/** A life of one payment. Each life knows only some kinds of steps, so that those meet more often. */
export const anyLife: fc.Arbitrary<readonly Step[]> = fc
  .tuple(anyProvider, fc.constantFrom(...beginnings), fc.subarray([...kinds], { minLength: 1 }))
  .chain(([provider, beginning, known]) =>
    fc.array(fc.oneof(...known), { minLength: 1, maxLength: 40 }).map((steps) => [...beginning(provider), ...steps]),
  );

/** A life of little else than actions in doubt, and of what moves under them. */
export const anyLifeOfActions: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.constantFrom(
      openPage,
      charged('pending', 'credit_card'),
      charged('authorize', 'credit_card'),
      charged('challenge', 'credit_card'),
    ),
    fc.array(
      fc.oneof(
        fc.constantFrom('Capture', 'Cancel', 'Expiry', 'Approval', 'Denial').map((action) => request(action)),
        fc
          .tuple(
            fc.constantFrom('pending', 'authorize', 'challenge', 'capture', 'deny', 'expire', 'cancel'),
            fc.constantFrom('tx-1', 'tx-1', 'tx-2').map(transactionId),
          )
          .map(([stage, id]) => atStage(stage, 'credit_card', { transactionId: id })),
        fc.constant(claimAction),
        fc.constant(wait(seconds(30))),
      ),
      { minLength: 5, maxLength: 30 },
    ),
  )
  .map(([beginning, steps]) => [...beginning, ...steps]);
