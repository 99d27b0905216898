import { describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { HttpRefusal } from '../../../src/adapters/http/answers/http-refusal.js';
import { AccessTokens } from '../../../src/adapters/http/identity/access-tokens.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import { instant } from '../../../src/domain/time/instant.js';

const secret = 'a secret of tests, with enough letters';
const begin = Date.parse('2026-11-23T05:49:00.000Z');

const tokensAt = (): { readonly tokens: AccessTokens; readonly pass: (seconds: number) => void } => {
  let passedMs = 0;
  const clock: Clock = {
    now: () => instant(begin + passedMs),
    monotonicMs: () => passedMs,
    sleep: () => Promise.resolve(),
  };
  return { tokens: new AccessTokens(secret, clock, true), pass: (seconds) => void (passedMs += seconds * 1_000) };
};

const tokenFor = (seconds: number, by = secret): Promise<string> =>
  new SignJWT({ sub: 'budi', roles: ['customer'], exp: begin / 1_000 + seconds })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(by));

const statusOf = (tokens: AccessTokens, token: string): Promise<number | string> =>
  tokens.read(token).then(
    ({ userId }) => userId,
    (error: unknown) => (error instanceof HttpRefusal ? error.status : String(error)),
  );

describe('an access token that comes again and again', () => {
  it('says the same each time until a minute after its end, and nothing from then on', async () => {
    const { tokens, pass } = tokensAt();
    const token = await tokenFor(20);
    expect(await statusOf(tokens, token)).toBe('budi');
    pass(79);
    expect(await statusOf(tokens, token)).toBe('budi');
    pass(1);
    expect(await statusOf(tokens, token)).toBe(401);
    expect(await statusOf(tokens, token)).toBe(401);
  });

  it('is refused each time when it is of another secret, and holds up nobody else', async () => {
    const { tokens } = tokensAt();
    const forged = await tokenFor(3_600, 'another secret of tests, long enough');
    for (let n = 0; n < 3; n += 1) expect(await statusOf(tokens, forged)).toBe(401);
    expect(await statusOf(tokens, await tokenFor(3_600))).toBe('budi');
  });

  it('is known by all of it: what differs in one character is another token', async () => {
    const { tokens } = tokensAt();
    const token = await tokenFor(3_600);
    expect(await statusOf(tokens, token)).toBe('budi');
    const middle = token.lastIndexOf('.') + 5;
    const changed = token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1);
    expect(await statusOf(tokens, changed)).toBe(401);
    expect(await statusOf(tokens, token)).toBe('budi');
  });
});
