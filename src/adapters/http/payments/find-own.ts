import type { FindPayments, FoundPayment } from '../../../application/payments/find-payments.js';
import { paymentId, type PaymentId } from '../../../domain/payments/identity.js';
import { notFound } from '../answers/http-refusal.js';
import { mayAny } from '../identity/identity.js';
import { identityOf } from '../identity/identify.js';
import type { Permission } from '../identity/permissions.js';
import type { HttpContext, RouteContext } from '../requests/http-context.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws HttpRefusal 404: what is no id names no payment */
export const paymentIdIn = (ctx: RouteContext): PaymentId => {
  const { id = '' } = ctx.params;
  if (!uuid.test(id)) throw notFound();
  return paymentId(id);
};

/** Another user's payment is not there (api.md 2). @throws HttpRefusal 404 */
export const refuseForeign = (ctx: HttpContext, found: FoundPayment, forAny: readonly Permission[]): void => {
  const identity = identityOf(ctx);
  if (found.document.user_id !== identity.userId && !mayAny(identity, ...forAny)) throw notFound();
};

/** The payment of the path, before anything of the body is looked at (api.md 6). @throws HttpRefusal 404 */
export const ownPayment = async (
  ctx: RouteContext,
  findPayments: FindPayments,
  forAny: readonly Permission[],
): Promise<FoundPayment> => {
  const found = await findPayments.byId(paymentIdIn(ctx));
  if (found === undefined || found === 'beyond') throw notFound();
  refuseForeign(ctx, found, forAny);
  return found;
};

export const ownPaymentId = async (
  ctx: RouteContext,
  findPayments: FindPayments,
  forAny: readonly Permission[],
): Promise<PaymentId> => {
  await ownPayment(ctx, findPayments, forAny);
  return paymentIdIn(ctx);
};
