import { forbidden } from '../answers/http-refusal.js';
import type { HttpMiddleware } from '../requests/http-context.js';
import { refuseCardNumbers } from '../requests/refuse-card-numbers.js';
import { identify, type IdentityParts } from './identify.js';
import { mayAny } from './identity.js';
import type { Permission } from './permissions.js';

export type Admit = (...wanted: readonly Permission[]) => HttpMiddleware;

/**
 * The door of a route that takes a token, in the order of api.md 6: who asks, and may it do this at all, whoever's payment it is? What
 * is said of the payment and of the body comes later, but no card number goes farther than this.
 * Several permissions: any of them will do; none: whoever has a token. One step, since each that Koa goes through costs every request.
 */
export const admit =
  (parts: IdentityParts): Admit =>
  (...wanted) =>
    async function admitCaller(ctx, next) {
      const identity = await identify(ctx, parts);
      ctx.state.identity = identity;
      if (wanted.length > 0 && !mayAny(identity, ...wanted)) throw forbidden('Your roles do not allow this');
      refuseCardNumbers(ctx);
      await next();
    };
