import type { CarriedOut } from '../../../application/payments/carried-out.js';
import { refundKey as refundKeyOf, type RefundKey } from '../../../domain/payments/identity.js';
import { unreachable } from '../../../domain/unreachable.js';
import { gatewayUnavailable, refusedByGateway } from '../answers/gateway-answers.js';
import { parsed } from '../answers/invalid-fields.js';
import { rejectionRefusal } from '../answers/rejection-answers.js';
import type { HttpParts } from '../http-parts.js';
import { answerOnce, type AnswerAt } from '../idempotency/answer-once.js';
import { causeOf } from '../identity/cause-of.js';
import { ownPaymentId } from '../payments/find-own.js';
import type { RouteContext } from '../requests/http-context.js';
import { readJson } from '../requests/read-json.js';
import { RefundBody } from './refund-schemas.js';

/** `POST /payments/{id}/refunds` (api.md 3). Without a refund key the wish itself names the refund. */
export const postRefund = (parts: HttpParts) =>
  async function handlePostRefund(ctx: RouteContext): Promise<void> {
    const paymentId = await ownPaymentId(ctx, parts.findPayments, ['refund']);
    const body = await readJson(ctx);
    await answerOnce(ctx, body, parts, async (wishFor) => {
      const { amount = null, reason, refund_key: named } = parsed(RefundBody, body);
      const wishId = wishFor(named);
      const refundKey = named ?? refundKeyOf(wishId);
      const request = { paymentId, refundKey, wishId, amount, reason };
      return refunded(await parts.refundPayment.execute(request, causeOf(ctx)), refundKey);
    });
  };

const refunded = (result: CarriedOut, refundKey: RefundKey): AnswerAt => {
  switch (result.type) {
    case 'done': {
      const { id: paymentId, revision } = result.payment;
      return { of: 'refund', status: result.novelty === 'new' ? 201 : 200, paymentId, revision, refundKey };
    }
    case 'in_doubt': {
      const { id: paymentId, revision } = result.payment;
      return { of: 'refund', status: 202, paymentId, revision, refundKey };
    }
    case 'rejected':
      throw rejectionRefusal(result.rejection);
    case 'refused':
      throw refusedByGateway(result.refusal, 'refund');
    case 'not_sent':
      throw gatewayUnavailable(result.because);
    default:
      return unreachable(result);
  }
};
