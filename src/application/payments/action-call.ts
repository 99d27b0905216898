import type { OpenAction } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import type { ActionAnswer, PaymentGateway } from '../ports/payment-gateway.js';
import type { Called, Refused } from './called.js';
import type { GatewayLooks } from './gateway-looks.js';
import type { PageTokens } from './page-tokens.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';

/** Carries the open action of a payment to Midtrans. Who calls must have appended the wish, or an attempt of it, itself (design D3). */
export class ActionCall {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly gateway: PaymentGateway,
    private readonly looks: GatewayLooks,
    private readonly pageTokens: PageTokens,
  ) {}

  async execute(payment: KnownAt, cause: Cause): Promise<Called> {
    const open = payment.state.action;
    if (open === null) return { payment, failure: null };
    const { wishId } = open.wish;
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
        const outcome = { type: 'RecordActionNotSent', wishId, because, statusCode: null, message } as const;
        return { payment: await this.histories.record(payment, outcome, cause), failure: answer };
      }
      case 'unknown':
        return this.looks.unanswered(payment, wishId, answer, cause);
    }
  }

  private async answerTo(open: OpenAction, { id, state }: KnownAt): Promise<ActionAnswer> {
    const { wishId } = open.wish;
    const { transactionId, action } = open;
    if (transactionId === null) {
      const token = await this.pageTokens.find(id);
      return token === undefined ? tokenGone : this.gateway.closePage({ wishId, token });
    }
    const order = { wishId, subject: { transactionId } };
    switch (action) {
      case 'Capture':
        return this.gateway.capture({ wishId, transactionId, amount: open.amount ?? state.amount });
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

  private async refused(open: OpenAction, payment: KnownAt, refusal: Refused, cause: Cause): Promise<Called> {
    const { wishId } = open.wish;
    const { statusCode, message, because } = refusal;
    const { transactionId } = open;
    const subject = transactionId === null ? {} : { subject: { transactionId } };
    if (because === 'account') {
      const outcome = { type: 'RecordActionNotSent', wishId, because, statusCode, message } as const;
      return { payment: await this.histories.record(payment, outcome, cause), failure: refusal };
    }
    // Midtrans' state is not what we thought: bring ours up to date before the no is put on record.
    const looked = because === 'request' ? { payment, failure: null } : await this.looks.look(payment, cause, subject);
    const now = looked.payment;
    if (now.state.lastReached === wishId) return { payment: now, failure: null };
    // An earlier send of ours may be why: without a look nobody knows.
    if (looked.failure) return this.looks.unanswered(now, wishId, looked.failure, cause);
    const why = because === 'request' ? 'request' : 'state';
    const outcome = { type: 'RecordActionRefused', wishId, because: why, statusCode, message } as const;
    return { payment: await this.histories.record(now, outcome, cause), failure: refusal };
  }
}

const tokenGone: ActionAnswer = {
  type: 'refused',
  because: 'request',
  statusCode: 404,
  message: 'The token of this Snap page cannot be read any more, so it cannot be closed; it ends by itself',
  firstSend: true,
};
