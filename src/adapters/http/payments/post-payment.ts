import type { MadePayment } from '../../../application/payments/make-payment.js';
import type { JsonObject } from '../../../domain/json.js';
import { unreachable } from '../../../domain/unreachable.js';
import { gatewayUnavailable, refusedByGateway } from '../answers/gateway-answers.js';
import { forbidden, refusal } from '../answers/http-refusal.js';
import { parsed } from '../answers/invalid-fields.js';
import { rejectionRefusal } from '../answers/rejection-answers.js';
import type { HttpParts } from '../http-parts.js';
import { answerOnce, type AnswerAt } from '../idempotency/answer-once.js';
import { causeOf } from '../identity/cause-of.js';
import { identityOf } from '../identity/identify.js';
import { mayAny, type Identity } from '../identity/identity.js';
import type { HttpMiddleware } from '../requests/http-context.js';
import { readJson } from '../requests/read-json.js';
import { paymentRequestOf, refuseTooLarge } from './payment-order.js';
import { PaymentRequestBody } from './payment-request-schema.js';

/** `POST /payments` (api.md 3). */
export const postPayment = (parts: HttpParts): HttpMiddleware =>
  async function handlePostPayment(ctx) {
    const body = await readJson(ctx);
    await answerOnce(ctx, body, parts, async (wishFor) => {
      const read = parsed(PaymentRequestBody, body);
      const request = paymentRequestOf(read, payerOf(identityOf(ctx), read.user_id), wishFor(read.order_id));
      refuseTooLarge(request, parts.chargeRequestBytes);
      return made(await parts.makePayment.execute(request, causeOf(ctx)));
    });
  };

/** A service names whose payment it is; everybody else pays for itself. @throws HttpRefusal 403 */
const payerOf = (identity: Identity, named: string | undefined): string => {
  if (named === undefined || named === identity.userId) return identity.userId;
  if (mayAny(identity, 'create_any')) return named;
  throw forbidden('Only services make payments for others');
};

const made = (result: MadePayment): AnswerAt => {
  switch (result.type) {
    case 'done': {
      const { id: paymentId, revision } = result.payment;
      return { of: 'payment', status: result.novelty === 'new' ? 201 : 200, paymentId, revision };
    }
    case 'in_doubt':
      return { of: 'payment', status: 202, paymentId: result.payment.id, revision: result.payment.revision };
    case 'rejected':
      throw rejectionRefusal(result.rejection);
    case 'refused':
      throw refusedByGateway(result.refusal, 'charge');
    case 'not_sent':
      throw gatewayUnavailable(result.because);
    case 'unavailable':
      throw unavailable(result);
    default:
      return unreachable(result);
  }
};

const unavailable = (result: Extract<MadePayment, { type: 'unavailable' }>) => {
  if (result.because === 'disabled')
    return refusal(422, 'payment_method_not_available', 'This payment method is not available now');
  const { min, max } = result;
  const data: JsonObject = { min, max };
  const message = `This payment method takes ${min} rupiah ${max === null ? 'and more' : `to ${max} rupiah`}`;
  return refusal(422, 'amount_out_of_range', message, { field: 'gross_amount', data });
};
