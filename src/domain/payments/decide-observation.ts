import { sumOf, type Rupiah } from '../money/rupiah.js';
import type { KnownBefore, PaymentCommandOf } from './commands.js';
import { failed } from './decide-charge.js';
import { accept, inTurn, type PaymentDecision } from './decision.js';
import type { Durations } from './durations.js';
import type { ContradictionKind, PaymentEvent, StatusEvent, TransactionFacts } from './events.js';
import { contradictionKey } from './evolve.js';
import type { TransactionStatus } from './gateway-status.js';
import type { GatewayObservation, ObservedRefund } from './observation.js';
import { isOurs } from './ownership.js';
import { actionRules, isPaidStage, rankOf, stageOf, type Stage } from './stages.js';
import type { Attempt, KnownPayment } from './state.js';
import { refundedOf } from './summary.js';

type Observed = PaymentCommandOf<'ObserveGatewayStatus'>;
type Known = GatewayObservation & { readonly status: TransactionStatus };

const attemptOf = ({ attempts }: KnownPayment, { transactionId }: GatewayObservation): Attempt | undefined =>
  attempts.find((attempt) => attempt.transactionId === transactionId);

const contradiction = (
  payment: KnownPayment,
  { at, observation }: Observed,
  kind: ContradictionKind,
  detail: string,
): readonly PaymentEvent[] => {
  const found = { kind, transactionId: observation.transactionId, detail };
  return payment.contradictions.includes(contradictionKey(found))
    ? []
    : [{ type: 'GatewayContradiction', at, ...found }];
};

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
const foreign = (command: Observed, payment: KnownPayment): PaymentDecision => {
  const { at, observation } = command;
  const alarm = contradiction(payment, command, 'foreign_transaction', observation.statusWord);
  const waiting = payment.charge.phase === 'calling' || payment.charge.phase === 'not_sent';
  const message = `Midtrans knows this order id from transaction ${observation.transactionId}, which is not ours`;
  const taken = { statusCode: null, message };
  return accept(...alarm, ...(waiting ? [failed(payment, at, 'gateway_order_id_taken', taken)] : []));
};

/** What a charge given up, or never sent, turns out to be after all. */
const turnedUp = (command: Observed, payment: KnownPayment): readonly PaymentEvent[] => {
  const { phase } = payment.charge;
  const expected = phase === 'calling' || phase === 'made' || attemptOf(payment, command.observation) !== undefined;
  return expected ? [] : contradiction(payment, command, 'charge_turned_up', phase);
};

/** After a capture of less, Midtrans may call either amount the gross amount (midtrans-facts 3.4): ours is what we asked for. */
const movedAmount = (payment: KnownPayment): Rupiah => payment.captureAsked ?? payment.amount;

const statusEvent = (
  command: Observed,
  payment: KnownPayment,
  stage: Stage,
  before: Attempt | undefined,
): StatusEvent => {
  const { at, observation } = command;
  const facts = { at, ...factsOf(observation) };
  const amount = movedAmount(payment);
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
const contradicts = (knownBefore: KnownBefore | null, stage: Stage, attempt: Attempt): boolean => {
  if (knownBefore === null || knownBefore.stage === stage) return false;
  return rankOf(stage, attempt.provider) <= rankOf(knownBefore.stage, attempt.provider);
};

const statusMove = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const stage = stageOf(observation.status, observation.fraudStatus);
  const before = attemptOf(payment, observation);
  const isNews = before === undefined || rankOf(stage, before.provider) > rankOf(before.stage, before.provider);
  if (isNews) return [statusEvent(command, payment, stage, before)];
  return contradicts(command.knownBefore, stage, before)
    ? contradiction(payment, command, 'status_fell', observation.statusWord)
    : [];
};

const oneRefund = (command: Observed, payment: KnownPayment, observed: ObservedRefund): readonly PaymentEvent[] => {
  const { at, observation } = command;
  const { refundKey, amount, reason, confirmedAt } = observed;
  const known = payment.refunds.find((refund) => refund.refundKey === refundKey);
  const counted = known?.status === 'accepted' || known?.status === 'confirmed';
  const differs = known && known.amount !== amount;
  const events: PaymentEvent[] = [];
  if (differs) events.push(...contradiction(payment, command, 'refund_amount_differs', `${refundKey}:${amount}`));
  if (!counted) {
    const { transactionId } = observation;
    events.push({ type: 'RefundAccepted', at, refundKey, transactionId, amount, reason: known?.reason ?? reason });
  }
  if (confirmedAt && known?.status !== 'confirmed')
    events.push({ type: 'RefundConfirmed', at, refundKey, confirmedAt });
  return events;
};

/** The cumulative amount where the named refunds do not add up to it, and where it tells us less than we knew. */
const refundTotal = (command: Observed, payment: KnownPayment, observation: Known): readonly PaymentEvent[] => {
  const attempt = attemptOf(payment, observation);
  if (!attempt || (observation.status !== 'refund' && observation.status !== 'partial_refund')) return [];
  const { transactionId } = attempt;
  const named = sumOf(observation.refunds.map(({ amount }) => amount));
  const total = observation.refundedTotal ?? (observation.status === 'refund' ? attempt.amount : named);
  if (total === 0) return contradiction(payment, command, 'refund_without_amount', observation.statusWord);
  if (total > refundedOf(payment, attempt))
    return [{ type: 'RefundTotalReported', at: command.at, transactionId, total }];
  return command.knownBefore !== null && total < command.knownBefore.refunded
    ? contradiction(payment, command, 'refund_total_fell', String(total))
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

const paidTwice = (command: Observed, payment: KnownPayment): readonly PaymentEvent[] =>
  payment.attempts.filter(({ stage }) => isPaidStage(stage)).length > 1
    ? contradiction(payment, command, 'paid_twice', 'paid')
    : [];

/** An action whose subject has moved where the action cannot reach any more has its outcome: no. */
const overtaken = ({ at }: Observed, payment: KnownPayment): readonly PaymentEvent[] => {
  const open = payment.action;
  if (open === null) return [];
  const subject = payment.attempts.find(({ transactionId }) => transactionId === open.transactionId);
  const picked = open.transactionId === null && payment.attempts.length > 0;
  if (!picked && (!subject || actionRules[open.action].from.includes(subject.stage))) return [];
  const message = subject ? `The transaction has become ${subject.stage}` : 'The customer has picked a method';
  return [
    { type: `${open.action}Refused`, at, wishId: open.wish.wishId, because: 'overtaken', statusCode: null, message },
  ];
};

/** The charge's own answer always adds what the customer needs, whatever was observed meanwhile (design D4). */
const answered = (command: Observed, found: readonly PaymentEvent[]): readonly PaymentEvent[] =>
  command.source === 'charge-answer' && !found.some((event) => 'details' in event)
    ? [{ type: 'ChargeAnswered', at: command.at, ...factsOf(command.observation) }]
    : [];

const noted = (command: Observed, found: readonly PaymentEvent[], observation: Known): readonly PaymentEvent[] =>
  command.noteLook && found.length === 0
    ? [
        {
          type: 'GatewayAsked',
          at: command.at,
          transactionId: observation.transactionId,
          found: observation.status,
          absenceCounts: false,
        },
      ]
    : [];

const amountFits = (payment: KnownPayment, { grossAmount }: GatewayObservation): boolean =>
  grossAmount === payment.amount || grossAmount === payment.captureAsked;

const isKnownStatus = (observation: GatewayObservation): observation is Known => observation.status !== 'unknown';

/**
 * What Midtrans says about a transaction becomes events: by rank within it, as a union over its refunds, never twice
 * (design D4). So the order and the number of observations of one history do not matter.
 */
export const observe = (command: Observed, payment: KnownPayment, durations: Durations): PaymentDecision => {
  const { observation } = command;
  if (!isOurs(payment, observation, durations)) return foreign(command, payment);
  if (!amountFits(payment, observation))
    return accept(...contradiction(payment, command, 'amount_mismatch', String(observation.grossAmount)));
  if (!isKnownStatus(observation))
    return accept(...contradiction(payment, command, 'unknown_status', observation.statusWord));

  const found = inTurn(payment, [
    (state) => turnedUp(command, state),
    (state) => statusMove(command, state, observation),
    ...observation.refunds.map((refund) => (state: KnownPayment) => oneRefund(command, state, refund)),
    (state) => refundTotal(command, state, observation),
    (state) => chargeback(command, state, observation),
    (state) => paidTwice(command, state),
    (state) => overtaken(command, state),
  ]);
  return accept(...found, ...answered(command, found), ...noted(command, found, observation));
};
