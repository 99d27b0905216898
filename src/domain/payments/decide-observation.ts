import type { Provider } from '../methods/providers.js';
import { largest, plus, sumOf, type Rupiah } from '../money/rupiah.js';
import type { KnownBefore, PaymentCommandOf } from './commands.js';
import { failed, unusedPage } from './decide-charge.js';
import { contradicted } from './contradictions.js';
import { refundSeen } from './decide-refund.js';
import { accept, inTurn, type PaymentDecision } from './decision.js';
import type { Durations } from './durations.js';
import type { ContradictionKind, PaymentEvent, StatusEvent, TransactionFacts } from './events.js';
import type { TransactionStatus } from './gateway-status.js';
import type { GatewayObservation } from './observation.js';
import { overtaken } from './overtaken.js';
import { isOurs } from './ownership.js';
import { isPaidStage, rankOf, stageOf, type Stage } from './stages.js';
import type { Attempt, KnownPayment } from './state.js';
import { acceptedRefundsOf, chargedBackOf, refundedOf } from './summary.js';

type Observed = PaymentCommandOf<'ObserveGatewayStatus'>;
type Known = GatewayObservation & { readonly status: TransactionStatus };

const attemptOf = ({ attempts }: KnownPayment, { transactionId }: GatewayObservation): Attempt | undefined =>
  attempts.find((attempt) => attempt.transactionId === transactionId);

const contradiction = (
  payment: KnownPayment,
  { at, observation: { transactionId } }: Observed,
  kind: ContradictionKind,
  detail: string,
): readonly PaymentEvent[] => contradicted(payment, at, { kind, transactionId, detail });

const factsOf = (observation: GatewayObservation): TransactionFacts => ({
  transactionId: observation.transactionId,
  paymentType: observation.paymentType,
  provider: observation.provider,
  fraudStatus: observation.fraudStatus,
  transactionTime: observation.transactionTime,
  expiresAt: observation.expiryTime,
  details: observation.details,
  personal: Object.keys(observation.personalDetails).length > 0 ? observation.personalDetails : null,
});

/** A transaction that is not ours: it takes our order id when we have none yet, and is an alarm in any case. */
const foreign = (command: Observed, payment: KnownPayment, durations: Durations): readonly PaymentEvent[] => {
  const { at, observation } = command;
  const alarm = contradiction(payment, command, 'foreign_transaction', observation.statusWord);
  const waiting = payment.charge.phase === 'calling' || payment.charge.phase === 'not_sent';
  const message = `Midtrans knows this order id from transaction ${observation.transactionId}, which is not ours`;
  const taken = { statusCode: null, message };
  // Whoever took the order id, nothing was picked on our page, and after its time nothing will be.
  return [
    ...alarm,
    ...(waiting ? [failed(payment, at, 'gateway_order_id_taken', taken)] : unusedPage(payment, at, durations)),
  ];
};

/** What a charge given up, or never sent, turns out to be after all. */
const turnedUp = (command: Observed, payment: KnownPayment): readonly PaymentEvent[] => {
  const { phase } = payment.charge;
  const expected = phase === 'calling' || phase === 'made' || attemptOf(payment, command.observation) !== undefined;
  return expected ? [] : contradiction(payment, command, 'charge_turned_up', phase);
};

/** After a capture of less, Midtrans may call either amount the gross amount (midtrans-facts 3.4): ours is what we asked for. */
const movedAmount = (payment: KnownPayment, before: Attempt | undefined): Rupiah =>
  before?.captureAsked ?? payment.amount;

const statusEvent = (
  command: Observed,
  payment: KnownPayment,
  stage: Stage,
  before: Attempt | undefined,
): StatusEvent => {
  const { at, observation } = command;
  const facts = { at, ...factsOf(observation) };
  const amount = movedAmount(payment, before);
  switch (stage) {
    case 'pending':
      return { type: 'PaymentPending', ...facts };
    case 'authorize':
      return { type: 'PaymentAuthorized', ...facts };
    case 'challenge':
      return { type: 'PaymentChallenged', ...facts, amount };
    case 'capture':
      return { type: 'PaymentCaptured', ...facts, amount };
    case 'settlement':
      return { type: 'PaymentSettled', ...facts, amount, settledAt: observation.settlementTime ?? at };
    case 'deny':
      return { type: before?.stage === 'settlement' ? 'PaymentReversed' : 'PaymentDenied', ...facts };
    case 'cancel':
      return { type: 'PaymentCancelled', ...facts };
    case 'expire':
      return { type: 'PaymentExpired', ...facts };
    case 'failure':
      return {
        type: 'PaymentFailed',
        ...facts,
        because: 'gateway',
        statusCode: null,
        message: 'Midtrans reports a failure',
      };
  }
};

/** Only what we knew before Midtrans was asked can be contradicted: an answer may be older than what came in meanwhile. */
const contradicts = (knownBefore: KnownBefore | null, stage: Stage, provider: Provider | null): boolean => {
  if (knownBefore === null || knownBefore.stage === stage) return false;
  return rankOf(stage, provider) <= rankOf(knownBefore.stage, provider);
};

const statusMove = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const stage = stageOf(observation.status, observation.fraudStatus);
  const before = attemptOf(payment, observation);
  // Whose ranks they are may be told only now: not every message names the bank.
  const provider = before?.provider ?? observation.provider;
  const isNews = before === undefined || rankOf(stage, provider) > rankOf(before.stage, provider);
  if (isNews) return [statusEvent(command, payment, stage, before)];
  return contradicts(command.knownBefore, stage, provider)
    ? contradiction(payment, command, 'status_fell', observation.statusWord)
    : [];
};

/** Refunded in sum, as this status tells it; null: it does not say how much; undefined: it tells nothing of refunds. */
const totalTold = ({ status, refunds, refundedTotal }: Known, attempt: Attempt): Rupiah | null | undefined => {
  const listed = sumOf(refunds.map(({ amount }) => amount));
  const told = refundedTotal ?? (status === 'refund' ? attempt.amount : listed);
  switch (status) {
    case 'settlement':
      return told;
    case 'partial_refund':
    case 'refund':
      return told > 0 ? told : null;
    default:
      return undefined;
  }
};

/**
 * It clears up what an earlier word on refunds left open: how much was refunded, or whether a reported sum held refunds that this one
 * lists (of two sums the greater is the later, and holds what the lesser lists).
 */
const clearsUp = (payment: KnownPayment, attempt: Attempt, { refunds: listed }: Known, total: Rupiah): boolean => {
  const beside = acceptedRefundsOf(payment, attempt).filter(({ inTotalReported }) => inTotalReported !== 'yes');
  if (total === 0 || !beside.every(({ refundKey }) => listed.some((refund) => refund.refundKey === refundKey)))
    return false;
  const isLatest = total >= refundedOf(payment, attempt);
  const perhaps = beside.filter(({ inTotalReported }) => inTotalReported === 'perhaps');
  return (
    (isLatest && attempt.refundsUnclear === 'untold') ||
    (perhaps.length > 0 && (isLatest || perhaps.length === beside.length))
  );
};

/** The cumulative amount where the named refunds do not add up to it, and where it tells us less than we knew. */
const refundTotal = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, observation);
  const total = attempt && totalTold(observation, attempt);
  if (!attempt || total === undefined) return [];
  const refunded = refundedOf(payment, attempt);
  if (total === null)
    return refunded > 0 ? [] : contradiction(payment, command, 'refund_without_amount', observation.statusWord);
  const { transactionId, refundTotalReported } = attempt;
  const reported: readonly PaymentEvent[] =
    total > refunded || clearsUp(payment, attempt, observation, total)
      ? [{ type: 'RefundTotalReported', at: command.at, transactionId, total: largest(total, refundTotalReported) }]
      : [];
  const fell = command.knownBefore !== null && total < command.knownBefore.refunded;
  return [...reported, ...(fell ? contradiction(payment, command, 'refund_total_fell', String(total)) : [])];
};

/** Refunded whole, Midtrans says, and its amounts say less: which of them is true is for a person to find out. */
const notWhole = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, observation);
  const chargedBack = attempt && chargedBackOf(attempt);
  if (!attempt || observation.status !== 'refund' || typeof chargedBack !== 'number') return [];
  const refunded = refundedOf(payment, attempt);
  return refunded > 0 && plus(refunded, chargedBack) < attempt.amount
    ? contradiction(payment, command, 'refund_not_whole', String(refunded))
    : [];
};

const chargeback = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, observation);
  if (!attempt || (observation.status !== 'chargeback' && observation.status !== 'partial_chargeback')) return [];
  const full = observation.status === 'chargeback';
  const total = observation.chargedBackTotal;
  const before = attempt.chargeback;
  const isNews = !before || (full && !before.full) || (total !== null && total > (before.total ?? -1));
  if (!isNews) return [];
  const { transactionId } = attempt;
  const unclear =
    !full && total === null && contradiction(payment, command, 'chargeback_without_amount', observation.statusWord);
  return [{ type: 'ChargebackReceived', at: command.at, transactionId, full, total }, ...(unclear || [])];
};

const paidTwice = ({ at }: Observed, payment: KnownPayment): readonly PaymentEvent[] => {
  // Named by all its transactions, whichever of them was observed, so that a repeat of any is no news.
  const paid = payment.attempts.filter(({ stage }) => isPaidStage(stage)).map(({ transactionId }) => transactionId);
  const detail = paid.sort().join(' ');
  return paid.length > 1 ? contradicted(payment, at, { kind: 'paid_twice', transactionId: null, detail }) : [];
};

/** The charge's own answer always adds what the customer needs, whatever was observed meanwhile (design D4). */
const answered = (command: Observed, found: readonly PaymentEvent[]): readonly PaymentEvent[] =>
  command.source === 'charge-answer' && !found.some((event) => 'details' in event)
    ? [{ type: 'ChargeAnswered', at: command.at, ...factsOf(command.observation) }]
    : [];

/** That a person asked is on record whatever it brought; a look without news is news to those who plan the next one. */
const noted = (command: Observed, found: readonly PaymentEvent[]): readonly PaymentEvent[] => {
  const { at, noteLook, asked, observation } = command;
  const { transactionId, status } = observation;
  return asked || (noteLook && found.length === 0)
    ? [{ type: 'GatewayAsked', at, transactionId, found: status, absenceCounts: false, reason: asked?.reason ?? null }]
    : [];
};

const amountFits = (payment: KnownPayment, observation: GatewayObservation): boolean =>
  observation.grossAmount === payment.amount ||
  observation.grossAmount === attemptOf(payment, observation)?.captureAsked;

const isKnownStatus = (observation: GatewayObservation): observation is Known => observation.status !== 'unknown';

/**
 * What Midtrans says about a transaction becomes events: by rank within it, as a union over its refunds, never twice
 * (design D4). So the order and the number of observations of one history do not matter.
 */
export const observe = (command: Observed, payment: KnownPayment, durations: Durations): PaymentDecision => {
  const { observation, source } = command;
  // What answers our own charge is ours, whatever of its marks the answer leaves out.
  const ours = source === 'charge-answer' || isOurs(payment, observation, durations);
  const found = ours ? ofOurs(command, payment, durations) : foreign(command, payment, durations);
  return accept(...noted(command, found), ...found, ...(ours ? answered(command, found) : []));
};

const ofOurs = (command: Observed, payment: KnownPayment, durations: Durations): readonly PaymentEvent[] => {
  const { at, observation, isNewest = false } = command;
  if (!amountFits(payment, observation))
    return contradiction(payment, command, 'amount_mismatch', String(observation.grossAmount));
  if (!isKnownStatus(observation)) return contradiction(payment, command, 'unknown_status', observation.statusWord);

  return inTurn(payment, [
    (state) => turnedUp(command, state),
    (state) => statusMove(command, state, observation),
    ...observation.refunds.map(
      (refund) => (state: KnownPayment) => refundSeen(state, at, observation.transactionId, refund),
    ),
    (state) => refundTotal(command, state, observation),
    (state) => notWhole(command, state, observation),
    (state) => chargeback(command, state, observation),
    (state) => paidTwice(command, state),
    (state) => overtaken(state, at),
    // A look at an older try says nothing of those after it.
    (state) => (isNewest ? unusedPage(state, at, durations) : []),
  ]);
};
