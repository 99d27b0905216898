import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { FailureCause, PaymentEvent, StatusEvent, TransactionFacts } from '../../../src/domain/payments/events.js';
import { transactionId } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import type { KnownPayment } from '../../../src/domain/payments/state.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import type { Expected } from './payment-story.js';

// The events that a story expects. `answerBy` is 30 s after the wish (design D3).

type Written = PaymentEvent extends infer E ? (E extends PaymentEvent ? Omit<E, 'at'> : never) : never;
type Wished = Extract<Written, { readonly answerBy: Instant }>;
type Unanswered = Wished extends infer E ? (E extends Wished ? Omit<E, 'answerBy'> : never) : never;

export const event =
  (written: Written): Expected =>
  (now) => ({ ...written, at: now });

export const wish =
  (written: Unanswered): Expected =>
  (now) => ({ ...written, at: now, answerBy: after(now, 30_000) });

const factsOf = (observation: GatewayObservation): TransactionFacts => ({
  transactionId: observation.transactionId,
  paymentType: observation.paymentType,
  provider: observation.provider,
  fraudStatus: observation.fraudStatus,
  transactionTime: observation.transactionTime,
  expiresAt: observation.expiryTime,
  details: observation.details,
  personal: null,
});

type Plain = Exclude<StatusEvent['type'], 'PaymentCaptured' | 'PaymentChallenged' | 'PaymentSettled' | 'PaymentFailed'>;

export const moved = (type: Plain | 'ChargeAnswered', observation: GatewayObservation): Expected =>
  event({ type, ...factsOf(observation) } as Written);

export const paid = (
  type: 'PaymentCaptured' | 'PaymentChallenged',
  observation: GatewayObservation,
  amount: number = observation.grossAmount,
): Expected => event({ type, ...factsOf(observation), amount: rupiah(amount) } as Written);

/** Settled at Midtrans' own time, else when we heard of it. */
export const settled =
  (observation: GatewayObservation, amount: number = observation.grossAmount): Expected =>
  (now) => ({
    type: 'PaymentSettled',
    at: now,
    ...factsOf(observation),
    amount: rupiah(amount),
    settledAt: observation.settlementTime ?? now,
  });

export const gatewayFailed = (observation: GatewayObservation): Expected =>
  event({
    type: 'PaymentFailed',
    ...factsOf(observation),
    because: 'gateway',
    statusCode: null,
    message: 'Midtrans reports a failure',
  });

const withoutTransaction = ({ paymentType, provider }: Pick<KnownPayment, 'paymentType' | 'provider'>) => ({
  transactionId: null,
  paymentType,
  provider,
  fraudStatus: null,
  transactionTime: null,
  expiresAt: null,
  details: {},
  personal: null,
});

export const failed = (
  payment: Pick<KnownPayment, 'paymentType' | 'provider'>,
  because: FailureCause,
  statusCode: number | null,
  message: string,
): Expected => event({ type: 'PaymentFailed', ...withoutTransaction(payment), because, statusCode, message });

const snap = { paymentType: 'snap', provider: 'snap' } as const;

export const pageShown = (type: 'PaymentPending' | 'ChargeAnswered', url = 'https://page.example/1'): Expected =>
  event({
    type,
    ...withoutTransaction(snap),
    personal: { payment_details: { snap_token: 'token-1', redirect_url: url } },
  } as Written);

export const pageEnded = (type: 'PaymentExpired' | 'PaymentCancelled'): Expected =>
  event({ type, ...withoutTransaction(snap) } as Written);

export const asked = (
  found: Extract<PaymentEvent, { type: 'GatewayAsked' }>['found'],
  absenceCounts = false,
  id: string | null = found === null || found === 'unanswered' ? null : 'tx-1',
  reason: string | null = null,
): Expected =>
  event({ type: 'GatewayAsked', transactionId: id === null ? null : transactionId(id), found, absenceCounts, reason });

export const alarm = (
  kind: Extract<PaymentEvent, { type: 'GatewayContradiction' }>['kind'],
  detail: string,
  id: string | null = 'tx-1',
): Expected =>
  event({ type: 'GatewayContradiction', kind, transactionId: id === null ? null : transactionId(id), detail });
