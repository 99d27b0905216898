import type { Ids } from '../../../application/ports/ids.js';
import type { Journal } from '../../../application/ports/journal.js';
import { StoreUnavailable } from '../../../application/ports/event-log.js';
import { KeyDestroyed } from '../../../application/ports/personal-data.js';
import { TooManyConflicts } from '../../../application/payments/payment-histories.js';
import type { HttpContext, HttpMiddleware } from '../requests/http-context.js';
import { HttpRefusal, notNow, refusal, type ErrorBody } from './http-refusal.js';

const storeRetryAfterSeconds = 2;

/** What was thrown below us, as an answer. */
const refusalOf = (error: unknown): HttpRefusal => {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof StoreUnavailable)
    return notNow('store_unavailable', 'The service cannot reach its store; try again', storeRetryAfterSeconds);
  if (error instanceof TooManyConflicts)
    return refusal(409, 'concurrent_change', 'The payment kept changing; look at it and try again');
  if (error instanceof KeyDestroyed)
    return refusal(409, 'customer_erased', "This customer's personal data is erased, and no more can be kept");
  return refusal(500, 'internal_error', 'Something went wrong on our side');
};

/** A 5xx names its entry in the log, and shows nothing of what is inside (api.md 6). */
const withErrorId = (body: ErrorBody, errorId: string): ErrorBody => ({
  ...body,
  data: { ...body.data, error_id: errorId },
});

export interface ErrorParts {
  readonly ids: Ids;
  readonly journal: Journal;
}

/** The only place where errors become answers (style: errors). */
export const answerErrors = (parts: ErrorParts): HttpMiddleware =>
  async function answerErrorsBelow(ctx, next) {
    try {
      await next();
    } catch (error) {
      writeError(ctx, error, parts);
    }
  };

const writeError = (ctx: HttpContext, error: unknown, parts: ErrorParts): void => {
  const { status, body, headers } = errorAnswer(error, ctx.state.requestId, parts);
  ctx.status = status;
  ctx.set(headers);
  ctx.body = body;
};

/** What is answered to an error; ours (5xx) are logged here. */
export const errorAnswer = (
  error: unknown,
  requestId: string,
  { ids, journal }: ErrorParts,
): Pick<HttpRefusal, 'status' | 'body' | 'headers'> => {
  const { status, body, headers } = refusalOf(error);
  if (status < 500) return { status, body, headers };
  const errorId = ids.next();
  const code = body.errors[0]?.code ?? 'internal_error';
  const fields = { error_id: errorId, code, request_id: requestId };
  // A refusal says it all; anything else is worth its stack.
  journal.error(`Request failed: ${body.message}`, fields, error instanceof HttpRefusal ? undefined : error);
  return { status, body: withErrorId(body, errorId), headers };
};
