import type { PaymentEvent } from './events.js';
import { evolveAll } from './evolve.js';
import type { PaymentRejection } from './rejections.js';
import type { KnownPayment, PaymentState } from './state.js';

export type PaymentDecision =
  | { readonly type: 'accepted'; readonly events: readonly PaymentEvent[] }
  | { readonly type: 'rejected'; readonly rejection: PaymentRejection };

/** No event: it is so already. */
export const accept = (...events: readonly PaymentEvent[]): PaymentDecision => ({ type: 'accepted', events });

export const reject = (rejection: PaymentRejection): PaymentDecision => ({ type: 'rejected', rejection });

type Step = (payment: KnownPayment) => readonly PaymentEvent[];

/** Several findings in one decision, each made on the state that those before it have left. */
export const inTurn = (payment: KnownPayment, steps: readonly Step[]): readonly PaymentEvent[] => {
  let state: PaymentState = payment;
  const events: PaymentEvent[] = [];
  for (const step of steps) {
    if (state.phase !== 'known') break;
    const found = step(state);
    events.push(...found);
    state = evolveAll(state, found);
  }
  return events;
};
