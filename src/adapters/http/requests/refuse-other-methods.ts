import type { Router } from '@koa/router';
import { refusal } from '../answers/http-refusal.js';
import type { HttpMiddleware, RequestState } from './http-context.js';

/** 405 for a path that is known with other methods. */
export const refuseOtherMethods = (routers: readonly Router<RequestState>[]): HttpMiddleware =>
  async function refuseOtherMethod(ctx, next) {
    const layers = routers.flatMap((router) => router.match(ctx.path, ctx.method).path);
    const allowed = new Set(layers.flatMap(({ methods }) => methods));
    if (allowed.size > 0)
      throw refusal(405, 'method_not_allowed', `${ctx.method} is not possible here`, {
        headers: { Allow: [...allowed].join(', ') },
      });
    await next();
  };
