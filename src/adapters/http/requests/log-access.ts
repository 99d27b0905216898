import type { Clock } from '../../../application/ports/clock.js';
import type { Journal } from '../../../application/ports/journal.js';
import type { HttpMiddleware } from './http-context.js';

/** One line for each request. The route's pattern instead of its path, no query and no body: nothing personal (R8). */
export const logAccess = (journal: Journal, clock: Clock): HttpMiddleware =>
  async function logThisAccess(ctx, next) {
    const startedMs = clock.monotonicMs();
    await next();
    const { requestId, identity } = ctx.state;
    const route = typeof ctx['routerPath'] === 'string' ? ctx['routerPath'] : 'none';
    journal.info(`${ctx.method} ${route} ${ctx.status}`, {
      method: ctx.method,
      route,
      status: ctx.status,
      ms: Math.round((clock.monotonicMs() - startedMs) * 10) / 10,
      request_id: requestId,
      user_id: identity?.userId ?? null,
    });
  };
