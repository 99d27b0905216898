import type { Instant } from '../../domain/time/instant.js';
import type { Cause } from '../audit/cause.js';
import type { ChargeOrder } from '../ports/payment-gateway.js';
import type { Called, Refused } from './called.js';
import type { GatewayLooks } from './gateway-looks.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';
import type { TimelyCalls } from './timely-calls.js';

/** Carries a charge that is on record to Midtrans. Who calls must have appended the wish, or an attempt of it, itself (design D3). */
export class ChargeCall {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly calls: TimelyCalls,
    private readonly looks: GatewayLooks,
  ) {}

  async execute(order: ChargeOrder, payment: KnownAt, cause: Cause): Promise<Called> {
    const { charge } = payment.state;
    if (charge.phase !== 'calling') return { payment, failure: null };
    const { answerBy } = charge.wish;
    const answer = await this.calls.send(charge.wish, (gateway) => gateway.charge(order));
    switch (answer.type) {
      case 'transaction': {
        const { observation } = answer;
        const report = { type: 'ObserveGatewayStatus', observation, source: 'charge-answer' } as const;
        const recorded = await this.histories.record(payment, { ...report, knownBefore: null, noteLook: false }, cause);
        return { payment: recorded, failure: null };
      }
      case 'page': {
        // The token stands in the page's address too, and is as good as the page (R8.1).
        const personal = { payment_details: { snap_token: answer.token, redirect_url: answer.redirectUrl } };
        const recorded = await this.histories.record(payment, { type: 'RecordPage', personal }, cause);
        return { payment: recorded, failure: null };
      }
      case 'refused':
        return this.refused(payment, answerBy, answer, cause);
      case 'not_sent': {
        const { because, message } = answer;
        const outcome = { type: 'RecordChargeNotSent', answerBy, because, statusCode: null, message } as const;
        return { payment: await this.histories.record(payment, outcome, cause), failure: answer };
      }
      case 'unknown':
        return this.looks.unanswered(payment, order.wishId, answer, cause);
    }
  }

  private async refused(payment: KnownAt, answerBy: Instant, refusal: Refused, cause: Cause): Promise<Called> {
    const outcome = { ...refusal, type: 'RecordChargeRefused', answerBy } as const;
    const recorded = await this.histories.record(payment, outcome, cause);
    if (recorded.state.charge.phase !== 'calling') return { payment: recorded, failure: refusal };
    // 406 to what may have been our own second send: only a look tells whose transaction it is.
    const looked = await this.looks.look(recorded, cause);
    return { ...looked, failure: looked.payment.state.charge.phase === 'failed' ? refusal : null };
  }
}
