import { z } from 'zod';
import type { FindPayments, FoundPayment } from '../../../application/payments/find-payments.js';
import { paymentView } from '../../../application/payments/payment-view.js';
import type { PaymentId } from '../../../domain/payments/identity.js';
import { invalidRequest, notFound } from '../answers/http-refusal.js';
import { parsed } from '../answers/invalid-fields.js';
import type { HttpParts } from '../http-parts.js';
import { wholeNumber } from '../requests/field-schemas.js';
import type { RouteContext } from '../requests/http-context.js';
import { paymentIdIn, refuseForeign } from './find-own.js';

export const GetPaymentQuery = z.strictObject({
  min_revision: wholeNumber.optional().meta({ description: 'This revision or newer; waits 2 s at most' }),
});

/** `GET /payments/{id}`: the ETag is the revision (api.md 3). */
export const getPayment = ({ findPayments, personalData }: HttpParts) =>
  async function handleGetPayment(ctx: RouteContext): Promise<void> {
    const id = paymentIdIn(ctx);
    const wanted = GetPaymentQuery.safeParse(ctx.query);
    const minRevision = wanted.success ? (wanted.data.min_revision ?? 0) : 0;
    const known = revisionsIn(ctx.get('if-none-match'));
    const found = await newEnough(findPayments, id, minRevision, known);
    // Existence comes before everything about the request itself (api.md 6).
    const payment = found === 'beyond' ? await findPayments.byId(id) : found;
    if (payment === undefined || payment === 'beyond') throw notFound();
    refuseForeign(ctx, payment, ['read_any']);
    // Once more for words that a person can read: finding them costs every request, and hardly anybody needs them.
    if (!wanted.success) parsed(GetPaymentQuery, ctx.query);
    if (found === 'beyond')
      throw invalidRequest('min_revision', `is beyond revision ${payment.revision}, the newest there is`);

    ctx.set('ETag', `"${payment.revision}"`);
    if (known === 'any' || known.includes(payment.revision)) ctx.status = 304;
    else ctx.body = await paymentView(payment.document, payment.revision, personalData);
  };

type Known = 'any' | readonly number[];

/** An ETag asks for its revision or newer too, but one beyond the log just does not match. */
const newEnough = async (
  findPayments: FindPayments,
  id: PaymentId,
  minRevision: number,
  known: Known,
): Promise<FoundPayment | 'beyond' | undefined> => {
  const newestKnown = known === 'any' ? 0 : Math.max(0, ...known);
  const found = await findPayments.byId(id, Math.max(minRevision, newestKnown));
  return found === 'beyond' && newestKnown > minRevision ? findPayments.byId(id, minRevision) : found;
};

const entityTag = /(?:W\/)?"(\d{1,15})"/g;

/** Revisions among the ETags; those that are none of ours match nothing. */
const revisionsIn = (header: string): Known => {
  if (header === '') return [];
  return header.trim() === '*' ? 'any' : [...header.matchAll(entityTag)].map(([, revision]) => Number(revision));
};
