import type { Provider } from '../methods/providers.js';
import { largest, zeroRupiah, type Rupiah } from '../money/rupiah.js';
import { after, msBetween, type Instant } from '../time/instant.js';
import { unreachable } from '../unreachable.js';
import { contradictionKey, unresolved } from './contradictions.js';
import { mayHaveBeenCarriedOut } from './doubts.js';
import type { ContradictionKind, PaymentEvent, PaymentEventOf, StatusEvent } from './events.js';
import type { RefundKey, TransactionId, WishId } from './identity.js';
import { hasPage } from './ownership.js';
import { actionRules, isPaidStage, rankOf, type ActionName, type Stage } from './stages.js';
import type { Attempt, Charge, KnownPayment, OpenAction, OpenWish, PaymentState, Refund } from './state.js';

/** The log holds what `decide` would never have written: a fault of ours, not of the caller. */
export class ImpossibleHistory extends Error {
  override readonly name = 'ImpossibleHistory';
}

const impossible = (event: PaymentEvent, why: string): never => {
  throw new ImpossibleHistory(`${event.type} at ${event.at}: ${why}`);
};

const known = (state: PaymentState, event: PaymentEvent): KnownPayment =>
  state.phase === 'known' ? state : impossible(event, 'no payment was initiated before it');

// Wishes

const wishOf = (event: { wishId: WishId; answerBy: Instant; at: Instant }): OpenWish => ({
  wishId: event.wishId,
  firstAnswerBy: event.answerBy,
  answerBy: event.answerBy,
  sentAt: event.at,
  sends: 1,
  looks: 0,
  unanswered: false,
});

const sentAgain = (wish: OpenWish, event: { answerBy: Instant; at: Instant }): OpenWish => ({
  ...wish,
  answerBy: event.answerBy,
  sentAt: event.at,
  sends: wish.sends + 1,
  looks: wish.looks + 1,
});

/** Looking before the caller's time is up says nothing about its wish. */
const lookedAt = (wish: OpenWish, at: Instant): OpenWish =>
  at < wish.answerBy ? wish : { ...wish, looks: wish.looks + 1, unanswered: true };

const unanswered = (wish: OpenWish, wishId: WishId): OpenWish =>
  wish.wishId === wishId ? { ...wish, unanswered: true } : wish;

const mapWishes = (payment: KnownPayment, change: (wish: OpenWish) => OpenWish): KnownPayment => ({
  ...payment,
  charge:
    payment.charge.phase === 'calling' ? { ...payment.charge, wish: change(payment.charge.wish) } : payment.charge,
  action: payment.action && { ...payment.action, wish: change(payment.action.wish) },
  refunds: payment.refunds.map((refund) => (refund.wish ? { ...refund, wish: change(refund.wish) } : refund)),
});

// The charge

const initiated = (state: PaymentState, event: PaymentEventOf<'PaymentInitiated'>): KnownPayment => {
  if (state.phase !== 'new') return impossible(event, 'this payment was initiated before');
  const { orderId, userId, paymentType, provider, amount, wishId, fingerprint, expiresAt } = event;
  return {
    phase: 'known',
    orderId,
    userId,
    paymentType,
    provider,
    amount,
    wishId,
    fingerprint,
    initiatedAt: event.at,
    waitsMs: msBetween(event.at, expiresAt),
    expiresAt,
    charge: { phase: 'calling', wish: wishOf(event), absentSince: null },
    page: null,
    attempts: [],
    action: null,
    lastReached: null,
    refunds: [],
    contradictions: [],
  };
};

const chargeAttempted = (payment: KnownPayment, event: PaymentEventOf<'ChargeAttempted'>): KnownPayment => {
  const { charge } = payment;
  if (charge.phase !== 'calling' && charge.phase !== 'not_sent')
    return impossible(event, `the charge is ${charge.phase}`);
  const isFirst = charge.phase === 'not_sent';
  const wish = isFirst ? wishOf(event) : sentAgain(charge.wish, event);
  // Who asks again for what may be there already gives nobody more time: else a page that cannot be made would be asked for for ever.
  const expiresAt = isFirst ? after(event.at, payment.waitsMs) : payment.expiresAt;
  return { ...payment, expiresAt, charge: { phase: 'calling', wish, absentSince: null } };
};

/** The customer's time begins with the send that was answered. */
const made = ({ charge, expiresAt, waitsMs }: KnownPayment): Pick<KnownPayment, 'charge' | 'expiresAt'> => ({
  charge: { phase: 'made' },
  expiresAt: charge.phase === 'calling' ? after(charge.wish.sentAt, waitsMs) : expiresAt,
});

const calling = (payment: KnownPayment, event: PaymentEvent): Extract<Charge, { phase: 'calling' }> =>
  payment.charge.phase === 'calling' ? payment.charge : impossible(event, `the charge is ${payment.charge.phase}`);

const gatewayAsked = (payment: KnownPayment, event: PaymentEventOf<'GatewayAsked'>): KnownPayment => {
  // Nobody has looked: the schedule stands.
  if (event.found === 'unanswered') return payment;
  const looked = mapWishes(payment, (wish) => lookedAt(wish, event.at));
  if (looked.charge.phase !== 'calling' || !event.absenceCounts) return looked;
  return { ...looked, charge: { ...looked.charge, absentSince: looked.charge.absentSince ?? event.at } };
};

// Transactions

const stages = {
  PaymentPending: 'pending',
  PaymentAuthorized: 'authorize',
  PaymentChallenged: 'challenge',
  PaymentCaptured: 'capture',
  PaymentSettled: 'settlement',
  PaymentDenied: 'deny',
  PaymentReversed: 'deny',
  PaymentCancelled: 'cancel',
  PaymentExpired: 'expire',
  PaymentFailed: 'failure',
} as const satisfies Record<StatusEvent['type'], Stage>;

const firstSeen = (payment: KnownPayment, event: StatusEvent, id: TransactionId): Attempt => ({
  transactionId: id,
  paymentType: event.paymentType,
  // Midtrans' answers tell card and Google Pay apart no more than they always name the bank: ours is what was asked for.
  provider: hasPage(payment) ? event.provider : payment.provider,
  stage: 'pending',
  amount: payment.amount,
  transactionTime: event.transactionTime,
  expiresAt: event.expiresAt,
  paidAt: null,
  settledAt: null,
  refundTotalReported: zeroRupiah,
  refundsUnclear: null,
  chargeback: null,
  captureAsked: null,
});

const moved = (attempt: Attempt, event: StatusEvent): Attempt => {
  const stage = stages[event.type];
  const settledAt = event.type === 'PaymentSettled' ? event.settledAt : attempt.settledAt;
  const paidNow = isPaidStage(stage) && attempt.paidAt === null;
  return {
    ...attempt,
    // Not every message names the bank; which one it is can be learnt later.
    provider: attempt.provider ?? event.provider,
    stage,
    amount: 'amount' in event ? event.amount : attempt.amount,
    transactionTime: event.transactionTime ?? attempt.transactionTime,
    expiresAt: event.expiresAt ?? attempt.expiresAt,
    paidAt: paidNow ? (settledAt ?? event.at) : attempt.paidAt,
    settledAt,
  };
};

const isReached = (action: OpenAction, stage: Stage): boolean => actionRules[action.action].reaches.includes(stage);

/** An action has its outcome when what it acts on has reached what was asked. */
const afterMove = (
  { action, lastReached }: KnownPayment,
  id: TransactionId | null,
  stage: Stage,
): Pick<KnownPayment, 'action' | 'lastReached'> =>
  action !== null && action.transactionId === id && isReached(action, stage)
    ? { action: null, lastReached: action.wish.wishId }
    : { action, lastReached };

const pageMoved = (payment: KnownPayment, event: StatusEvent): KnownPayment => {
  const stage = stages[event.type];
  if (event.type === 'PaymentFailed') return { ...payment, charge: { phase: 'failed', because: event.because } };
  if (stage !== 'pending' && stage !== 'cancel' && stage !== 'expire') return impossible(event, 'names no transaction');
  if (payment.page !== null && payment.page.stage !== 'pending') return impossible(event, 'the page has ended before');
  const { charge, expiresAt } = made(payment);
  return {
    ...payment,
    charge,
    page: { stage },
    expiresAt: event.expiresAt ?? expiresAt,
    ...afterMove(payment, null, stage),
  };
};

const isAbove = (stage: Stage, other: Stage, provider: Provider | null): boolean =>
  rankOf(stage, provider) > rankOf(other, provider);

/** What was picked on a page may have been decided about before its bank was known. */
const isAdvance = (payment: KnownPayment, before: Attempt, event: StatusEvent, stage: Stage): boolean =>
  isAbove(stage, before.stage, before.provider ?? event.provider) ||
  (hasPage(payment) && isAbove(stage, before.stage, null));

const statusMoved = (payment: KnownPayment, event: StatusEvent): KnownPayment => {
  const { transactionId } = event;
  if (transactionId === null) return pageMoved(payment, event);
  const stage = stages[event.type];
  const before = payment.attempts.find((attempt) => attempt.transactionId === transactionId);
  if (before && !isAdvance(payment, before, event, stage))
    return impossible(event, `transaction ${transactionId} was ${before.stage} before`);
  const attempt = moved(before ?? firstSeen(payment, event, transactionId), event);
  return {
    ...payment,
    ...made(payment),
    attempts: before
      ? payment.attempts.map((other) => (other === before ? attempt : other))
      : [...payment.attempts, attempt],
    ...afterMove(payment, transactionId, stage),
  };
};

const changeAttempt = (
  payment: KnownPayment,
  event: PaymentEvent,
  id: TransactionId,
  change: (attempt: Attempt) => Attempt,
): KnownPayment => {
  if (!payment.attempts.some(({ transactionId }) => transactionId === id))
    return impossible(event, `transaction ${id} was never seen`);
  return {
    ...payment,
    attempts: payment.attempts.map((attempt) => (attempt.transactionId === id ? change(attempt) : attempt)),
  };
};

const chargebackReceived = (payment: KnownPayment, event: PaymentEventOf<'ChargebackReceived'>): KnownPayment =>
  changeAttempt(payment, event, event.transactionId, (attempt) => ({
    ...attempt,
    chargeback: {
      full: event.full || (attempt.chargeback?.full ?? false),
      total:
        event.total === null
          ? (attempt.chargeback?.total ?? null)
          : largest(event.total, attempt.chargeback?.total ?? zeroRupiah),
    },
  }));

// Actions and refunds

const askedToCapture = (
  payment: KnownPayment,
  event: PaymentEvent,
  id: TransactionId | null,
  captureAsked: Rupiah | null,
): KnownPayment =>
  id === null
    ? impossible(event, 'a page cannot be captured')
    : changeAttempt(payment, event, id, (attempt) => ({ ...attempt, captureAsked }));

const stageOfSubject = ({ attempts, page }: KnownPayment, id: TransactionId | null): Stage | undefined =>
  id === null ? page?.stage : attempts.find(({ transactionId }) => transactionId === id)?.stage;

const actionRequested = (
  payment: KnownPayment,
  action: ActionName,
  event: PaymentEventOf<`${ActionName}Requested`>,
  transactionId: TransactionId | null,
): KnownPayment => {
  if (payment.action !== null) return impossible(event, `${payment.action.action} is still open`);
  const from = stageOfSubject(payment, transactionId) ?? impossible(event, 'there is nothing to act on');
  const asked = action === 'Capture' ? askedToCapture(payment, event, transactionId, event.amount) : payment;
  return { ...asked, action: { action, wish: wishOf(event), transactionId, from, amount: event.amount } };
};

type ActionNo = PaymentEventOf<`${ActionName}${'Refused' | 'NotSent'}`>;

const openAction = (
  payment: KnownPayment,
  action: ActionName,
  event: PaymentEvent & { wishId: WishId },
): OpenAction => {
  const open = payment.action;
  return open !== null && open.action === action && open.wish.wishId === event.wishId
    ? open
    : impossible(event, `no such ${action} is open`);
};

/** A no to the only send there was. After any other, the amount that was asked for may yet turn up as captured. */
const certainlyNot = ({ wish }: OpenAction, { because }: ActionNo): boolean =>
  because !== 'overtaken' && !mayHaveBeenCarriedOut(wish);

const actionEnded = (payment: KnownPayment, action: ActionName, event: ActionNo): KnownPayment => {
  const open = openAction(payment, action, event);
  const isForgotten = action === 'Capture' && certainlyNot(open, event);
  const given = isForgotten ? askedToCapture(payment, event, open.transactionId, null) : payment;
  return { ...given, action: null };
};

const changeRefund = (
  payment: KnownPayment,
  event: PaymentEvent & { refundKey: RefundKey },
  from: readonly Refund['status'][],
  change: (refund: Refund) => Refund,
): KnownPayment => {
  const before = payment.refunds.find(({ refundKey }) => refundKey === event.refundKey);
  if (!before || !from.includes(before.status))
    return impossible(event, `the refund ${event.refundKey} is ${before?.status ?? 'unknown'}`);
  return {
    ...payment,
    refunds: payment.refunds.map((refund) => (refund.refundKey === event.refundKey ? change(refund) : refund)),
  };
};

const refundRequested = (payment: KnownPayment, event: PaymentEventOf<'RefundRequested'>): KnownPayment => {
  const { refundKey, transactionId, amount, reason, at } = event;
  if (payment.refunds.some((refund) => refund.refundKey === refundKey)) return impossible(event, 'this key is taken');
  const refund: Refund = {
    refundKey,
    transactionId,
    amount,
    reason,
    status: 'requested',
    createdAt: at,
    confirmedAt: null,
    refusedWith: null,
    wish: wishOf(event),
    abandoned: false,
    inTotalReported: 'no',
  };
  return { ...payment, refunds: [...payment.refunds, refund] };
};

const refundAttempted = (payment: KnownPayment, event: PaymentEventOf<'RefundAttempted'>): KnownPayment =>
  changeRefund(payment, event, ['requested', 'not_sent', 'refused'], (refund) => ({
    ...refund,
    status: 'requested',
    refusedWith: null,
    wish: refund.wish ? sentAgain(refund.wish, event) : wishOf(event),
  }));

const refundAccepted = (payment: KnownPayment, event: PaymentEventOf<'RefundAccepted'>): KnownPayment => {
  const { refundKey, transactionId, amount, reason, at } = event;
  const before = payment.refunds.find((refund) => refund.refundKey === refundKey);
  if (before?.status === 'accepted' || before?.status === 'confirmed') return impossible(event, 'accepted before');
  const refund: Refund = {
    refundKey,
    transactionId,
    amount,
    reason: before?.reason ?? reason,
    status: 'accepted',
    createdAt: before?.createdAt ?? at,
    confirmedAt: null,
    refusedWith: null,
    wish: null,
    abandoned: false,
    // One made elsewhere was listed with a sum of its own, which is reported where it is more.
    inTotalReported: before?.inTotalReported ?? 'yes',
  };
  return {
    ...payment,
    refunds: before
      ? payment.refunds.map((other) => (other === before ? refund : other))
      : [...payment.refunds, refund],
  };
};

/** Does a sum told now hold a refund of this status? A refused one may have been made after all. */
const heldNow: Readonly<Record<Refund['status'], Refund['inTotalReported']>> = {
  requested: 'perhaps',
  not_sent: 'no',
  accepted: 'yes',
  confirmed: 'yes',
  refused: 'perhaps',
};

const refundTotalReported = (payment: KnownPayment, event: PaymentEventOf<'RefundTotalReported'>): KnownPayment => {
  const { transactionId, total } = event;
  const told = changeAttempt(payment, event, transactionId, (attempt) => ({
    ...attempt,
    refundTotalReported: largest(attempt.refundTotalReported, total),
    refundsUnclear: attempt.refundsUnclear === 'untold' ? null : attempt.refundsUnclear,
  }));
  return {
    ...told,
    refunds: told.refunds.map((refund) =>
      refund.transactionId === transactionId ? { ...refund, inTotalReported: heldNow[refund.status] } : refund,
    ),
  };
};

const unclearBy: Partial<Readonly<Record<ContradictionKind, NonNullable<Attempt['refundsUnclear']>>>> = {
  refund_without_amount: 'untold',
  refund_not_whole: 'short',
};

const contradictionReceived = (payment: KnownPayment, event: PaymentEventOf<'GatewayContradiction'>): KnownPayment => {
  const key = contradictionKey(event);
  const unclear = unclearBy[event.kind];
  return {
    ...payment,
    attempts: payment.attempts.map((attempt) =>
      unclear && attempt.transactionId === event.transactionId && attempt.refundsUnclear !== 'short'
        ? { ...attempt, refundsUnclear: unclear }
        : attempt,
    ),
    contradictions: payment.contradictions.includes(key) ? payment.contradictions : [...payment.contradictions, key],
    refunds: payment.refunds.map((refund) =>
      key === contradictionKey(unresolved(refund)) ? { ...refund, abandoned: true } : refund,
    ),
  };
};

/** The state after one more event. Believes the history, but not blindly. @throws ImpossibleHistory */
export const evolve = (state: PaymentState, event: PaymentEvent): KnownPayment => {
  if (event.type === 'PaymentInitiated') return initiated(state, event);
  const payment = known(state, event);
  switch (event.type) {
    case 'ChargeAttempted':
      return chargeAttempted(payment, event);
    case 'ChargeNotSent':
      calling(payment, event);
      return { ...payment, charge: { phase: 'not_sent' } };
    case 'ChargeNotMade':
      calling(payment, event);
      return { ...payment, charge: { phase: 'not_made' } };
    case 'ChargeAnswered':
      return payment;
    case 'GatewayUnanswered':
      return mapWishes(payment, (wish) => unanswered(wish, event.wishId));
    case 'GatewayAsked':
      return gatewayAsked(payment, event);
    case 'GatewayContradiction':
      return contradictionReceived(payment, event);
    case 'PaymentPending':
    case 'PaymentAuthorized':
    case 'PaymentCaptured':
    case 'PaymentChallenged':
    case 'PaymentSettled':
    case 'PaymentDenied':
    case 'PaymentReversed':
    case 'PaymentCancelled':
    case 'PaymentExpired':
    case 'PaymentFailed':
      return statusMoved(payment, event);
    case 'ChargebackReceived':
      return chargebackReceived(payment, event);
    case 'CaptureRequested':
    case 'CancelRequested':
    case 'ExpiryRequested':
    case 'ApprovalRequested':
    case 'DenialRequested':
      return actionRequested(payment, actionOf(event.type), event, event.transactionId);
    case 'CaptureAttempted':
    case 'CancelAttempted':
    case 'ExpiryAttempted':
    case 'ApprovalAttempted':
    case 'DenialAttempted': {
      const open = openAction(payment, actionOf(event.type), event);
      return { ...payment, action: { ...open, wish: sentAgain(open.wish, event) } };
    }
    case 'CaptureNotSent':
    case 'CaptureRefused':
    case 'CancelNotSent':
    case 'CancelRefused':
    case 'ExpiryNotSent':
    case 'ExpiryRefused':
    case 'ApprovalNotSent':
    case 'ApprovalRefused':
    case 'DenialNotSent':
    case 'DenialRefused':
      return actionEnded(payment, actionOf(event.type), event);
    case 'RefundRequested':
      return refundRequested(payment, event);
    case 'RefundAttempted':
      return refundAttempted(payment, event);
    case 'RefundNotSent':
      return changeRefund(payment, event, ['requested'], (refund) => ({
        ...refund,
        status: 'not_sent',
        wish: null,
        inTotalReported: 'no',
      }));
    case 'RefundRefused':
      return changeRefund(payment, event, ['requested'], (refund) => ({
        ...refund,
        status: 'refused',
        refusedWith: event.statusCode,
        wish: null,
      }));
    case 'RefundAccepted':
      return refundAccepted(payment, event);
    case 'RefundConfirmed':
      return changeRefund(payment, event, ['accepted'], (refund) => ({
        ...refund,
        status: 'confirmed',
        confirmedAt: event.confirmedAt,
      }));
    case 'RefundTotalReported':
      return refundTotalReported(payment, event);
    default:
      return unreachable(event);
  }
};

/** @throws ImpossibleHistory */
export const evolveAll = (state: PaymentState, events: readonly PaymentEvent[]): PaymentState =>
  events.reduce<PaymentState>(evolve, state);

const actionOf = (type: `${ActionName}${'Requested' | 'Attempted' | 'NotSent' | 'Refused'}`): ActionName =>
  type.replace(/Requested$|Attempted$|NotSent$|Refused$/, '') as ActionName;
