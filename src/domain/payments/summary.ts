import { largest, less, plus, sumOf, zeroRupiah, type Rupiah } from '../money/rupiah.js';
import { rulesOf, type Provider } from '../methods/providers.js';
import type { PaymentStatus } from './gateway-status.js';
import { isOpenStage, isPaidStage, rankOf } from './stages.js';
import type { Attempt, KnownPayment, Refund } from './state.js';

/** What the history adds up to (api.md 3). */
export interface PaymentSummary {
  readonly status: PaymentStatus;
  readonly paid: boolean;
  readonly inDoubt: boolean;
  readonly captured: Rupiah;
  readonly refunded: Rupiah;
  readonly refundable: Rupiah;
}

const paidStatuses: ReadonlySet<PaymentStatus> = new Set([
  'settlement',
  'capture',
  'partial_refund',
  'partial_chargeback',
]);

/** Paid, paid and given back, open, ended. */
const standing = (payment: KnownPayment, attempt: Attempt): number => {
  if (isPaidStage(attempt.stage)) return paidStatuses.has(statusOfAttempt(payment, attempt)) ? 3 : 2;
  return isOpenStage(attempt.stage) ? 1 : 0;
};

/**
 * Later ones first. Midtrans' clock is compared with itself here, never with ours: the order of arrival says nothing about
 * which try of the customer was the last (docs/decisions/0002).
 */
const laterFirst = (a: Attempt, b: Attempt): number => {
  const [x, y] = [a.transactionTime ?? '', b.transactionTime ?? ''];
  if (x !== y) return x < y ? 1 : -1;
  return a.transactionId < b.transactionId ? -1 : 1;
};

/** The transaction that speaks for the payment: the paid one, else the open one, else the last (design D4). */
export const shownAttempt = (payment: KnownPayment): Attempt | undefined => {
  const { attempts } = payment;
  if (attempts.length < 2) return attempts[0];
  const paidRank = ({ stage, provider }: Attempt): number => (isPaidStage(stage) ? rankOf(stage, provider) : 0);
  return [...attempts].sort(
    (a, b) => standing(payment, b) - standing(payment, a) || paidRank(b) - paidRank(a) || laterFirst(a, b),
  )[0];
};

const capturedBy = (attempt: Attempt): Rupiah => (isPaidStage(attempt.stage) ? attempt.amount : zeroRupiah);

/** A refund counts from Midtrans' acceptance on. */
export const acceptedRefundsOf = ({ refunds }: KnownPayment, { transactionId }: Attempt): readonly Refund[] =>
  refunds
    .filter((refund) => refund.transactionId === transactionId)
    .filter(({ status }) => status === 'accepted' || status === 'confirmed');

const amountOf = (refunds: readonly Refund[]): Rupiah => sumOf(refunds.map(({ amount }) => amount));

/** What Midtrans reported in sum may be more than it named; what came after that report comes on top of it. */
const refundedWith = (payment: KnownPayment, attempt: Attempt, onTop: (refund: Refund) => boolean): Rupiah => {
  const accepted = acceptedRefundsOf(payment, attempt);
  return largest(amountOf(accepted), plus(attempt.refundTotalReported, amountOf(accepted.filter(onTop))));
};

/** For certain. */
export const refundedOf = (payment: KnownPayment, attempt: Attempt): Rupiah =>
  refundedWith(payment, attempt, ({ inTotalReported }) => inTotalReported === 'no');

/** At most: what the reported sum holds only perhaps is taken to come on top of it. */
const refundedAtMost = (payment: KnownPayment, attempt: Attempt): Rupiah =>
  refundedWith(payment, attempt, ({ inTotalReported }) => inTotalReported !== 'yes');

const reservedOf = ({ refunds }: KnownPayment, { transactionId }: Attempt): Rupiah =>
  sumOf(
    refunds
      .filter((refund) => refund.transactionId === transactionId && refund.status === 'requested')
      .map(({ amount }) => amount),
  );

/** null: a chargeback of an amount that nobody told. */
export const chargedBackOf = ({ chargeback, amount }: Attempt): Rupiah | null => {
  if (chargeback === null) return zeroRupiah;
  return chargeback.full ? amount : chargeback.total;
};

const refundsAtAll = (provider: Provider | null): boolean =>
  provider !== null && rulesOf(provider).refund.kind !== 'none';

export const refundableOf = (payment: KnownPayment, attempt: Attempt): Rupiah => {
  const chargedBack = chargedBackOf(attempt);
  const isUnclear = chargedBack === null || attempt.refundsUnclear !== null;
  if (isUnclear || !refundsAtAll(attempt.provider)) return zeroRupiah;
  return [refundedAtMost(payment, attempt), reservedOf(payment, attempt), chargedBack].reduce(
    less,
    capturedBy(attempt),
  );
};

const settledStatus = (payment: KnownPayment, attempt: Attempt): PaymentStatus => {
  const refunded = refundedOf(payment, attempt);
  if (attempt.chargeback?.full) return 'chargeback';
  if (refunded > 0 && refunded >= attempt.amount) return 'refund';
  if (attempt.chargeback) return 'partial_chargeback';
  return refunded > 0 || attempt.refundsUnclear !== null ? 'partial_refund' : 'settlement';
};

export const statusOfAttempt = (payment: KnownPayment, attempt: Attempt): PaymentStatus => {
  if (attempt.stage === 'settlement') return settledStatus(payment, attempt);
  return attempt.stage === 'challenge' ? 'capture' : attempt.stage;
};

const statusWithoutAttempt = ({ charge, page }: KnownPayment): PaymentStatus => {
  switch (charge.phase) {
    case 'calling':
    case 'not_sent':
      return 'initiated';
    case 'not_made':
    case 'failed':
      return 'failure';
    case 'made':
      return page?.stage ?? 'pending';
  }
};

export const statusOf = (payment: KnownPayment): PaymentStatus => {
  const attempt = shownAttempt(payment);
  if (attempt === undefined) return statusWithoutAttempt(payment);
  const { page } = payment;
  if (standing(payment, attempt) === 0 && page !== null && page.stage !== 'pending') return page.stage;
  return statusOfAttempt(payment, attempt);
};

export const isInDoubt = ({ charge, action, refunds }: KnownPayment): boolean =>
  charge.phase === 'calling' || action !== null || refunds.some(({ status }) => status === 'requested');

export const summaryOf = (payment: KnownPayment): PaymentSummary => {
  const attempt = shownAttempt(payment);
  const status = statusOf(payment);
  return {
    status,
    paid: paidStatuses.has(status) && attempt?.stage !== 'challenge',
    inDoubt: isInDoubt(payment),
    captured: attempt ? capturedBy(attempt) : zeroRupiah,
    refunded: attempt ? refundedOf(payment, attempt) : zeroRupiah,
    refundable: attempt ? refundableOf(payment, attempt) : zeroRupiah,
  };
};
