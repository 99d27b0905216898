import type { KnownBefore } from '../../domain/payments/commands.js';
import type { RefundKey, TransactionId } from '../../domain/payments/identity.js';
import type { Attempt, KnownPayment } from '../../domain/payments/state.js';
import { isPaidStage, type ActionName } from '../../domain/payments/stages.js';
import { refundedOf, shownAttempt } from '../../domain/payments/summary.js';
import type { Cause } from '../audit/cause.js';
import type {
  ActionAnswer,
  ChargeOrder,
  GatewayFailure,
  GatewayReference,
  PaymentGateway,
} from '../ports/payment-gateway.js';
import type { PaymentAt, PaymentHistories, TimelessCommand, Transacted } from './payment-histories.js';
import type { PageTokens } from './page-tokens.js';

export type KnownAt = Extract<Transacted, { readonly type: 'done' }>['payment'];

/** The payment after a call and its outcome on record; `failure`: what Midtrans, or the way there, had against it. */
export interface Called {
  readonly payment: KnownAt;
  readonly failure: GatewayFailure | null;
}

const account = (message: string) => ({ because: 'account' as const, message });

const knownBefore = (payment: KnownPayment, transactionId: TransactionId): KnownBefore | null => {
  const attempt = payment.attempts.find((known: Attempt) => known.transactionId === transactionId);
  return attempt ? { stage: attempt.stage, refunded: refundedOf(payment, attempt) } : null;
};

/**
 * Carries a wish that is on record to Midtrans and brings its outcome home (design D3). Who calls must have appended the wish,
 * or an attempt of it, itself.
 */
export class GatewayCalls {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly gateway: PaymentGateway,
    private readonly pageTokens: PageTokens,
  ) {}

  async charge(order: ChargeOrder, payment: KnownAt, cause: Cause): Promise<Called> {
    const answer = await this.gateway.charge(order);
    const record = (command: TimelessCommand) => this.record(payment, command, cause);
    switch (answer.type) {
      case 'transaction': {
        const { observation } = answer;
        const recorded = await record({
          type: 'ObserveGatewayStatus',
          observation,
          source: 'charge-answer',
          knownBefore: null,
          noteLook: false,
        });
        return { payment: recorded, failure: null };
      }
      case 'page': {
        const personal = { payment_details: { snap_token: answer.token } };
        return {
          payment: await record({ type: 'RecordPage', redirectUrl: answer.redirectUrl, personal }),
          failure: null,
        };
      }
      case 'refused': {
        const recorded = await record({ ...answer, type: 'RecordChargeRefused' });
        // 406 to what may have been our own second send: only a look tells whose transaction it is.
        if (recorded.state.charge.phase !== 'calling') return { payment: recorded, failure: answer };
        const looked = await this.look(recorded, cause);
        return { ...looked, failure: looked.payment.state.charge.phase === 'failed' ? answer : null };
      }
      case 'not_sent':
        return {
          payment: await record({ ...answer, type: 'RecordChargeNotSent', statusCode: null }),
          failure: answer,
        };
      case 'unknown':
        return this.unanswered(payment, order.wishId, answer, cause);
    }
  }

  /** The open action of the payment. */
  async act(payment: KnownAt, cause: Cause): Promise<Called> {
    const open = payment.state.action;
    if (open === null) return { payment, failure: null };
    const { wishId } = open.wish;
    const answer = await this.actionAnswer(payment, open.action);
    const record = (command: TimelessCommand, now = payment) => this.record(now, command, cause);
    switch (answer.type) {
      case 'transaction':
        return { payment: await this.observed(payment, answer.observation, cause), failure: null };
      case 'page_closed':
        return { payment: await record({ type: 'RecordPageClosed', wishId }), failure: null };
      case 'refused': {
        const { statusCode, message } = answer;
        if (answer.because === 'account') {
          const recorded = await record({
            type: 'RecordActionNotSent',
            wishId,
            statusCode,
            ...account(message),
          });
          return { payment: recorded, failure: answer };
        }
        // Midtrans' state is not what we thought: bring ours up to date before the no is put on record.
        const looked = answer.because === 'request' ? { payment, failure: null } : await this.look(payment, cause);
        const now = looked.payment;
        if (now.state.lastReached === wishId) return { payment: now, failure: null };
        // An earlier send of ours may be why: without a look nobody knows.
        if (looked.failure) return this.unanswered(now, wishId, looked.failure, cause);
        const because = answer.because === 'request' ? 'request' : 'state';
        const recorded = await record({ type: 'RecordActionRefused', wishId, because, statusCode, message }, now);
        return { payment: recorded, failure: answer };
      }
      case 'not_sent':
        return {
          payment: await record({ ...answer, type: 'RecordActionNotSent', wishId, statusCode: null }),
          failure: answer,
        };
      case 'unknown':
        return this.unanswered(payment, wishId, answer, cause);
    }
  }

  async refund(payment: KnownAt, refundKey: RefundKey, cause: Cause): Promise<Called> {
    const refund = payment.state.refunds.find((known) => known.refundKey === refundKey);
    if (!refund?.wish) return { payment, failure: null };
    const { wishId } = refund.wish;
    const { transactionId, amount, reason } = refund;
    const answer = await this.gateway.refund({
      wishId,
      subject: { transactionId },
      refundKey,
      amount,
      reason: reason ?? '',
    });
    const record = (command: TimelessCommand, now = payment) => this.record(now, command, cause);
    switch (answer.type) {
      case 'accepted': {
        const { amount: accepted, confirmedAt } = answer;
        return {
          payment: await record({ type: 'RecordRefundAccepted', refundKey, amount: accepted, confirmedAt }),
          failure: null,
        };
      }
      case 'refused': {
        const { statusCode, message } = answer;
        if (answer.because === 'account') {
          const recorded = await record({
            type: 'RecordRefundNotSent',
            refundKey,
            statusCode,
            ...account(message),
          });
          return { payment: recorded, failure: answer };
        }
        const onlySend = answer.firstSend && refund.wish.sends === 1;
        if (answer.because === 'request' && onlySend)
          return {
            payment: await record({ type: 'RecordRefundRefused', refundKey, statusCode, message }),
            failure: answer,
          };
        return this.refundRefused(payment, refundKey, answer, cause);
      }
      case 'not_sent':
        return {
          payment: await record({ ...answer, type: 'RecordRefundNotSent', refundKey, statusCode: null }),
          failure: answer,
        };
      case 'unknown':
        return this.unanswered(payment, wishId, answer, cause);
    }
  }

  /**
   * Asks Midtrans for the state now; free to all at any time.
   * @param noteLook on record even without news: somebody wanted to know
   */
  async look(payment: KnownAt, cause: Cause, noteLook = false): Promise<Called> {
    const answer = await this.gateway.look(subjectOf(payment.state));
    if (answer.type === 'transaction')
      return { payment: await this.observed(payment, answer.observation, cause, noteLook), failure: null };
    if (answer.type === 'not_found')
      return { payment: await this.record(payment, { type: 'ObserveAbsence' }, cause), failure: null };
    return { payment, failure: answer };
  }

  /**
   * Asks for one transaction that somebody named. That Midtrans does not know it, or knows it as another order's, says nothing
   * about the payment.
   */
  async lookAt(transactionId: TransactionId, payment: KnownAt, cause: Cause): Promise<Called> {
    const answer = await this.gateway.look({ transactionId });
    if (answer.type === 'not_found') return { payment, failure: null };
    if (answer.type !== 'transaction') return { payment, failure: answer };
    const { observation } = answer;
    const isOfOrder = observation.orderId === payment.state.orderId;
    return { payment: isOfOrder ? await this.observed(payment, observation, cause) : payment, failure: null };
  }

  private observed(
    payment: KnownAt,
    observation: Extract<ActionAnswer, { type: 'transaction' }>['observation'],
    cause: Cause,
    noteLook = false,
  ): Promise<KnownAt> {
    const before = knownBefore(payment.state, observation.transactionId);
    return this.record(
      payment,
      { type: 'ObserveGatewayStatus', observation, source: 'confirmed', knownBefore: before, noteLook },
      cause,
    );
  }

  /**
   * A no that an earlier send of the same refund may have caused: look into `refunds[]` (design D3). While the key is not there,
   * 406 says that Midtrans knows it all the same, so it stays in doubt; as it does when looking fails.
   */
  private async refundRefused(
    payment: KnownAt,
    refundKey: RefundKey,
    refusal: Extract<GatewayFailure, { type: 'refused' }>,
    cause: Cause,
  ): Promise<Called> {
    const looked = await this.look(payment, cause);
    const now = looked.payment;
    const wish = now.state.refunds.find((known) => known.refundKey === refundKey)?.wish;
    if (!wish) return { payment: now, failure: null };
    const isUnclear = looked.failure !== null || refusal.because === 'conflict';
    if (isUnclear) return this.unanswered(now, wish.wishId, refusal, cause);
    const { statusCode, message } = refusal;
    const recorded = await this.record(now, { type: 'RecordRefundRefused', refundKey, statusCode, message }, cause);
    return { payment: recorded, failure: refusal };
  }

  private async unanswered(
    payment: KnownAt,
    wishId: KnownPayment['wishId'],
    failure: GatewayFailure,
    cause: Cause,
  ): Promise<Called> {
    const { message } = failure;
    return { payment: await this.record(payment, { type: 'RecordUnanswered', wishId, message }, cause), failure };
  }

  private async actionAnswer(payment: KnownAt, action: ActionName): Promise<ActionAnswer> {
    const open = payment.state.action;
    if (open === null) throw new Error(`Payment ${payment.id} has no open action`);
    const { wishId } = open.wish;
    if (open.transactionId === null) {
      const token = await this.pageTokens.find(payment.id);
      return token === undefined ? pageUnknown : this.gateway.closePage({ wishId, token });
    }
    const order = { wishId, subject: { transactionId: open.transactionId } };
    switch (action) {
      case 'Capture': {
        const amount = open.amount ?? payment.state.amount;
        return this.gateway.capture({ wishId, transactionId: open.transactionId, amount });
      }
      case 'Cancel':
        return this.gateway.cancel(order);
      case 'Expiry':
        return this.gateway.expire(order);
      case 'Approval':
        return this.gateway.approve(order);
      case 'Denial':
        return this.gateway.deny(order);
    }
  }

  /** Recording an outcome is never refused by the rules: what happened, happened. */
  private async record(payment: PaymentAt, command: TimelessCommand, cause: Cause): Promise<KnownAt> {
    const recorded = await this.histories.transact(payment.id, command, cause, payment);
    if (recorded.type === 'done') return recorded.payment;
    throw new Error(`${command.type} of payment ${payment.id} was refused: ${recorded.rejection.code}`);
  }
}

const pageUnknown: ActionAnswer = {
  type: 'refused',
  because: 'request',
  statusCode: 404,
  message: 'The token of this Snap page is erased, so it cannot be closed; it ends by itself',
  firstSend: true,
};

/**
 * By transaction id where one is known, since some methods accept nothing else (midtrans-facts 2.2); but on a Snap page that is
 * not paid the customer may have tried again, and only the order id leads to the newest try.
 */
const subjectOf = (payment: KnownPayment): GatewayReference => {
  const attempt = shownAttempt(payment);
  const newerPerhaps = payment.provider === 'snap' && attempt && !isPaidStage(attempt.stage);
  return attempt && !newerPerhaps ? { transactionId: attempt.transactionId } : { orderId: payment.orderId };
};
