import { forbidden, unauthenticated } from '../answers/http-refusal.js';
import type { HttpContext, HttpMiddleware } from '../requests/http-context.js';
import { UserId, type AccessTokens, type Claims } from './access-tokens.js';
import { mayAny, type Identity } from './identity.js';
import { permissionsOfAll, type Permission } from './permissions.js';
import type { TrustedGateways } from './trusted-gateways.js';

export interface IdentityParts {
  readonly tokens: AccessTokens;
  readonly gateways: TrustedGateways;
  /** ALLOW_CUSTOMER_PAYMENTS. */
  readonly customersPay: boolean;
}

/** Finds out who asks, or answers 401 (api.md 2). */
export const identify = (parts: IdentityParts): HttpMiddleware =>
  async function identifyCaller(ctx, next) {
    const { sub, roles } = await claimsOf(ctx, parts);
    ctx.state.identity = { userId: sub, roles, permissions: permissionsOfAll(roles, parts.customersPay) };
    await next();
  };

/** Refuses who may not do this at all, whoever's payment it is. Several permissions: any of them will do. */
export const permit = (...wanted: readonly Permission[]): HttpMiddleware =>
  async function checkPermission(ctx, next) {
    if (!mayAny(identityOf(ctx), ...wanted)) throw forbidden('Your roles do not allow this');
    await next();
  };

/** @throws when the route does not identify its caller: a mistake of ours */
export const identityOf = (ctx: HttpContext): Identity => {
  const { identity } = ctx.state;
  if (identity === null) throw new Error(`${ctx.method} ${ctx.path} asks who is calling, but nobody found out`);
  return identity;
};

const bearer = /^Bearer +([\w.~+/=-]+) *$/i;

const claimsOf = async (ctx: HttpContext, { tokens, gateways }: IdentityParts): Promise<Claims> => {
  const authorization = ctx.get('authorization');
  const userId = ctx.get('x-user-id');
  if (authorization === '') return userIdAlone(userId, gateways.isPeerOf(ctx.req));
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated('The Authorization header must be: Bearer <token>');
  const claims = await tokens.read(token);
  if (userId !== '' && userId !== claims.sub) throw forbidden('X-User-ID is not the user of the access token');
  return claims;
};

/** The gateway has checked the token itself; what it vouches for is a customer, nothing more. */
const userIdAlone = (userId: string, trusted: boolean): Claims => {
  if (userId === '' || !trusted) throw unauthenticated('An access token is needed');
  if (!UserId.safeParse(userId).success) throw unauthenticated('X-User-ID is no user id');
  return { sub: userId, roles: ['customer'] };
};
