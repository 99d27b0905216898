import type { Provider } from '../../domain/methods/providers.js';
import type { RefundKey, TransactionId } from '../../domain/payments/identity.js';
import type { OpenWish, Refund } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import type { Called, Refused } from './called.js';
import type { GatewayLooks } from './gateway-looks.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';
import type { TimelyCalls } from './timely-calls.js';

type OpenRefund = Refund & { readonly wish: OpenWish };

const openRefund = ({ state }: KnownAt, key: RefundKey): OpenRefund | undefined => {
  const refund = state.refunds.find(({ refundKey }) => refundKey === key);
  return refund?.wish ? { ...refund, wish: refund.wish } : undefined;
};

const providerOf = ({ state }: KnownAt, id: TransactionId): Provider | null =>
  state.attempts.find(({ transactionId }) => transactionId === id)?.provider ?? null;

/** Carries a refund that is on record to Midtrans. Who calls must have appended the wish, or an attempt of it, itself (design D3). */
export class RefundCall {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly calls: TimelyCalls,
    private readonly looks: GatewayLooks,
  ) {}

  async execute(payment: KnownAt, refundKey: RefundKey, cause: Cause): Promise<Called> {
    const refund = openRefund(payment, refundKey);
    if (!refund) return { payment, failure: null };
    const { transactionId, amount } = refund;
    const { wishId, answerBy } = refund.wish;
    const provider = providerOf(payment, transactionId);
    const order = { wishId, subject: { transactionId }, provider, refundKey, amount, reason: refund.reason ?? '' };
    const answer = await this.calls.send(refund.wish, (gateway) => gateway.refund(order));
    switch (answer.type) {
      case 'accepted': {
        const { amount: accepted, confirmedAt } = answer;
        const outcome = { type: 'RecordRefundAccepted', refundKey, amount: accepted, confirmedAt } as const;
        return { payment: await this.histories.record(payment, outcome, cause), failure: null };
      }
      case 'refused':
        return this.refused(refund, payment, answer, cause);
      case 'not_sent': {
        const { because, message } = answer;
        const no = { answerBy, because, statusCode: null, message };
        const outcome = { type: 'RecordRefundNotSent', refundKey, ...no } as const;
        return { payment: await this.histories.record(payment, outcome, cause), failure: answer };
      }
      case 'unknown':
        return this.looks.unanswered(payment, wishId, answer, cause);
    }
  }

  private async refused(refund: OpenRefund, payment: KnownAt, refusal: Refused, cause: Cause): Promise<Called> {
    const { refundKey, transactionId, wish } = refund;
    const { because, statusCode, message, firstSend } = refusal;
    if (because === 'account') {
      const no = { answerBy: wish.answerBy, because, statusCode, message };
      const outcome = { type: 'RecordRefundNotSent', refundKey, ...no } as const;
      return { payment: await this.histories.record(payment, outcome, cause), failure: refusal };
    }
    const isOnlySend = firstSend && wish.sends === 1;
    if (because === 'request' && isOnlySend) return this.refuse(refund, payment, refusal, cause);

    // A no that an earlier send of the same refund may have caused: look into `refunds[]` (design D3).
    const looked = await this.looks.look(payment, cause, { subject: { transactionId } });
    const now = looked.payment;
    const still = openRefund(now, refundKey);
    if (!still) return { payment: now, failure: null };
    // 406 to a repeat may mean an earlier send of ours, shown late; to the only send it means somebody else's. Without a look nobody knows.
    if (looked.failure || (because === 'conflict' && !isOnlySend))
      return this.looks.unanswered(now, still.wish.wishId, refusal, cause);
    return this.refuse(refund, now, refusal, cause);
  }

  private async refuse(refund: OpenRefund, payment: KnownAt, refusal: Refused, cause: Cause): Promise<Called> {
    const { statusCode, message } = refusal;
    const { refundKey, wish } = refund;
    const outcome = { type: 'RecordRefundRefused', refundKey, answerBy: wish.answerBy, statusCode, message } as const;
    return { payment: await this.histories.record(payment, outcome, cause), failure: refusal };
  }
}
