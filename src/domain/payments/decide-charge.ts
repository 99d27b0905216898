import { after, msBetween } from '../time/instant.js';
import { rulesOf } from '../methods/providers.js';
import type { PaymentCommandOf } from './commands.js';
import { contradicted, unresolved } from './contradictions.js';
import { accept, inTurn, reject, type PaymentDecision } from './decision.js';
import { absenceCounts, mayHaveBeenCarriedOut, sentSince } from './doubts.js';
import type { Durations } from './durations.js';
import type { Expiry, FailureCause, PaymentEvent, PaymentEventOf, PaymentOrder, TransactionFacts } from './events.js';
import type { Json } from '../json.js';
import { overtaken } from './overtaken.js';
import { hasPage } from './ownership.js';
import { pageWaits } from './page.js';
import type { KnownPayment, OpenWish, PaymentState } from './state.js';

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export const expiryMs = ({ duration, unit }: Expiry): number => duration * unitMs[unit];

const isExpiry = (value: Json | undefined): value is Expiry =>
  typeof value === 'object' &&
  value !== null &&
  'duration' in value &&
  'unit' in value &&
  Number.isSafeInteger(value.duration) &&
  Object.keys(unitMs).some((unit) => unit === value.unit);

/** A page's own end comes before the one of what is paid on it (midtrans-facts 5.12), and both before the method's default. */
const waitsMs = ({ details, expiry, provider }: PaymentOrder): number => {
  const page = details['page_expiry'];
  if (isExpiry(page)) return expiryMs(page);
  return expiry ? expiryMs(expiry) : rulesOf(provider).expiry.defaultMs;
};

/** What is known of a payment that has no transaction. */
export const noTransaction = ({ paymentType, provider }: KnownPayment): TransactionFacts => ({
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
  payment: KnownPayment,
  at: string,
  because: FailureCause,
  refusal: { readonly statusCode: number | null; readonly message: string },
): PaymentEventOf<'PaymentFailed'> => ({
  type: 'PaymentFailed',
  at,
  ...noTransaction(payment),
  because,
  statusCode: refusal.statusCode,
  message: refusal.message,
});

const tooLate = { statusCode: null, message: 'It could not be sent to Midtrans for too long' };

/** The same request again: the next attempt when nothing was ever sent, else nothing new. */
const again = (
  command: PaymentCommandOf<'InitiatePayment'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { order, at } = command;
  if (order.userId !== payment.userId || order.fingerprint !== payment.fingerprint)
    return reject({ code: 'order-id-taken' });
  if (payment.charge.phase !== 'not_sent') return accept();
  if (msBetween(payment.initiatedAt, at) >= durations.chargeRetriesForMs)
    return accept(failed(payment, at, 'not_sent_in_time', tooLate));
  return accept({ type: 'ChargeAttempted', at, wishId: payment.wishId, answerBy: after(at, durations.answerWithinMs) });
};

export const initiatePayment = (
  command: PaymentCommandOf<'InitiatePayment'>,
  state: PaymentState,
  durations: Durations,
): PaymentDecision => {
  if (state.phase === 'known') return again(command, state, durations);
  const { order, wishId, at } = command;
  return accept({
    type: 'PaymentInitiated',
    at,
    ...order,
    wishId,
    answerBy: after(at, durations.answerWithinMs),
    expiresAt: after(at, waitsMs(order)),
  });
};

/** A page that Midtrans still does not know then is not there, or has ended. */
export const pageIsOver = ({ expiresAt }: KnownPayment, at: string, { pageGoneAfterMs }: Durations): boolean =>
  at >= after(expiresAt, pageGoneAfterMs);

/** A page may be asked for again while its time lasts, since it moves no money; any other charge in doubt is only looked at (design D3). */
export const mayAskForPage = (payment: KnownPayment, at: string, durations: Durations): boolean =>
  payment.charge.phase === 'calling' && hasPage(payment) && !pageIsOver(payment, at, durations);

export const claimCharge = (
  { at }: PaymentCommandOf<'ClaimCharge'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { charge } = payment;
  if (charge.phase !== 'calling' || at < charge.wish.answerBy || !mayAskForPage(payment, at, durations))
    return reject({ code: 'attempt-not-due' });
  return accept({ type: 'ChargeAttempted', at, wishId: payment.wishId, answerBy: after(at, durations.answerWithinMs) });
};

export const recordPage = (
  { at, personal }: PaymentCommandOf<'RecordPage'>,
  payment: KnownPayment,
): PaymentDecision => {
  const facts: TransactionFacts = { ...noTransaction(payment), personal };
  // A later token replaces the earlier; a method picked meanwhile has made the page known already.
  return accept(
    payment.charge.phase === 'calling'
      ? { type: 'PaymentPending', at, ...facts }
      : { type: 'ChargeAnswered', at, ...facts },
  );
};

const inDoubt = ({ wishId }: KnownPayment, { at, message }: { readonly at: string; readonly message: string }) =>
  accept({ type: 'GatewayUnanswered', at, wishId, message });

/** Only this send did not reach Midtrans, or its account's check; another may have. */
const notSent = (
  payment: KnownPayment,
  wish: OpenWish,
  { at, answerBy, because, statusCode, message }: Omit<PaymentCommandOf<'RecordChargeNotSent'>, 'type'>,
): PaymentDecision =>
  sentSince(wish, answerBy) || mayHaveBeenCarriedOut(wish)
    ? inDoubt(payment, { at, message })
    : accept({ type: 'ChargeNotSent', at, because, statusCode, message });

export const recordChargeRefused = (
  command: PaymentCommandOf<'RecordChargeRefused'>,
  payment: KnownPayment,
): PaymentDecision => {
  const { because, firstSend } = command;
  const { charge } = payment;
  // Seen from elsewhere meanwhile: what was seen stands.
  if (charge.phase !== 'calling') return accept();
  if (because === 'account') return notSent(payment, charge.wish, { ...command, because });
  if (sentSince(charge.wish, command.answerBy)) return inDoubt(payment, command);
  if (because !== 'conflict') return accept(failed(payment, command.at, 'rejected', command));
  // Our own earlier send may be what Midtrans knows: in doubt until somebody has looked.
  const oursPerhaps = !firstSend || mayHaveBeenCarriedOut(charge.wish);
  return oursPerhaps
    ? inDoubt(payment, command)
    : accept(failed(payment, command.at, 'gateway_order_id_taken', command));
};

export const recordChargeNotSent = (
  command: PaymentCommandOf<'RecordChargeNotSent'>,
  payment: KnownPayment,
): PaymentDecision => (payment.charge.phase === 'calling' ? notSent(payment, payment.charge.wish, command) : accept());

/** A page whose time is over, when a look finds no try on it that is open or paid, has expired; none: it has not yet. */
export const unusedPage = (payment: KnownPayment, at: string, durations: Durations): readonly PaymentEvent[] => {
  if (!pageWaits(payment) || !pageIsOver(payment, at, durations)) return [];
  return inTurn(payment, [
    () => [{ type: 'PaymentExpired', at, ...noTransaction(payment) }],
    (state) => overtaken(state, at),
  ]);
};

/** A page is missed only after its time, since Midtrans knows none on which nothing was picked. */
const isNotMade = (payment: KnownPayment, at: string, counts: boolean, durations: Durations): boolean => {
  const { charge } = payment;
  if (charge.phase !== 'calling') return false;
  if (hasPage(payment)) return pageIsOver(payment, at, durations);
  return counts && charge.absentSince !== null && at >= after(charge.absentSince, durations.absenceRepeatedAfterMs);
};

/** Midtrans knows nothing under our order id. */
export const observeAbsence = (
  { at, asked }: PaymentCommandOf<'ObserveAbsence'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { charge } = payment;
  const counts = charge.phase === 'calling' && !hasPage(payment) && absenceCounts(charge.wish, at, durations);
  const means: readonly PaymentEvent[] = isNotMade(payment, at, counts, durations)
    ? [{ type: 'ChargeNotMade', at }]
    : unusedPage(payment, at, durations);
  const look = { found: null, transactionId: null, absenceCounts: counts, reason: asked?.reason ?? null } as const;
  return accept(...(asked || means.length === 0 ? [{ type: 'GatewayAsked', at, ...look } as const] : []), ...means);
};

/** Gives up what has waited too long: a charge that never left, a refund in doubt whose key Midtrans forgets. */
export const giveUpWaiting = (
  { at }: PaymentCommandOf<'GiveUpWaiting'>,
  payment: KnownPayment,
  durations: Durations,
): PaymentDecision => {
  const { charge, initiatedAt, refunds } = payment;
  if (charge.phase === 'not_sent' && at >= after(initiatedAt, durations.chargeRetriesForMs))
    return accept(failed(payment, at, 'not_sent_in_time', tooLate));
  const hopeless = refunds.filter(
    ({ wish, abandoned }) => wish && !abandoned && at >= after(wish.firstAnswerBy, durations.refundRetriesForMs),
  );
  return accept(...hopeless.flatMap((refund) => contradicted(payment, at, unresolved(refund))));
};
