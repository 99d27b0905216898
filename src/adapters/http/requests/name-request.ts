import { hasCardNumber } from '../../../domain/cards/card-number.js';
import type { Ids } from '../../../application/ports/ids.js';
import type { TrustedGateways } from '../identity/trusted-gateways.js';
import type { HttpMiddleware } from './http-context.js';

/** What a caller may call its request; anything else is replaced by a name of ours. */
const saneRequestId = /^[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}$/;

const requestIdOf = (given: string, ids: Ids): string =>
  saneRequestId.test(given) && !hasCardNumber(given) ? given : ids.next();

/** JSON has nothing to load; whoever shows it as a page gets nothing either. */
const nothingEmbedded = "default-src 'none'; frame-ancestors 'none'";

/** Gives every request its name and every answer its safe defaults. */
export const nameRequest = (ids: Ids, gateways: TrustedGateways): HttpMiddleware =>
  async function nameThisRequest(ctx, next) {
    const requestId = requestIdOf(ctx.get('x-request-id'), ids);
    ctx.state = { requestId, address: gateways.clientOf(ctx.req), identity: null };
    ctx.set('X-Request-ID', requestId);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Security-Policy', nothingEmbedded);
    await next();
  };
