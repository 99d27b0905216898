import type { Router } from '@koa/router';
import { refusal } from '../answers/http-refusal.js';
import type { HttpMiddleware, RequestState } from './http-context.js';

/** 405 for a path that is known with other methods. */
export const refuseOtherMethods = (router: Router<RequestState>): HttpMiddleware =>
  async function refuseOtherMethod(ctx, next) {
    const allowed = new Set(router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods));
    if (allowed.size > 0)
      throw refusal(405, 'method_not_allowed', `${ctx.method} is not possible here`, {
        headers: { Allow: [...allowed].join(', ') },
      });
    await next();
  };
