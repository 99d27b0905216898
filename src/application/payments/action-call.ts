import type { Rupiah } from '../../domain/money/rupiah.js';
import type { TransactionId } from '../../domain/payments/identity.js';
import type { OpenAction } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import type { ActionAnswer, PaymentGateway } from '../ports/payment-gateway.js';
import type { Called, Refused } from './called.js';
import type { GatewayLooks, LookOptions } from './gateway-looks.js';
import type { PageTokens } from './page-tokens.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';
import type { TimelyCalls } from './timely-calls.js';

/** Carries the open action of a payment to Midtrans. Who calls must have appended the wish, or an attempt of it, itself (design D3). */
export class ActionCall {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly calls: TimelyCalls,
    private readonly looks: GatewayLooks,
    private readonly pageTokens: PageTokens,
  ) {}

  async execute(payment: KnownAt, cause: Cause): Promise<Called> {
    const open = payment.state.action;
    if (open === null) return { payment, failure: null };
    const { wishId, answerBy } = open.wish;
    const answer = await this.answerTo(open, payment);
    switch (answer.type) {
      case 'transaction':
        return { payment: await this.looks.observed(payment, answer.observation, cause), failure: null };
      case 'page_closed': {
        const recorded = await this.histories.record(payment, { type: 'RecordPageClosed', wishId }, cause);
        return { payment: recorded, failure: null };
      }
      case 'refused':
        return this.refused(open, payment, answer, cause);
      case 'not_sent': {
        const { because, message } = answer;
        const no = { answerBy, because, statusCode: null, message };
        const outcome = { type: 'RecordActionNotSent', wishId, ...no } as const;
        return { payment: await this.histories.record(payment, outcome, cause), failure: answer };
      }
      case 'unknown':
        return this.looks.unanswered(payment, wishId, answer, cause);
    }
  }

  private async answerTo(open: OpenAction, { id, state }: KnownAt): Promise<ActionAnswer> {
    const { wish, transactionId } = open;
    const { wishId } = wish;
    if (transactionId !== null)
      return this.calls.send(wish, (gateway) => act(gateway, open, transactionId, state.amount));
    const token = await this.pageTokens.find(id);
    return token === undefined ? tokenGone : this.calls.send(wish, (gateway) => gateway.closePage({ wishId, token }));
  }

  private async refused(open: OpenAction, payment: KnownAt, refusal: Refused, cause: Cause): Promise<Called> {
    const { wishId, answerBy } = open.wish;
    const { statusCode, message, because, firstSend } = refusal;
    if (because === 'account') {
      const outcome = { type: 'RecordActionNotSent', wishId, answerBy, because, statusCode, message } as const;
      return { payment: await this.histories.record(payment, outcome, cause), failure: refusal };
    }
    const isOnlySend = firstSend && open.wish.sends === 1;
    if (because === 'request' && isOnlySend) return this.refuse(open, payment, refusal, cause);

    // Midtrans' state is not what we thought, or an earlier send of ours may be why: bring ours up to date before the no is believed.
    const looked = await this.looks.look(payment, cause, subjectOf(open));
    const now = looked.payment;
    if (now.state.lastReached === wishId) return { payment: now, failure: null };
    // Without a look nobody knows.
    if (looked.failure) return this.looks.unanswered(now, wishId, looked.failure, cause);
    return this.refuse(open, now, refusal, cause);
  }

  private async refuse({ wish }: OpenAction, payment: KnownAt, refusal: Refused, cause: Cause): Promise<Called> {
    const { wishId, answerBy } = wish;
    const { statusCode, message } = refusal;
    const because = refusal.because === 'request' ? 'request' : 'state';
    const outcome = { type: 'RecordActionRefused', wishId, answerBy, because, statusCode, message } as const;
    return { payment: await this.histories.record(payment, outcome, cause), failure: refusal };
  }
}

const act = (
  gateway: PaymentGateway,
  { action, wish: { wishId }, amount }: OpenAction,
  transactionId: TransactionId,
  authorized: Rupiah,
): Promise<ActionAnswer> => {
  const order = { wishId, subject: { transactionId } };
  switch (action) {
    case 'Capture':
      return gateway.capture({ wishId, transactionId, amount: amount ?? authorized });
    case 'Cancel':
      return gateway.cancel(order);
    case 'Expiry':
      return gateway.expire(order);
    case 'Approval':
      return gateway.approve(order);
    case 'Denial':
      return gateway.deny(order);
  }
};

/** A page has no id but the order's. */
const subjectOf = ({ transactionId }: OpenAction): LookOptions =>
  transactionId === null ? {} : { subject: { transactionId } };

const tokenGone: ActionAnswer = {
  type: 'refused',
  because: 'request',
  statusCode: 404,
  message: 'The token of this Snap page cannot be read any more, so it cannot be closed; it ends by itself',
  firstSend: true,
};
