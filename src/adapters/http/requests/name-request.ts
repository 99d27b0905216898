import type { IncomingMessage } from 'node:http';
import { hasCardNumber } from '../../../domain/cards/card-number.js';
import type { Ids } from '../../../application/ports/ids.js';
import type { TrustedGateways } from '../identity/trusted-gateways.js';
import type { HttpMiddleware } from './http-context.js';

/** What a caller may call its request; anything else is replaced by a name of ours. */
const saneRequestId = /^[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}$/;

/** The request's name: its caller's, or a new one. */
export const requestIdOf = ({ headers }: IncomingMessage, ids: Ids): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && saneRequestId.test(given) && !hasCardNumber(given) ? given : ids.next();
};

/** What stands on every answer. JSON has nothing to load; whoever shows it as a page gets nothing either. */
export const safeHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const safeHeaderList = Object.entries(safeHeaders);

/** Gives every request its name and every answer its safe defaults. */
export const nameRequest = (ids: Ids, gateways: TrustedGateways): HttpMiddleware =>
  function nameThisRequest(ctx, next) {
    const requestId = requestIdOf(ctx.req, ids);
    ctx.state = { requestId, address: gateways.clientOf(ctx.req), identity: null };
    // Past Koa, which looks twice at each.
    ctx.res.setHeader('X-Request-ID', requestId);
    for (const [name, value] of safeHeaderList) ctx.res.setHeader(name, value);
    return next();
  };
