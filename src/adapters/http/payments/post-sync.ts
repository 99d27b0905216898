import { parsed } from '../answers/invalid-fields.js';
import { unansweredRefusal } from '../answers/gateway-answers.js';
import { rejectionRefusal } from '../answers/rejection-answers.js';
import { unreachable } from '../../../domain/unreachable.js';
import type { HttpParts } from '../http-parts.js';
import { answerOnce } from '../idempotency/answer-once.js';
import { causeOf } from '../identity/cause-of.js';
import type { RouteContext } from '../requests/http-context.js';
import { readJson } from '../requests/read-json.js';
import { ownPaymentId } from './find-own.js';
import { ActionBody } from './post-action.js';

/** `POST /payments/{id}/sync`: asks Midtrans for the state now (api.md 3). */
export const postSync = (parts: HttpParts) =>
  async function handlePostSync(ctx: RouteContext): Promise<void> {
    const paymentId = await ownPaymentId(ctx, parts.findPayments, ['sync']);
    const body = await readJson(ctx);
    await answerOnce(ctx, body, parts, async () => {
      const { reason = null } = parsed(ActionBody, body);
      const result = await parts.syncPayment.execute(paymentId, reason, causeOf(ctx));
      switch (result.type) {
        case 'synced':
          return { of: 'payment', status: 200, paymentId, revision: result.payment.revision };
        case 'rejected':
          throw rejectionRefusal(result.rejection);
        case 'unanswered':
          throw unansweredRefusal(result.failure);
        default:
          return unreachable(result);
      }
    });
  };
