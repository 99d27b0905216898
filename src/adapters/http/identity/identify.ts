import { forbidden, unauthenticated } from '../answers/http-refusal.js';
import type { HttpContext } from '../requests/http-context.js';
import { UserId, type AccessTokens } from './access-tokens.js';
import { identityWith, type Identity } from './identity.js';
import type { TrustedGateways } from './trusted-gateways.js';

export interface IdentityParts {
  readonly tokens: AccessTokens;
  readonly gateways: TrustedGateways;
  /** ALLOW_CUSTOMER_PAYMENTS. */
  readonly customersPay: boolean;
}

const bearer = /^Bearer +([\w.~+/=-]+) *$/i;

/** Finds out who asks (api.md 2). @throws HttpRefusal 401, 403 */
export const identify = async (ctx: HttpContext, parts: IdentityParts): Promise<Identity> => {
  const authorization = ctx.get('authorization');
  const userId = utf8Of(ctx.get('x-user-id'));
  if (authorization === '') return vouchedFor(userId, ctx, parts);
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated('The Authorization header must be: Bearer <token>');
  const identity = await parts.tokens.read(token);
  if (userId !== '' && userId !== identity.userId) throw forbidden('X-User-ID is not the user of the access token');
  return identity;
};

/** Node reads the bytes of a header as Latin-1; a user's name is UTF-8, as it is in the token. */
const utf8Of = (header: string): string => (header === '' ? header : Buffer.from(header, 'latin1').toString('utf8'));

/** The gateway has checked the token itself; what it vouches for is a customer, nothing more. */
const vouchedFor = (userId: string, { req }: HttpContext, { gateways, customersPay }: IdentityParts): Identity => {
  if (userId === '' || !gateways.isPeerOf(req)) throw unauthenticated('An access token is needed');
  if (!UserId.safeParse(userId).success) throw unauthenticated('X-User-ID is no user id');
  return identityWith(userId, ['customer'], customersPay);
};

/** @throws when the route does not identify its caller: a mistake of ours */
export const identityOf = (ctx: HttpContext): Identity => {
  const { identity } = ctx.state;
  if (identity === null) throw new Error(`${ctx.method} ${ctx.path} asks who is calling, but nobody found out`);
  return identity;
};
