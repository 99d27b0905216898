import { forbidden } from '../answers/http-refusal.js';
import type { HttpMiddleware } from '../requests/http-context.js';
import { refuseCardNumbers } from '../requests/refuse-card-numbers.js';
import { identify, type IdentityParts } from './identify.js';
import { mayAny } from './identity.js';
import type { Permission } from './permissions.js';

export type Admit = (...wanted: readonly Permission[]) => HttpMiddleware;

/**
 * The door of a route that takes a token, in the order of api.md 6: who asks, and may it do this at all, whoever's payment it is?
 * Several permissions: any of them will do; none: whoever has a token. One step, since each that Koa goes through costs every request.
 */
export const admit =
  (parts: IdentityParts): Admit =>
  (...wanted) =>
    async function admitCaller(ctx, next) {
      const identity = await identify(ctx, parts);
      ctx.state.identity = identity;
      refuseCardNumbers(ctx);
      if (wanted.length > 0 && !mayAny(identity, ...wanted)) throw forbidden('Your roles do not allow this');
      await next();
    };
