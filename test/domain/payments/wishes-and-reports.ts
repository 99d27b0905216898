import { rulesOf, type Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { NotSentCause, PaymentOrder } from '../../../src/domain/payments/events.js';
import type { TransactionStatus } from '../../../src/domain/payments/gateway-status.js';
import { orderId, refundKey, transactionId, wishId } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation, ObservedRefund } from '../../../src/domain/payments/observation.js';
import type { ActionName, Stage } from '../../../src/domain/payments/stages.js';
import { after, type Instant } from '../../../src/domain/time/instant.js';
import { firstMoment, type Step } from './payment-story.js';

// The commands of a story, with the noise filled in: an order of 10,000 rupiah, its transaction `tx-1`, refund `r-1`, ...

export const chargeWish = wishId('charge-wish');
export const actionWish = wishId('action-wish');
export const refundWish = wishId('refund-wish');

export const order = (provider: Provider, change: Partial<PaymentOrder> = {}): PaymentOrder => ({
  orderId: orderId('order-1'),
  userId: 'user-1',
  paymentType: rulesOf(provider).paymentType,
  provider,
  amount: rupiah(10_000),
  details: {},
  personal: null,
  itemDetails: null,
  metadata: null,
  expiry: null,
  fingerprint: 'fingerprint-1',
  ...change,
});

export const initiate = (provider: Provider = 'bca', change: Partial<PaymentOrder> = {}): Step => ({
  type: 'InitiatePayment',
  order: order(provider, change),
  wishId: chargeWish,
});

/** Which send a no is to: the last, unless it is an earlier one, made when the story had come so far (ms). */
export type OfSend = { readonly answerBy?: Instant };
export const toSendAt = (ms: number): OfSend => ({ answerBy: after(firstMoment, ms + 30_000) });

// The charge's outcomes

export const chargeNotSent = (because: NotSentCause = 'unreachable', send: OfSend = {}): Step => ({
  type: 'RecordChargeNotSent',
  ...send,
  because,
  statusCode: null,
  message: 'connection refused',
});

export const chargeRefused = (
  because: 'request' | 'account' | 'state' | 'conflict',
  statusCode: number,
  firstSend = true,
  send: OfSend = {},
): Step => ({
  type: 'RecordChargeRefused',
  because,
  statusCode,
  message: `Midtrans says ${statusCode}`,
  firstSend,
  ...send,
});

export const unanswered = (wish = chargeWish): Step => ({
  type: 'RecordUnanswered',
  wishId: wish,
  message: 'no answer within 25 s',
});

export const claimCharge: Step = { type: 'ClaimCharge' };
export const absent: Step = { type: 'ObserveAbsence' };
export const giveUp: Step = { type: 'GiveUpWaiting' };

export const pageGiven = (url = 'https://page.example/1'): Step => ({
  type: 'RecordPage',
  personal: { payment_details: { snap_token: 'token-1', redirect_url: url } },
});

// What Midtrans says of a transaction

const paymentTypeOf = (provider: Provider | null): string =>
  provider === null ? 'danamon_va' : rulesOf(provider).paymentType;

/** Transaction `tx-1` of the order's amount, with our wish echoed. */
export const transaction = (
  status: TransactionStatus,
  provider: Provider | null = 'bca',
  change: Partial<GatewayObservation> = {},
): GatewayObservation => ({
  orderId: orderId('order-1'),
  transactionId: transactionId('tx-1'),
  paymentType: paymentTypeOf(provider),
  provider,
  status,
  statusWord: status,
  fraudStatus: null,
  grossAmount: rupiah(10_000),
  wishId: chargeWish,
  transactionTime: firstMoment,
  settlementTime: status === 'settlement' ? after(firstMoment, 1_000) : null,
  expiryTime: null,
  refunds: [],
  refundedTotal: null,
  chargedBackTotal: null,
  details: { transaction_status: status },
  personalDetails: {},
  ...change,
});

export const observed = (
  observation: GatewayObservation,
  how: Partial<Omit<Extract<Step, { type: 'ObserveGatewayStatus' }>, 'type' | 'observation'>> = {},
): Step => ({
  type: 'ObserveGatewayStatus',
  observation,
  source: 'confirmed',
  knownBefore: null,
  noteLook: false,
  ...how,
});

/** The same, as the answer to our own charge. */
export const chargeAnswered = (observation: GatewayObservation): Step =>
  observed(observation, { source: 'charge-answer' });

/** GET status after we knew this transaction at `stage`, with so much refunded. */
export const lookedUp = (observation: GatewayObservation, stage: Stage | null = null, refunded = 0): Step =>
  observed(observation, {
    knownBefore: stage === null ? null : { stage, refunded: rupiah(refunded) },
    noteLook: true,
  });

export const observedRefund = (key: string, amount: number, confirmedAt: string | null = null): ObservedRefund => ({
  refundKey: refundKey(key),
  amount: rupiah(amount),
  reason: 'broken',
  confirmedAt,
});

/** A refund status with these refunds named and summed up. */
export const refundStatus = (
  status: 'refund' | 'partial_refund',
  refunds: readonly ObservedRefund[],
  provider: Provider = 'gopay',
  change: Partial<GatewayObservation> = {},
): GatewayObservation =>
  transaction(status, provider, {
    refunds,
    refundedTotal: rupiah(refunds.reduce((sum, { amount }) => sum + amount, 0)),
    settlementTime: after(firstMoment, 1_000),
    ...change,
  });

// Actions and their outcomes

export const request = (action: ActionName, amount: number | null = null, wish = actionWish): Step => ({
  type: 'RequestAction',
  action,
  wishId: wish,
  reason: 'a clerk asked',
  amount: amount === null ? null : rupiah(amount),
});

/** By who may do so only while nothing was paid or held. */
export const cancelPending: Step = {
  type: 'RequestAction',
  action: 'Cancel',
  wishId: actionWish,
  reason: 'a clerk asked',
  amount: null,
  onlyPending: true,
};

export const claimAction: Step = { type: 'ClaimAction' };

export const actionRefused = (
  because: 'request' | 'state' = 'state',
  statusCode = 412,
  wish = actionWish,
  send: OfSend = {},
): Step => ({
  type: 'RecordActionRefused',
  wishId: wish,
  ...send,
  because,
  statusCode,
  message: `Midtrans says ${statusCode}`,
});

export const actionNotSent = (because: NotSentCause = 'unreachable', send: OfSend = {}): Step => ({
  type: 'RecordActionNotSent',
  wishId: actionWish,
  ...send,
  because,
  statusCode: null,
  message: 'connection refused',
});

export const pageClosed = (wish = actionWish): Step => ({ type: 'RecordPageClosed', wishId: wish });

// Refunds and their outcomes

export const requestRefund = (amount: number | null, key = 'r-1', wish = refundWish): Step => ({
  type: 'RequestRefund',
  refundKey: refundKey(key),
  wishId: wish,
  amount: amount === null ? null : rupiah(amount),
  reason: 'broken',
});

export const claimRefund = (key = 'r-1'): Step => ({ type: 'ClaimRefund', refundKey: refundKey(key) });

export const refundAccepted = (amount: number, key = 'r-1', confirmedAt: string | null = null): Step => ({
  type: 'RecordRefundAccepted',
  refundKey: refundKey(key),
  amount: rupiah(amount),
  confirmedAt,
});

export const refundRefused = (key = 'r-1', send: OfSend = {}, statusCode = 414): Step => ({
  type: 'RecordRefundRefused',
  refundKey: refundKey(key),
  ...send,
  statusCode,
  message: `Midtrans says ${statusCode}`,
});

export const refundNotSent = (key = 'r-1', send: OfSend = {}, because: NotSentCause = 'unreachable'): Step => ({
  type: 'RecordRefundNotSent',
  refundKey: refundKey(key),
  ...send,
  because,
  statusCode: null,
  message: 'connection refused',
});

// How a payment comes to a stage

/** The ways that Midtrans shows a stage. */
export const atStage = (
  stage: Stage,
  provider: Provider | null = 'bca',
  change: Partial<GatewayObservation> = {},
): Step =>
  observed(
    stage === 'challenge'
      ? transaction('capture', provider, { fraudStatus: 'challenge', ...change })
      : transaction(stage, provider, change),
  );

/** Charged and seen at this stage. */
export const charged = (stage: Stage, provider: Provider = 'bca'): readonly Step[] => [
  initiate(provider),
  chargeAnswered(
    stage === 'challenge'
      ? transaction('capture', provider, { fraudStatus: 'challenge' })
      : transaction(stage, provider),
  ),
];

/** A Snap page that waits for its customer. */
export const openPage: readonly Step[] = [initiate('snap'), pageGiven()];
