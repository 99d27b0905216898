import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../application/ports/clock.js';
import { epochMs, instant, type Instant } from '../../../domain/time/instant.js';
import { unauthenticated } from '../answers/http-refusal.js';
import { identityWith, type Identity } from './identity.js';
import { isRole } from './permissions.js';

const skewSeconds = 60;

/** Ids of users as they go into events and keys. */
export const UserId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u, 'must not contain control characters');

/** A role that we do not know permits nothing; no `roles` at all means a customer. */
const TokenClaims = z.object({
  sub: UserId,
  exp: z.number(),
  roles: z
    .array(z.string())
    .default(['customer'])
    .transform((names) => names.filter(isRole)),
});

interface Known {
  readonly identity: Identity;
  readonly until: Instant;
}

const keptMax = 10_000;
/** A token is checked anew after so long, whatever it says about itself. */
const keptMs = 60_000;

/** Tokens of the auth service: HS256 and nothing else, `exp` required, clocks may differ by a minute (api.md 2). */
export class AccessTokens {
  private readonly key;
  /** Tokens come many times; what was right a moment ago is not computed again. */
  private readonly known = new Map<string, Known>();

  constructor(
    jwtSecret: string,
    private readonly clock: Clock,
    /** ALLOW_CUSTOMER_PAYMENTS. */
    private readonly customersPay: boolean,
  ) {
    this.key = createSecretKey(jwtSecret, 'utf8');
  }

  /** Whose it is. @throws HttpRefusal 401 */
  async read(token: string): Promise<Identity> {
    const now = this.clock.now();
    const known = this.known.get(token);
    if (known && now < known.until) return known.identity;
    const { sub, roles, exp } = claimsIn(await this.verified(token, now));
    const identity = identityWith(sub, roles, this.customersPay);
    this.keep(token, { identity, until: instant(Math.min(epochMs(now) + keptMs, (exp + skewSeconds) * 1_000)) });
    return identity;
  }

  private async verified(token: string, now: Instant): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        clockTolerance: skewSeconds,
        currentDate: new Date(now),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The access token has expired');
      if (error instanceof errors.JOSEError) throw unauthenticated('The access token is not valid');
      throw error;
    }
  }

  private keep(token: string, known: Known): void {
    if (this.known.size >= keptMax) this.known.clear();
    this.known.set(token, known);
  }
}

const claimsIn = (payload: JWTPayload): z.output<typeof TokenClaims> => {
  const read = TokenClaims.safeParse(payload);
  if (read.success) return read.data;
  throw unauthenticated('The access token lacks a usable sub, exp or roles');
};
