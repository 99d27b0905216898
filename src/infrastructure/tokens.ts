import { SignJWT } from 'jose';

export interface TokenWish {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly ttlSeconds: number;
}

/** A token as the auth service would give it (api.md 2). */
export const makeToken = ({ sub, roles, ttlSeconds }: TokenWish, jwtSecret: string): Promise<string> =>
  new SignJWT({ roles })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${ttlSeconds}s`)
    .sign(new TextEncoder().encode(jwtSecret));

/** For trying things out: somebody who pays, or who orders payments of others, and who may also refund and look at everything. */
export const developmentToken = (pays: 'customer' | 'service', jwtSecret: string): Promise<string> =>
  makeToken({ sub: 'developer', roles: [pays, 'finance', 'operator'], ttlSeconds: 86_400 }, jwtSecret);
