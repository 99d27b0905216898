import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { decide } from '../../../src/domain/payments/decide.js';
import { durations } from '../../../src/domain/payments/durations.js';
import type { PaymentEvent, PaymentEventOf } from '../../../src/domain/payments/events.js';
import { evolveAll } from '../../../src/domain/payments/evolve.js';
import { transactionId, type RefundKey } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation, ObservedRefund } from '../../../src/domain/payments/observation.js';
import { newPayment, type PaymentState } from '../../../src/domain/payments/state.js';
import { shownAttempt, summaryOf } from '../../../src/domain/payments/summary.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import { commandOf, firstMoment, type Step } from './payment-story.js';
import {
  claimRefund,
  giveUp,
  initiate,
  lookedUp,
  observed,
  observedRefund,
  pageGiven,
  refundAccepted,
  refundNotSent,
  refundRefused,
  refundWish,
  requestRefund,
  transaction,
  unanswered,
} from './wishes-and-reports.js';

// A generous bank: it pays back whatever it is asked for, once for each key, and never checks what is left. Some sends it refuses, or
// they get lost.

const captured = 10_000;
const keys = ['r-1', 'r-2'] as const;
const transactions = ['tx-1', 'tx-2'] as const;

type Key = (typeof keys)[number];
type Transaction = (typeof transactions)[number];

type Move =
  | { readonly type: 'wish'; readonly key: Key; readonly amount: number | null; readonly isPaid: boolean }
  | { readonly type: 'claim'; readonly key: Key; readonly isPaid: boolean }
  | { readonly type: 'outcome'; readonly send: number; readonly choice: number }
  | { readonly type: 'look'; readonly transaction: Transaction; readonly named: boolean }
  | { readonly type: 'pay'; readonly transaction: Transaction }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'give up' }
  /** Not ours: a clerk at Midtrans' dashboard, or the customer's own bank. */
  | {
      readonly type: 'dashboard' | 'chargeback';
      readonly transaction: Transaction;
      readonly amount: number;
      readonly named: boolean;
    };

/** One send of a refund. Its outcome may come late, even after others have taken over. */
interface Send {
  readonly key: RefundKey;
  readonly answerBy: Instant;
  /** This send, or one before it, was carried out: a no to it would have been looked into. */
  readonly isKnown: boolean;
  readonly isPaid: boolean;
}

const anyKey = fc.constantFrom(...keys);
const anyTransaction = fc.constantFrom(...transactions);
const anyAmount = fc.constantFrom(1, 4_000, 6_000, 10_000);

const anyWish: fc.Arbitrary<Move> = fc.record({
  type: fc.constant('wish'),
  key: anyKey,
  amount: fc.option(anyAmount, { nil: null }),
  isPaid: fc.boolean(),
});
const anyClaim: fc.Arbitrary<Move> = fc.record({ type: fc.constant('claim'), key: anyKey, isPaid: fc.boolean() });
const anyOutcome: fc.Arbitrary<Move> = fc.record({
  type: fc.constant('outcome'),
  send: fc.nat(3),
  choice: fc.nat(2),
});

/** Little else than sends that overlap, and what is said of them late. */
const overlappingMoves: readonly fc.WeightedArbitrary<Move>[] = [
  { weight: 2, arbitrary: anyWish },
  { weight: 2, arbitrary: anyClaim },
  { weight: 2, arbitrary: anyOutcome },
  { weight: 1, arbitrary: fc.constant({ type: 'wait', ms: 30_000 }) },
];

const ourMoves: readonly fc.WeightedArbitrary<Move>[] = [
  { weight: 4, arbitrary: anyWish },
  { weight: 3, arbitrary: anyClaim },
  { weight: 4, arbitrary: anyOutcome },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('look'), transaction: anyTransaction, named: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pay'), transaction: anyTransaction }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 30, 30, 60, 3_600, 6 * 86_400).map((ms): Move => ({ type: 'wait', ms: ms * 1_000 })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'give up' }) },
];

const foreignMoves: readonly fc.WeightedArbitrary<Move>[] = [
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('dashboard', 'chargeback'),
      transaction: anyTransaction,
      amount: anyAmount,
      named: fc.boolean(),
    }),
  },
];

/** What this bank finds wrong with what the service asked for or shows. */
type Complaint = { readonly event: PaymentEvent | null; readonly left: number; readonly said: number };

class GenerousBank {
  private state: PaymentState = newPayment;
  private now: Instant = firstMoment;
  readonly complaints: Complaint[] = [];
  private readonly wished = new Map<string, Wished>();
  /** Refunds that the service has asked for, or is about to, and whose end it does not know. */
  private readonly reserved = new Set<string>();
  private readonly paid = new Set<Transaction>();
  private open: readonly Send[] = [];
  private readonly refunds = new Map<string, ObservedRefund & { readonly transaction: string }>();
  private readonly chargedBack = new Map<Transaction, number>();

  constructor(moves: readonly Move[]) {
    for (const step of [initiate('snap'), pageGiven()]) this.tell(step);
    this.play({ type: 'pay', transaction: 'tx-1' });
    for (const move of moves) this.play(move);
  }

  /** Paid back by this bank, in sum, of one transaction. */
  paidBack(id: Transaction): number {
    return this.refundsOf(id).reduce((sum, { amount }) => sum + amount, 0);
  }

  private play(move: Move): void {
    switch (move.type) {
      case 'wish':
        return this.send(requestRefund(move.amount, move.key), move.isPaid);
      case 'claim':
        return this.send(claimRefund(move.key), move.isPaid);
      case 'outcome':
        return this.end(move);
      case 'look':
        return this.paid.has(move.transaction)
          ? void this.tell(lookedUp(this.shown(move.transaction, move.named)))
          : undefined;
      case 'pay':
        this.paid.add(move.transaction);
        return void this.tell(observed(this.shown(move.transaction, true)));
      case 'wait':
        this.now = after(this.now, move.ms);
        return undefined;
      case 'give up':
        return void this.tell(giveUp);
      case 'dashboard':
      case 'chargeback':
        return this.interfere(move);
    }
  }

  private send(wish: Step, isPaid: boolean): void {
    for (const event of this.tell(wish)) {
      if (event.type !== 'RefundRequested' && event.type !== 'RefundAttempted') continue;
      const { refundKey: key, answerBy } = event;
      const refund =
        this.state.phase === 'known' ? this.state.refunds.find(({ refundKey }) => refundKey === key) : undefined;
      if (isPaid && refund && !this.refunds.has(key))
        this.refunds.set(key, { ...observedRefund(key, refund.amount), transaction: refund.transactionId });
      this.open = [...this.open, { key, answerBy, isKnown: this.refunds.has(key), isPaid }];
    }
  }

  /** Only what can be true of this send. That a later one was carried out makes no difference to what was said of it. */
  private end({ send: index, choice }: Extract<Move, { type: 'outcome' }>): void {
    const send = this.open[index % Math.max(1, this.open.length)];
    if (!send) return;
    this.open = this.open.filter((other) => other !== send);
    const { key, answerBy } = send;
    const amount = this.refunds.get(key)?.amount ?? 0;
    const yes = [refundAccepted(amount, key), unanswered(refundWish)];
    const lost = [refundNotSent(key, { answerBy }), unanswered(refundWish)];
    const known = send.isPaid ? yes : [...yes, refundNotSent(key, { answerBy })];
    const possible = send.isKnown ? known : [refundRefused(key, { answerBy }), ...lost];
    const outcome = possible[choice % possible.length];
    if (outcome) this.tell(outcome);
  }

  /** Told to us at once, or nobody could blame us. */
  private interfere({
    type,
    transaction: id,
    amount,
    named,
  }: Extract<Move, { type: 'dashboard' | 'chargeback' }>): void {
    if (!this.paid.has(id)) return;
    if (type === 'chargeback') this.chargedBack.set(id, Math.max(this.chargedBack.get(id) ?? 0, amount));
    else
      this.refunds.set(`dashboard-${id}-${amount}`, {
        ...observedRefund(`dashboard-${id}-${amount}`, amount),
        transaction: id,
      });
    this.tell(observed(type === 'chargeback' ? this.chargebackOf(id) : this.shown(id, named)));
  }

  private refundsOf(id: Transaction): readonly ObservedRefund[] {
    return [...this.refunds.values()]
      .filter(({ transaction: of }) => of === id)
      .map(({ refundKey, amount, reason, confirmedAt }) => ({ refundKey, amount, reason, confirmedAt }));
  }

  private shown(id: Transaction, named: boolean): GatewayObservation {
    const back = this.paidBack(id);
    const status = back === 0 ? 'settlement' : back >= captured ? 'refund' : 'partial_refund';
    return transaction(status, 'gopay', {
      transactionId: transactionId(id),
      transactionTime: id === 'tx-1' ? firstMoment : after(firstMoment, 60_000),
      settlementTime: firstMoment,
      refunds: named ? this.refundsOf(id) : [],
      refundedTotal: back === 0 ? null : rupiah(back),
    });
  }

  private chargebackOf(id: Transaction): GatewayObservation {
    const total = this.chargedBack.get(id) ?? 0;
    return transaction(total >= captured ? 'chargeback' : 'partial_chargeback', 'gopay', {
      transactionId: transactionId(id),
      settlementTime: firstMoment,
      chargedBackTotal: rupiah(total),
    });
  }

  private tell(step: Step): readonly PaymentEvent[] {
    if (step.type === 'Wait') return [];
    const decision = decide(commandOf(step, this.state, this.now), this.state, durations);
    if (decision.type === 'rejected') return [];
    for (const event of decision.events) this.audit(event);
    this.state = evolveAll(this.state, decision.events);
    this.auditSummary();
    return decision.events;
  }

  /** By the bank's own books: what there is of a transaction beside this refund, which the service may reserve. */
  private leftBeside(id: string, key: string): number {
    const back = [...this.refunds.entries()].filter(([of, { transaction: on }]) => on === id && of !== key);
    const open = [...this.reserved].filter((of) => of !== key && !this.refunds.has(of));
    const amounts = [
      ...back.map(([, { amount }]) => amount),
      ...open.map((of) => this.wished.get(of)).map((wish) => (wish?.transactionId === id ? wish.amount : 0)),
    ];
    return (
      captured - (this.chargedBack.get(id as Transaction) ?? 0) - amounts.reduce<number>((sum, one) => sum + one, 0)
    );
  }

  /** A wish, or another send of it, is for no more than there is. */
  private audit(event: PaymentEvent): void {
    if (event.type === 'RefundRequested') this.wished.set(event.refundKey, event);
    if (event.type === 'RefundRefused' || event.type === 'RefundNotSent' || event.type === 'RefundAccepted')
      this.reserved.delete(event.refundKey);
    if (event.type !== 'RefundRequested' && event.type !== 'RefundAttempted') return;
    this.reserved.add(event.refundKey);
    const wish = this.wished.get(event.refundKey);
    if (!wish) throw new Error(`${event.refundKey} was never wished for`);
    const left = this.leftBeside(wish.transactionId, wish.refundKey);
    if (wish.amount > left) this.complaints.push({ event, left, said: wish.amount });
  }

  /** Nothing is shown as refunded that was not, and nothing as left that is not. */
  private auditSummary(): void {
    if (this.state.phase !== 'known') return;
    const id = shownAttempt(this.state)?.transactionId;
    if (id === undefined) return;
    const { refunded, refundable } = summaryOf(this.state);
    const left = Math.max(0, this.leftBeside(id, ''));
    const back = this.paidBack(id as string as Transaction);
    if (refundable > left) this.complaints.push({ event: null, left, said: refundable });
    if (refunded > back) this.complaints.push({ event: null, left: back, said: refunded });
  }
}

const anyRun = (moves: readonly fc.WeightedArbitrary<Move>[]): fc.Arbitrary<GenerousBank> =>
  fc.array(fc.oneof(...moves), { minLength: 10, maxLength: 60 }).map((played) => new GenerousBank(played));

type Wished = PaymentEventOf<'RefundRequested'>;

const runs = { numRuns: 6_000 };

describe('refunds, whatever is wished, lost, repeated and observed', () => {
  it.each([
    ['whatever happens', ourMoves],
    ['when sends overlap, and a no comes late', overlappingMoves],
  ])('never add up to more than was captured, even at a bank that never says no: %s', (_when, moves) =>
    fc.assert(
      fc.property(anyRun(moves), (bank) => {
        for (const id of transactions) expect(bank.paidBack(id)).toBeLessThanOrEqual(captured);
      }),
      runs,
    ),
  );

  it('are never wished for, nor shown as left, beyond what is captured less charged back, refunded by whomever and reserved', () =>
    fc.assert(
      fc.property(anyRun([...ourMoves, ...foreignMoves]), ({ complaints }) => {
        expect(complaints).toStrictEqual([]);
      }),
      runs,
    ));
});
