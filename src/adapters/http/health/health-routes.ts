import type { Journal } from '../../../application/ports/journal.js';
import type { HttpParts } from '../http-parts.js';
import { notNow } from '../answers/http-refusal.js';
import type { HttpContext, HttpMiddleware } from '../requests/http-context.js';

/** The process is alive. */
export const getHealthz: HttpMiddleware = (ctx) => {
  ctx.body = { status: 'ok' };
};

/** A follower or a simulator that is starting needs about so long. */
const retryAfterSeconds = 2;

/** It should be given work (api.md 3). What is parked keeps nobody from work, but somebody should look at it. */
export const getReadyz = ({ readiness, journal }: HttpParts): HttpMiddleware => {
  const tell = tellChanges(journal);
  return async function handleGetReadyz(ctx) {
    const { reasons, parkedKeys } = await readiness();
    tell(reasons);
    if (reasons.length > 0) answerNotReady(ctx, reasons);
    else ctx.body = { status: 'ready', parked_keys: parkedKeys };
  };
};

/** An answer like another: nothing of ours went wrong with the request. */
const answerNotReady = (ctx: HttpContext, reasons: readonly string[]): void => {
  const { status, headers, body } = notNow('not_ready', 'The service is not ready', retryAfterSeconds, { reasons });
  ctx.status = status;
  ctx.set(headers);
  ctx.body = body;
};

/** A line when it is no longer ready and one when it is again, however often it is asked. */
const tellChanges = (journal: Journal): ((reasons: readonly string[]) => void) => {
  let before: readonly string[] = [];
  return (reasons) => {
    if (reasons.length > 0 && before.length === 0) journal.warn('Not ready', { reasons: reasons.join('; ') });
    if (reasons.length === 0 && before.length > 0) journal.info('Ready again', { reasons_before: before.join('; ') });
    before = reasons;
  };
};

/** Asked every few seconds by whoever watches over the service, so a line for each would drown all others. */
export const isProbe = (route: string): boolean => route === '/healthz' || route === '/readyz';
