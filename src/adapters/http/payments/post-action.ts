import { z } from 'zod';
import type { ActionRequest } from '../../../application/payments/act-on-payment.js';
import type { CarriedOut } from '../../../application/payments/carried-out.js';
import { rupiah } from '../../../domain/money/rupiah.js';
import type { ActionName } from '../../../domain/payments/stages.js';
import { unreachable } from '../../../domain/unreachable.js';
import { gatewayUnavailable, refusedByGateway } from '../answers/gateway-answers.js';
import { parsed } from '../answers/invalid-fields.js';
import { rejectionRefusal } from '../answers/rejection-answers.js';
import type { HttpParts } from '../http-parts.js';
import { answerOnce, type AnswerAt } from '../idempotency/answer-once.js';
import { causeOf } from '../identity/cause-of.js';
import { identityOf } from '../identity/identify.js';
import { mayAny } from '../identity/identity.js';
import type { Permission } from '../identity/permissions.js';
import { amount, text } from '../requests/field-schemas.js';
import type { RouteContext } from '../requests/http-context.js';
import { readJson } from '../requests/read-json.js';
import { ownPaymentId } from './find-own.js';

export const ActionBody = z
  .strictObject({ reason: text(255).optional() })
  .meta({ id: 'ActionRequest', description: 'May be left out' });

export const CaptureBody = z
  .strictObject({
    amount: amount.transform(rupiah).optional().meta({ description: 'All that was authorized unless said otherwise' }),
    reason: text(255).optional(),
  })
  .meta({ id: 'CaptureRequest', description: 'May be left out' });

interface Action {
  readonly name: ActionName;
  /** Any of them permits it at all. */
  readonly permissions: readonly Permission[];
  /** Any of them permits it on anybody's payment. */
  readonly forAny: readonly Permission[];
}

const staffOnly = (name: ActionName, permission: Permission): Action => ({
  name,
  permissions: [permission],
  forAny: [permission],
});

/** The last word of the path, what it asks for, and who may. */
export const actions = {
  capture: staffOnly('Capture', 'capture'),
  cancel: {
    name: 'Cancel',
    permissions: ['cancel', 'cancel_any_pending', 'cancel_own_pending'],
    forAny: ['cancel', 'cancel_any_pending'],
  },
  expire: staffOnly('Expiry', 'expire'),
  approve: staffOnly('Approval', 'approve'),
  deny: staffOnly('Denial', 'deny'),
} satisfies Record<string, Action>;

/** `POST /payments/{id}/capture`, `/cancel`, `/expire`, `/approve`, `/deny` (api.md 3). */
export const postAction = (parts: HttpParts, { name, forAny }: Action) =>
  async function handlePostAction(ctx: RouteContext): Promise<void> {
    const paymentId = await ownPaymentId(ctx, parts.findPayments, forAny);
    const body = await readJson(ctx);
    await answerOnce(ctx, body, parts, async (wishFor) => {
      const wish = wishIn(name, body);
      const onlyPending = name === 'Cancel' && !mayAny(identityOf(ctx), 'cancel');
      const wishId = wishFor(wish.amount === null ? undefined : String(wish.amount));
      const request = { paymentId, action: name, wishId, ...wish, onlyPending };
      return acted(await parts.actOnPayment.execute(request, causeOf(ctx)));
    });
  };

const wishIn = (name: ActionName, body: unknown): Pick<ActionRequest, 'reason' | 'amount'> => {
  if (name !== 'Capture') return { reason: parsed(ActionBody, body).reason ?? null, amount: null };
  const { reason = null, amount: asked = null } = parsed(CaptureBody, body);
  return { reason, amount: asked };
};

const acted = (result: CarriedOut): AnswerAt => {
  switch (result.type) {
    case 'done':
      return { of: 'payment', status: 200, paymentId: result.payment.id, revision: result.payment.revision };
    case 'in_doubt':
      return { of: 'payment', status: 202, paymentId: result.payment.id, revision: result.payment.revision };
    case 'rejected':
      throw rejectionRefusal(result.rejection);
    case 'refused':
      throw refusedByGateway(result.refusal, 'action');
    case 'not_sent':
      throw gatewayUnavailable(result.because);
    default:
      return unreachable(result);
  }
};
