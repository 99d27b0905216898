import type { Claimed } from '../../../application/idempotency/idempotent-requests.js';
import type { KeptAnswer } from '../../../application/idempotency/kept-answer.js';
import { wishIdOf } from '../../../application/idempotency/wish-id-of.js';
import type { FoundPayment } from '../../../application/payments/find-payments.js';
import { paymentView, refundView } from '../../../application/payments/payment-view.js';
import { wishId, type PaymentId, type RefundKey, type WishId } from '../../../domain/payments/identity.js';
import { HttpRefusal, invalidRequest, refusal } from '../answers/http-refusal.js';
import type { HttpParts } from '../http-parts.js';
import { identityOf } from '../identity/identify.js';
import type { HttpContext } from '../requests/http-context.js';

/** A wish without an outcome yet: the next request may find one, so it is not kept. */
type InDoubt =
  | { readonly of: 'payment'; readonly status: 202; readonly paymentId: PaymentId; readonly revision: number }
  | {
      readonly of: 'refund';
      readonly status: 202;
      readonly paymentId: PaymentId;
      readonly revision: number;
      readonly refundKey: RefundKey;
    };

/** An answer as a place in the log to render it from, where it is of the log: the first and the hundredth are the same (api.md 3). */
export type AnswerAt = Exclude<KeptAnswer, { of: 'refusal' }> | InDoubt;

/** Names the wish to put on record. @param subject what the body names to be made: an order id, a refund key, the amount of a capture */
export type WishFor = (subject?: string) => WishId;

type AnswerParts = Pick<HttpParts, 'idempotentRequests' | 'findPayments' | 'personalData' | 'ids'>;

/**
 * Does the work once for each Idempotency-Key, and answers the same whenever it is asked again. Without a key it is just done.
 * @param work gets the name for the wish to put on record
 */
export const answerOnce = async (
  ctx: HttpContext,
  body: unknown,
  parts: AnswerParts,
  work: (wishFor: WishFor) => Promise<AnswerAt>,
): Promise<void> => {
  const key = idempotencyKeyOf(ctx);
  if (key === undefined) return writeOwn(ctx, await work(() => wishId(parts.ids.next())), parts);

  const { userId: caller } = identityOf(ctx);
  const { path } = ctx;
  const claim = await parts.idempotentRequests.claim({ caller, path, key, body });
  switch (claim.type) {
    case 'reused':
      throw refusal(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another request');
    case 'in_progress':
      throw refusal(409, 'idempotency_in_progress', 'The first request with this Idempotency-Key is still under way');
    case 'answered':
      ctx.set('Idempotency-Hit', 'true');
      if (await write(ctx, claim.answer, parts)) return;
      // The log was put back from an older backup than the answers: what was done then has not happened.
      ctx.remove('Idempotency-Hit');
      await claim.forget();
      return answerOnce(ctx, body, parts, work);
    case 'claimed':
      return writeOwn(
        ctx,
        await answerKept(
          claim,
          work((subject) => wishIdOf(caller, path, key, subject)),
        ),
        parts,
      );
  }
};

type Answer = AnswerAt | KeptAnswer;

type Claim = Extract<Claimed, { type: 'claimed' }>;

/** What was thrown, except for a 422, frees the key; so does doubt. */
const answerKept = async (claim: Claim, work: Promise<AnswerAt>): Promise<Answer> => {
  try {
    const answer = await orRefusal(work);
    await ignoringFailure(answer.status === 202 ? claim.release() : claim.keep(answer));
    return answer;
  } catch (error) {
    await ignoringFailure(claim.release());
    throw error;
  }
};

/** What was done is told all the same: a claim that is neither kept nor freed grows stale, and runs again safely. */
const ignoringFailure = (settled: Promise<void>): Promise<void> => settled.catch(() => undefined);

/** A 422 is an answer to be kept like any other. */
const orRefusal = async (work: Promise<AnswerAt>): Promise<Answer> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HttpRefusal) || error.status !== 422) throw error;
    return { of: 'refusal', status: 422, body: error.body };
  }
};

const keyLengthMax = 255;

const idempotencyKeyOf = (ctx: HttpContext): string | undefined => {
  const { 'idempotency-key': key } = ctx.req.headers;
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length >= 1 && key.length <= keyLengthMax) return key;
  throw invalidRequest('Idempotency-Key', `must have 1 to ${keyLengthMax} characters`);
};

/** To a request that has just been carried out. */
const writeOwn = async (ctx: HttpContext, answer: Answer, parts: AnswerParts): Promise<void> => {
  if (!(await write(ctx, answer, parts))) throw new Error(`What was just done is not in the log: ${placeOf(answer)}`);
};

const placeOf = (answer: Answer): string =>
  'paymentId' in answer ? `payment ${answer.paymentId} at revision ${answer.revision}` : answer.of;

/** false: the log lacks what it tells of; nothing is written. */
const write = async (
  ctx: HttpContext,
  answer: Answer,
  { findPayments, personalData }: AnswerParts,
): Promise<boolean> => {
  if (answer.of === 'refusal') throw new HttpRefusal(answer.status, answer.body);
  if (answer.of === 'parked_key') {
    ctx.body = answer.body;
    return true;
  }
  const found = await findPayments.atRevision(answer.paymentId, answer.revision);
  if (found?.revision !== answer.revision) return false;
  if (answer.of === 'refund') return writeRefund(ctx, answer, found);
  ctx.status = answer.status;
  ctx.set('ETag', `"${found.revision}"`);
  if (answer.status === 201) ctx.set('Location', `/payments/${answer.paymentId}`);
  ctx.body = await paymentView(found.document, found.revision, personalData);
  return true;
};

const writeRefund = (
  ctx: HttpContext,
  { status, refundKey }: Extract<Answer, { of: 'refund' }>,
  { document }: FoundPayment,
): boolean => {
  const refund = document.state.refunds.find((one) => one.refundKey === refundKey);
  if (refund === undefined) return false;
  ctx.status = status;
  ctx.body = refundView(refund);
  return true;
};
