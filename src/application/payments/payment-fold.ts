import type { PaymentEvent, PaymentEventOf, TransactionFacts } from '../../domain/payments/events.js';
import { evolve } from '../../domain/payments/evolve.js';
import type { JsonObject } from '../../domain/json.js';
import { hasPage } from '../../domain/payments/ownership.js';
import { isSealed } from '../../domain/personal.js';
import { newPayment, type KnownPayment } from '../../domain/payments/state.js';
import type { Instant } from '../../domain/time/instant.js';
import type { ToldEvent } from '../ports/whole-streams.js';
import { paymentEventOf } from './stored-payment-events.js';

/** Ciphertext and the place in the log that it opens at. `of`: the transaction whose details it holds; null: the payment's own. */
export interface SealedPart {
  readonly of: string | null;
  readonly sealed: string;
  readonly bound_to: string;
}

/** Everything about a payment that its events tell, decided or not: what the read model is written from (design D5). */
export interface PaymentFold {
  readonly id: string;
  readonly state: KnownPayment;
  /** Asked for and answered for the payment as such. */
  readonly details: JsonObject;
  /** What each transaction showed. */
  readonly transactions: Readonly<
    Record<string, { readonly details: JsonObject; readonly fraudStatus: string | null }>
  >;
  readonly sealed: readonly SealedPart[];
  readonly itemDetails: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

const sealedPart = (
  event: Pick<TransactionFacts, 'personal'>,
  stored: ToldEvent,
  of: string | null,
): readonly SealedPart[] =>
  isSealed(event.personal) ? [{ of, sealed: event.personal.sealed, bound_to: `${stored.stream}/${stored.id}` }] : [];

const begun = (event: PaymentEventOf<'PaymentInitiated'>, stored: ToldEvent, id: string): PaymentFold => ({
  id,
  state: evolve(newPayment, event),
  details: event.details,
  transactions: {},
  sealed: sealedPart(event, stored, null),
  itemDetails: event.itemDetails,
  metadata: event.metadata,
  createdAt: event.at,
  updatedAt: event.at,
});

const withFacts = (fold: PaymentFold, event: TransactionFacts, stored: ToldEvent): PaymentFold => {
  const { transactionId, fraudStatus, paymentType } = event;
  if (transactionId === null)
    return {
      ...fold,
      details: { ...fold.details, ...event.details },
      sealed: [...fold.sealed, ...sealedPart(event, stored, null)],
    };
  const before = fold.transactions[transactionId];
  const paidWith = hasPage(fold.state) ? { paid_with: paymentType } : {};
  const details = { ...before?.details, ...paidWith, ...event.details };
  return {
    ...fold,
    transactions: {
      ...fold.transactions,
      [transactionId]: { details, fraudStatus: fraudStatus ?? before?.fraudStatus ?? null },
    },
    sealed: [...fold.sealed, ...sealedPart(event, stored, transactionId)],
  };
};

const hasFacts = (event: PaymentEvent): event is PaymentEvent & TransactionFacts =>
  'details' in event && event.type !== 'PaymentInitiated';

/** One more event. @throws UnreadableEvent, ImpossibleHistory */
export const foldEvent = (fold: PaymentFold | undefined, stored: ToldEvent, id: string): PaymentFold => {
  const event = paymentEventOf(stored);
  if (event.type === 'PaymentInitiated') return begun(event, stored, id);
  const state = evolve(fold ? fold.state : newPayment, event);
  if (!fold) throw new Error(`Payment ${id} begins with ${event.type}`);
  const moved = { ...fold, state, updatedAt: event.at };
  return hasFacts(event) ? withFacts(moved, event, stored) : moved;
};

/** undefined: no events, no payment. */
export const foldEvents = (id: string, events: readonly ToldEvent[]): PaymentFold | undefined =>
  events.reduce<PaymentFold | undefined>((fold, event) => foldEvent(fold, event, id), undefined);
