import * as fc from 'fast-check';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { TransactionStatus } from '../../../src/domain/payments/gateway-status.js';
import { transactionId } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation, ObservedRefund } from '../../../src/domain/payments/observation.js';
import { after } from '../../../src/domain/time/instant.js';
import { firstMoment } from './payment-story.js';
import { observedRefund, transaction } from './wishes-and-reports.js';

// What Midtrans can truly do to one transaction, as tables 4.1, 4.2 and 4.3 of the facts have it.

type Place = TransactionStatus | 'challenge';

interface Way {
  readonly provider: Provider;
  readonly starts: readonly Place[];
  readonly leads: Partial<Readonly<Record<Place, readonly Place[]>>>;
}

const refunding = { settlement: ['partial_refund', 'refund'], partial_refund: ['partial_refund', 'refund'] } as const;

const cardPaid = {
  capture: ['settlement', 'cancel'],
  challenge: ['capture', 'deny', 'cancel'],
  settlement: ['partial_refund', 'refund', 'partial_chargeback', 'chargeback'],
  partial_refund: ['partial_refund', 'refund'],
  partial_chargeback: ['partial_chargeback', 'chargeback'],
} as const;

const card: Way = {
  provider: 'credit_card',
  starts: ['capture', 'challenge', 'deny', 'pending', 'authorize'],
  leads: {
    pending: ['capture', 'challenge', 'authorize', 'deny', 'cancel', 'expire', 'failure'],
    authorize: ['capture', 'cancel', 'expire', 'deny'],
    ...cardPaid,
  },
};

const pendingEnds = ['settlement', 'expire', 'cancel', 'deny', 'failure'] as const;
const plain = (provider: Provider): Way => ({ provider, starts: ['pending'], leads: { pending: pendingEnds } });
const reversible = (provider: Provider): Way => ({
  provider,
  starts: ['pending'],
  leads: { pending: pendingEnds, settlement: ['deny'] },
});
const refundable = (provider: Provider): Way => ({
  provider,
  starts: ['pending', 'settlement'],
  leads: { pending: pendingEnds, ...refunding },
});

export const ways: readonly Way[] = [
  card,
  ...(['bca', 'bni', 'bri', 'cimb', 'alfamart', 'bca_klikpay', 'cimb_clicks', 'uob_ezpay'] as const).map(plain),
  ...(['permata', 'mandiri', 'indomaret'] as const).map(reversible),
  ...(['gopay', 'qris', 'shopeepay', 'ovo', 'akulaku', 'kredivo'] as const).map(refundable),
];

/** One transaction's life: what each look or notification of it says, in order. */
export interface Life {
  readonly provider: Provider;
  readonly observations: readonly GatewayObservation[];
}

/** Choices of a walk: where it turns, and what it tells of its amounts. */
interface Choices {
  readonly turns: readonly number[];
  /** By step: are the refunds listed, or only summed up? */
  readonly named: readonly boolean[];
  readonly confirms: readonly boolean[];
  readonly shares: readonly number[];
  /** By step: is the amount told at all? */
  readonly told: readonly boolean[];
}

const anyChoices: fc.Arbitrary<Choices> = fc.record({
  turns: fc.array(fc.nat(20), { minLength: 8, maxLength: 8 }),
  named: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  confirms: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  shares: fc.array(fc.constantFrom(1, 500, 1_000), { minLength: 8, maxLength: 8 }),
  told: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

/** The places of a walk. One turn in seven ends it early. */
const walk = ({ starts, leads }: Way, turns: readonly number[]): readonly Place[] => {
  const places: Place[] = [];
  let next: readonly Place[] = starts;
  for (const turn of turns) {
    if (places.length > 0 && turn % 7 === 6) break;
    const place = next[turn % Math.max(1, next.length)];
    if (place === undefined) break;
    places.push(place);
    next = leads[place] ?? [];
  }
  return places;
};

const gross = 10_000;

/** What Midtrans says at each place: refunds and chargebacks add up, each refund is told twice. */
const said = (id: string, way: Way, choices: Choices, transactionTime: string): readonly GatewayObservation[] => {
  let refunds: readonly ObservedRefund[] = [];
  let chargedBack = 0;
  const observation = (place: Place, change: Partial<GatewayObservation> = {}): GatewayObservation => ({
    ...transaction(place === 'challenge' ? 'capture' : place, way.provider, {
      transactionId: transactionId(id),
      transactionTime,
      fraudStatus: place === 'challenge' ? 'challenge' : null,
      ...change,
    }),
  });
  return walk(way, choices.turns).flatMap((place, step) => {
    const share = choices.shares[step] ?? 1;
    const told = choices.told[step] ?? true;
    switch (place) {
      case 'partial_refund':
      case 'refund': {
        const back = refunds.reduce((sum, { amount }) => sum + amount, 0);
        const amount = place === 'refund' ? gross - back : share;
        const accepted = [...refunds, observedRefund(`${id}-${step}`, amount)];
        refunds = choices.confirms[step]
          ? accepted.map((refund) => ({ ...refund, confirmedAt: after(firstMoment, 5_000) }))
          : accepted;
        const total = { refundedTotal: told ? rupiah(back + amount) : null, settlementTime: firstMoment };
        const named = choices.named[step] ?? true;
        return [accepted, refunds].map((list) => observation(place, { ...total, refunds: named ? list : [] }));
      }
      case 'partial_chargeback':
      case 'chargeback':
        chargedBack = place === 'chargeback' ? gross : chargedBack + share;
        return [observation(place, { chargedBackTotal: told ? rupiah(chargedBack) : null })];
      default:
        return [observation(place)];
    }
  });
};

/** One transaction of one method. */
export const anyLife: fc.Arbitrary<Life> = fc.tuple(fc.constantFrom(...ways), anyChoices).map(([way, choices]) => ({
  provider: way.provider,
  observations: said('tx-1', way, choices, firstMoment),
}));

/** The tries of a customer on one page, one after the other. */
export const anyTries: fc.Arbitrary<readonly GatewayObservation[]> = fc
  .array(fc.tuple(fc.constantFrom(...ways), anyChoices, fc.nat(2)), { minLength: 1, maxLength: 4 })
  .map((tries) =>
    tries.flatMap(([way, choices, minute], index) =>
      said(`tx-${index + 1}`, way, choices, after(firstMoment, minute * 60_000)),
    ),
  );

/** As they may arrive: each at least once, some again, in any order. */
export const anyArrival = (observations: readonly GatewayObservation[]): fc.Arbitrary<readonly GatewayObservation[]> =>
  fc.array(fc.constantFrom(...observations), { maxLength: observations.length }).chain((again) => {
    const all = [...observations, ...again];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });
