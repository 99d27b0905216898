import type { LookRequest } from '../../domain/payments/commands.js';
import type { TransactionId, WishId } from '../../domain/payments/identity.js';
import { knownBefore } from '../../domain/payments/known-before.js';
import type { GatewayObservation } from '../../domain/payments/observation.js';
import type { KnownPayment } from '../../domain/payments/state.js';
import { isPaidStage } from '../../domain/payments/stages.js';
import { shownAttempt } from '../../domain/payments/summary.js';
import type { Cause } from '../audit/cause.js';
import type { GatewayReference, LookAnswer, LookFailure, PaymentGateway } from '../ports/payment-gateway.js';
import type { Called } from './called.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';

export interface LookOptions {
  /** What to ask for; the transaction that speaks for the payment unless said otherwise. */
  readonly subject?: GatewayReference;
  /** On record even without news: only the record sets the time of the next look. */
  readonly noteLook?: boolean;
  /** By a person: on record whatever it brings, also that Midtrans did not tell. */
  readonly asked?: LookRequest;
}

/** Looks at Midtrans and puts on record what it says; free to all at any time (design D3). */
export class GatewayLooks {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly gateway: PaymentGateway,
  ) {}

  async look(payment: KnownAt, cause: Cause, options: LookOptions = {}): Promise<Called> {
    const subject = options.subject ?? subjectOf(payment.state);
    const answer = await this.askFor(subject, payment.state);
    const note = options.asked && { asked: options.asked };
    if (answer.type === 'transaction') {
      const how = { ...options, isNewest: leadsToNewest(subject, payment.state) };
      return { payment: await this.observed(payment, answer.observation, cause, how), failure: null };
    }
    if (answer.type === 'not_found') {
      const absence = { type: 'ObserveAbsence', ...note } as const;
      return { payment: await this.histories.record(payment, absence, cause), failure: null };
    }
    if (!note) return { payment, failure: answer };
    const unanswered = { type: 'RecordLookUnanswered', ...note } as const;
    return { payment: await this.histories.record(payment, unanswered, cause), failure: answer };
  }

  /** What Midtrans does not find by order id it may know by transaction id, and some methods only so (midtrans-facts 2.2). */
  private async askFor(subject: GatewayReference, payment: KnownPayment): Promise<LookAnswer> {
    const answer = await this.gateway.look(subject);
    const attempt = shownAttempt(payment);
    if (answer.type !== 'not_found' || 'transactionId' in subject || attempt === undefined) return answer;
    return this.gateway.look({ transactionId: attempt.transactionId });
  }

  /**
   * Asks for one transaction that somebody else named. That Midtrans does not know it, or knows it as another order's, says
   * nothing about the payment.
   */
  async lookAt(transactionId: TransactionId, payment: KnownAt, cause: Cause): Promise<Called> {
    const answer = await this.gateway.look({ transactionId });
    if (answer.type === 'not_found') return { payment, failure: null };
    if (answer.type !== 'transaction') return { payment, failure: answer };
    const { observation } = answer;
    const isOfOrder = observation.orderId === payment.state.orderId;
    return { payment: isOfOrder ? await this.observed(payment, observation, cause) : payment, failure: null };
  }

  /** What Midtrans said to us directly: in a look, or in its answer to an action. */
  observed(
    payment: KnownAt,
    observation: GatewayObservation,
    cause: Cause,
    { noteLook = false, isNewest = false, asked }: LookOptions & { readonly isNewest?: boolean } = {},
  ): Promise<KnownAt> {
    const before = knownBefore(payment.state, observation.transactionId);
    const report = { type: 'ObserveGatewayStatus', observation, source: 'confirmed', knownBefore: before } as const;
    return this.histories.record(payment, { ...report, isNewest, noteLook, ...(asked && { asked }) }, cause);
  }

  /** The call ended without telling whether it was carried out: the wish stays in doubt. */
  async unanswered(payment: KnownAt, wishId: WishId, failure: LookFailure, cause: Cause): Promise<Called> {
    const { message } = failure;
    return {
      payment: await this.histories.record(payment, { type: 'RecordUnanswered', wishId, message }, cause),
      failure,
    };
  }
}

/**
 * By transaction id where one is known, since some methods accept nothing else (midtrans-facts 2.2); but on a Snap page that is
 * not paid the customer may have tried again, and only the order id leads to the newest try.
 */
const subjectOf = (payment: KnownPayment): GatewayReference => {
  const attempt = shownAttempt(payment);
  const newerPerhaps = payment.provider === 'snap' && attempt && !isPaidStage(attempt.stage);
  return attempt && !newerPerhaps ? { transactionId: attempt.transactionId } : { orderId: payment.orderId };
};

/** To the newest try on a page leads the order id; where Midtrans finds nothing by it (DANA), what we know is the newest there is. */
const leadsToNewest = (subject: GatewayReference, { provider }: KnownPayment): boolean =>
  'orderId' in subject || provider !== 'snap';

/** What has to be looked at to settle a payment's doubts: each transaction that a wish without an outcome acts on. */
export const subjectsInDoubt = (payment: KnownPayment): readonly GatewayReference[] => {
  const acted = [
    payment.action?.transactionId,
    ...payment.refunds.map(({ wish, transactionId }) => wish && transactionId),
  ].filter((id) => id !== null && id !== undefined);
  const others = new Set(acted);
  const main = subjectOf(payment);
  if ('transactionId' in main) others.delete(main.transactionId);
  return [main, ...[...others].map((transactionId) => ({ transactionId }))];
};
