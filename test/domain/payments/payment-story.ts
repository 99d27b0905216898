import { expect } from '@jest/globals';
import type { PaymentCommand } from '../../../src/domain/payments/commands.js';
import { decide } from '../../../src/domain/payments/decide.js';
import type { PaymentDecision } from '../../../src/domain/payments/decision.js';
import { durations } from '../../../src/domain/payments/durations.js';
import type { PaymentEvent } from '../../../src/domain/payments/events.js';
import { evolveAll } from '../../../src/domain/payments/evolve.js';
import type { PaymentRejection } from '../../../src/domain/payments/rejections.js';
import { newPayment, type KnownPayment, type OpenWish, type PaymentState } from '../../../src/domain/payments/state.js';
import { summaryOf, type PaymentSummary } from '../../../src/domain/payments/summary.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';

type Told<C> = C extends { readonly answerBy: Instant } ? Omit<C, 'answerBy'> & { readonly answerBy?: Instant } : C;
type Timeless<C> = C extends PaymentCommand ? Told<Omit<C, 'at'>> : never;

/** A command at the moment that the story has reached; a no to a send is one to the last, unless it names another. */
export type Saying = Timeless<PaymentCommand>;

/** Something said, or time going by (ms). */
export type Step = Saying | { readonly type: 'Wait'; readonly ms: number };

const lastSend = (saying: Saying, state: PaymentState): OpenWish | null => {
  if (state.phase === 'new') return null;
  if ('refundKey' in saying) return state.refunds.find(({ refundKey }) => refundKey === saying.refundKey)?.wish ?? null;
  if ('wishId' in saying) return state.action?.wish ?? null;
  return state.charge.phase === 'calling' ? state.charge.wish : null;
};

/** What is decided on, when this is said to a payment in this state. */
export const commandOf = (saying: Saying, state: PaymentState, at: Instant): PaymentCommand =>
  ({ answerBy: lastSend(saying, state)?.answerBy ?? at, ...saying, at }) as PaymentCommand;

/** What should have been written at that moment. */
export type Expected = (now: Instant) => PaymentEvent;

/** How the payment reads then; only the fields named are compared. */
export interface Shown {
  readonly shown: { readonly [Field in keyof PaymentSummary]?: number | string | boolean };
}

export const shows = (shown: Shown['shown']): Shown => ({ shown });

/** When every story begins. */
export const firstMoment: Instant = '2026-11-23T05:00:00.000Z';

export const wait = (ms: number): Step => ({ type: 'Wait', ms });
export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

export const nothingYet: PaymentDecision = { type: 'accepted', events: [] };

/**
 * One payment's story, told in commands: `givenPayment` what led there, `when` the one in question, `thenWrites` exactly what it wrote. Every
 * event goes through `decide` and `evolve`, so no test starts from a history that could not have been.
 */
export class PaymentStory {
  private constructor(
    private readonly state: PaymentState,
    readonly now: Instant,
    private readonly decision: PaymentDecision,
  ) {}

  static readonly start = new PaymentStory(newPayment, firstMoment, nothingYet);

  private step(step: Step): PaymentStory {
    if (step.type === 'Wait') return new PaymentStory(this.state, after(this.now, step.ms), this.decision);
    const decision = decide(commandOf(step, this.state, this.now), this.state, durations);
    const state = decision.type === 'accepted' ? evolveAll(this.state, decision.events) : this.state;
    return new PaymentStory(state, this.now, decision);
  }

  /** What led there. A command that is rejected here is a mistake of the test. */
  given(...steps: readonly Step[]): PaymentStory {
    return steps.reduce<PaymentStory>((story, step) => {
      const next = story.step(step);
      if (next.decision.type === 'rejected')
        throw new Error(`${step.type} was rejected: ${next.decision.rejection.code}`);
      return next;
    }, this);
  }

  /** The last step is the one in question. */
  when(...steps: readonly Step[]): PaymentStory {
    return this.given(...steps.slice(0, -1)).step(steps.at(-1) ?? wait(0));
  }

  /** Exactly these events, and of the summary what `shows` names. */
  thenWrites(...expected: readonly (Expected | Shown)[]): void {
    const events = expected.filter((what) => typeof what === 'function').map((event) => event(this.now));
    expect(this.decision).toStrictEqual({ type: 'accepted', events });
    for (const what of expected) if (typeof what !== 'function') this.thenShows(what.shown);
  }

  thenNothing(): void {
    this.thenWrites();
  }

  thenRejected(rejection: PaymentRejection): void {
    expect(this.decision).toStrictEqual({ type: 'rejected', rejection });
  }

  thenShows(shown: Shown['shown']): void {
    const summary = summaryOf(this.payment);
    expect(Object.fromEntries(Object.entries(summary).filter(([field]) => field in shown))).toStrictEqual(shown);
  }

  get payment(): KnownPayment {
    if (this.state.phase === 'new') throw new Error('No payment was initiated in this story');
    return this.state;
  }

  get events(): readonly PaymentEvent[] {
    return this.decision.type === 'accepted' ? this.decision.events : [];
  }
}

export const givenPayment = (...steps: readonly Step[]): PaymentStory => PaymentStory.start.given(...steps);
