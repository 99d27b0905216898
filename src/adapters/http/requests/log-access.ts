import type { Clock } from '../../../application/ports/clock.js';
import type { Journal } from '../../../application/ports/journal.js';
import { notificationPath } from '../notifications/notification-path.js';
import type { HttpMiddleware } from './http-context.js';

/**
 * One line for each request. The route's pattern instead of its path, no query and no body: nothing personal (R8). A notification
 * that was stored has none: it stands in the inbox with all that a line could tell, and they come by the thousands.
 */
export const logAccess = (journal: Journal, clock: Clock): HttpMiddleware =>
  async function logThisAccess(ctx, next) {
    const startedMs = clock.monotonicMs();
    await next();
    if (ctx.status === 200 && ctx.path === notificationPath) return;
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
