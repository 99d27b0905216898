import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decide } from '../../../src/domain/payments/decide.js';
import type { PaymentDecision } from '../../../src/domain/payments/decision.js';
import { durations } from '../../../src/domain/payments/durations.js';
import type { PaymentEvent } from '../../../src/domain/payments/events.js';
import { evolve, evolveAll } from '../../../src/domain/payments/evolve.js';
import { newPayment, type PaymentState } from '../../../src/domain/payments/state.js';
import { after } from '../../../src/domain/time/instant.js';
import { anyLife, anyLifeOfActions } from './any-step.js';
import { commandOf, firstMoment, type Step } from './payment-story.js';

interface Moment {
  readonly before: PaymentState;
  readonly decision: PaymentDecision;
  readonly after: PaymentState;
}

const eventsOf = (decision: PaymentDecision): readonly PaymentEvent[] =>
  decision.type === 'accepted' ? decision.events : [];

/** Whoever changes it in place from now on is thrown at. */
const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
};

/** Every decision of a life, and the states around it. */
const live = (steps: readonly Step[]): readonly Moment[] => {
  let state: PaymentState = newPayment;
  let now = firstMoment;
  const moments: Moment[] = [];
  for (const step of steps) {
    if (step.type === 'Wait') {
      now = after(now, step.ms);
      continue;
    }
    const before = state;
    const decision = decide(commandOf(step, before, now), before, durations);
    state = frozen(evolveAll(before, eventsOf(decision)));
    moments.push({ before, decision, after: state });
  }
  return moments;
};

const json = (value: unknown): string => JSON.stringify(value);
const throughJson = <T>(value: T): T => JSON.parse(json(value)) as T;

/** Where a transaction, or the page, stands; a page with an open try, or one that ended it, stands there no more. */
const standingOf = (state: PaymentState, id: string | null): string | undefined => {
  if (state.phase === 'new') return undefined;
  if (id !== null) return state.attempts.find(({ transactionId }) => transactionId === id)?.stage;
  const ended = state.attempts.every(({ stage }) => ['deny', 'expire', 'failure'].includes(stage));
  return ended ? state.page?.stage : 'picked';
};

const action = /^(Capture|Cancel|Expiry|Approval|Denial)(Requested|Attempted)$/;

/** For each action that was sent again: where its subject stood when it was asked for, and then. */
const sentAgain = (moments: readonly Moment[]): readonly (readonly [string | undefined, string | undefined])[] => {
  let asked: { readonly id: string | null; readonly at: string | undefined } | undefined;
  const found: [string | undefined, string | undefined][] = [];
  for (const { before, decision } of moments)
    for (const event of eventsOf(decision)) {
      if (!action.test(event.type)) continue;
      if ('transactionId' in event) asked = { id: event.transactionId, at: standingOf(before, event.transactionId) };
      else if (asked) found.push([asked.at, standingOf(before, asked.id)]);
    }
  return found;
};

const runs = { numRuns: 4_000 };

describe('whatever is said to a payment', () => {
  it('evolve accepts what decide wrote, and neither changes a state in place', () =>
    fc.assert(
      fc.property(anyLife, (steps) => {
        expect(() => live(steps)).not.toThrow();
      }),
      runs,
    ));

  it('a refused or ignored command leaves the very state that was there, unchanged', () =>
    fc.assert(
      fc.property(anyLife, (steps) => {
        for (const { before, decision, after: next } of live(steps))
          if (eventsOf(decision).length === 0) expect(next).toBe(before);
      }),
      runs,
    ));

  it('an action is sent again only in the state that it was asked in', () => {
    let seen = 0;
    fc.assert(
      fc.property(anyLifeOfActions, (steps) => {
        for (const [asked, now] of sentAgain(live(steps))) {
          expect(now).toBe(asked);
          seen += 1;
        }
      }),
      runs,
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('a state is plain JSON: read back, it goes on alike', () =>
    fc.assert(
      fc.property(anyLife, (steps) => {
        for (const { before, decision } of live(steps)) {
          const readBack = throughJson(before);
          expect(readBack).toStrictEqual(before);
          for (const event of eventsOf(decision).slice(0, 1))
            expect(evolve(readBack, throughJson(event))).toStrictEqual(evolve(before, event));
        }
      }),
      { numRuns: 1_000 },
    ));

  it('a history folded again event by event ends in the same state', () =>
    fc.assert(
      fc.property(anyLife, (steps) => {
        const moments = live(steps);
        const history = moments.flatMap(({ decision }) => eventsOf(decision));
        expect(json(evolveAll(newPayment, history))).toBe(json(moments.at(-1)?.after));
      }),
      runs,
    ));
});
