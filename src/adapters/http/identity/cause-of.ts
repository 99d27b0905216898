import type { Cause } from '../../../application/audit/cause.js';
import type { HttpContext } from '../requests/http-context.js';
import { identityOf } from './identify.js';

/** W3C trace context, version 00. */
const traceParent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The user context reaches every command and event (R5.2). */
export const causeOf = (ctx: HttpContext): Cause => {
  const { userId, roles } = identityOf(ctx);
  const { requestId, address } = ctx.state;
  const trace = ctx.get('traceparent');
  return {
    actor: { kind: roles.includes('service') ? 'service' : 'user', id: userId, roles, address },
    correlationId: requestId,
    causationId: requestId,
    requestId,
    traceParent: traceParent.test(trace) ? trace : null,
    notification: null,
  };
};
