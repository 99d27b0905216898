import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { decide } from '../../../src/domain/payments/decide.js';
import { durations } from '../../../src/domain/payments/durations.js';
import type { PaymentEvent, PaymentEventOf } from '../../../src/domain/payments/events.js';
import { evolveAll } from '../../../src/domain/payments/evolve.js';
import { newPayment, type PaymentState } from '../../../src/domain/payments/state.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import { anyWait } from './any-step.js';
import { commandOf, firstMoment, type Step } from './payment-story.js';
import {
  absent,
  chargeAnswered,
  chargeNotSent,
  chargeRefused,
  claimCharge,
  giveUp,
  initiate,
  observed,
  pageGiven,
  transaction,
  unanswered,
} from './wishes-and-reports.js';

// The forgetful bank: it charges as often as it is asked to, so whatever keeps a customer from being charged twice is ours.

/** One send of the charge, as it fares on the way. Its outcome may come late, even after others have taken over. */
interface Send {
  readonly answerBy: Instant;
  readonly arrives: boolean;
  open: boolean;
}

type Move =
  | { readonly type: 'ask' | 'claim' | 'look' | 'give up' }
  | { readonly type: 'wait'; readonly step: Step }
  | { readonly type: 'outcome'; readonly send: number; readonly choice: number };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<Move>({ type: 'ask' }, { type: 'claim' }, { type: 'look' }, { type: 'give up' }),
  },
  { weight: 2, arbitrary: anyWait.map((step): Move => ({ type: 'wait', step })) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(3), fc.nat(9)).map(([send, choice]): Move => ({ type: 'outcome', send, choice })),
  },
);

const isSend = (event: PaymentEvent): event is PaymentEventOf<'PaymentInitiated' | 'ChargeAttempted'> =>
  event.type === 'PaymentInitiated' || event.type === 'ChargeAttempted';

class ForgetfulBank {
  private state: PaymentState = newPayment;
  private now: Instant = firstMoment;
  readonly sends: Send[] = [];
  readonly history: PaymentEvent[] = [];

  constructor(
    private readonly provider: Provider,
    private readonly arrivals: readonly boolean[],
  ) {}

  get charges(): number {
    return this.sends.filter(({ arrives }) => arrives).length;
  }

  play(move: Move): void {
    switch (move.type) {
      case 'ask':
        return this.tell(initiate(this.provider));
      case 'claim':
        return this.tell(claimCharge);
      case 'give up':
        return this.tell(giveUp);
      case 'look':
        return this.tell(this.charges > 0 ? observed(transaction('pending', this.provider)) : absent);
      case 'wait':
        if (move.step.type === 'Wait') this.now = after(this.now, move.step.ms);
        return undefined;
      case 'outcome':
        return this.end(move.send, move.choice);
    }
  }

  /** Only what can be true of this send. A 406 tells no more than that the bank knows the order id. */
  private end(index: number, choice: number): void {
    const send = this.sends[index];
    if (!send?.open) return;
    send.open = false;
    const answer = this.provider === 'snap' ? pageGiven() : chargeAnswered(transaction('pending', this.provider));
    const whenArrived = [answer, unanswered()];
    const { answerBy } = send;
    const whenLost = [
      chargeNotSent('unreachable', { answerBy }),
      chargeRefused('account', 401, true, { answerBy }),
      chargeRefused('request', 400, true, { answerBy }),
      unanswered(),
    ];
    const whenKnown = this.charges > 1 || !send.arrives ? [] : [chargeRefused('conflict', 406, false, { answerBy })];
    const possible = send.arrives ? [...whenArrived, ...whenKnown] : whenLost;
    const outcome = possible[choice % possible.length];
    if (outcome) this.tell(outcome);
  }

  private tell(step: Step): void {
    if (step.type === 'Wait') return;
    const decision = decide(commandOf(step, this.state, this.now), this.state, durations);
    if (decision.type === 'rejected') return;
    this.state = evolveAll(this.state, decision.events);
    this.history.push(...decision.events);
    for (const { answerBy } of decision.events.filter(isSend))
      this.sends.push({ answerBy, arrives: this.arrivals[this.sends.length] ?? true, open: true });
  }
}

const anyRun = (provider: Provider): fc.Arbitrary<ForgetfulBank> =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), fc.array(anyMove, { minLength: 10, maxLength: 60 }))
    .map(([arrivals, moves]) => {
      const bank = new ForgetfulBank(provider, arrivals);
      bank.play({ type: 'ask' });
      for (const move of moves) bank.play(move);
      return bank;
    });

const runs = { numRuns: 4_000 };

describe('an order, whatever is lost on the way and however often it is asked for', () => {
  it('is charged at most once', () =>
    fc.assert(
      fc.property(anyRun('gopay'), ({ charges }) => {
        expect(charges).toBeLessThanOrEqual(1);
      }),
      runs,
    ));

  it('is not sent again once a send went unanswered, or was looked for', () =>
    fc.assert(
      fc.property(anyRun('gopay'), ({ history }) => {
        const doubted = history.findIndex(({ type }) => type === 'GatewayUnanswered');
        if (doubted === -1) return;
        expect(history.slice(doubted).filter(isSend)).toStrictEqual([]);
      }),
      runs,
    ));

  it.each(['gopay', 'snap'] as const)(
    'of %s is sent again only by who knows, or may take, that the send before is over',
    (provider) =>
      fc.assert(
        fc.property(anyRun(provider), ({ history }) => {
          const sends = history.flatMap((event, index) =>
            event.type === 'PaymentInitiated' || event.type === 'ChargeAttempted' ? [{ event, index }] : [],
          );
          for (const [n, { event, index }] of sends.entries()) {
            const earlier = sends[n - 1];
            if (!earlier) continue;
            const over = history.slice(earlier.index, index).some(({ type }) => type === 'ChargeNotSent');
            expect(over || (provider === 'snap' && event.at >= earlier.event.answerBy)).toBe(true);
          }
        }),
        runs,
      ),
  );
});
