import type { HttpParts } from '../http-parts.js';
import { notNow } from '../answers/http-refusal.js';
import type { HttpMiddleware } from '../requests/http-context.js';

/** The process is alive. */
export const getHealthz: HttpMiddleware = (ctx) => {
  ctx.body = { status: 'ok' };
};

/** A follower or a simulator that is starting needs about so long. */
const retryAfterSeconds = 2;

/** It should be given work (api.md 3). What is parked keeps nobody from work, but somebody should look at it. */
export const getReadyz = ({ readiness }: HttpParts): HttpMiddleware =>
  async function handleGetReadyz(ctx) {
    const { reasons, parkedKeys } = await readiness();
    if (reasons.length > 0) throw notNow('not_ready', 'The service is not ready', retryAfterSeconds, { reasons });
    ctx.body = { status: 'ready', parked_keys: parkedKeys };
  };
