import type { Clock } from '../../../application/ports/clock.js';
import type { Journal } from '../../../application/ports/journal.js';
import { isProbe } from '../health/health-routes.js';
import type { HttpMiddleware } from './http-context.js';

/** What is told of a request: the route's pattern instead of its path, no query and no body, so nothing personal (R8). */
export interface Access {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** By the monotonic clock. */
  readonly startedMs: number;
  readonly requestId: string;
  readonly userId: string | null;
}

/** One line for each request that is no probe. */
export const logAccess = (journal: Journal, clock: Clock): HttpMiddleware =>
  async function logThisAccess(ctx, next) {
    const startedMs = clock.monotonicMs();
    await next();
    const { requestId, identity } = ctx.state;
    const route = typeof ctx['routerPath'] === 'string' ? ctx['routerPath'] : 'none';
    if (isProbe(route)) return;
    const userId = identity?.userId ?? null;
    writeAccess({ method: ctx.method, route, status: ctx.status, startedMs, requestId, userId }, journal, clock);
  };

export const writeAccess = (access: Access, journal: Journal, clock: Clock): void => {
  const { method, route, status, startedMs, requestId, userId } = access;
  journal.info(`${method} ${route} ${status}`, {
    method,
    route,
    status,
    ms: Math.round((clock.monotonicMs() - startedMs) * 10) / 10,
    request_id: requestId,
    user_id: userId,
  });
};
