import type { HttpParts } from '../http-parts.js';
import { refusal } from '../answers/http-refusal.js';
import type { HttpMiddleware } from '../requests/http-context.js';

/** The process is alive. */
export const getHealthz: HttpMiddleware = (ctx) => {
  ctx.body = { status: 'ok' };
};

/** It should be given work (api.md 3). */
export const getReadyz = ({ reasonsNotReady }: HttpParts): HttpMiddleware =>
  async function handleGetReadyz(ctx) {
    const reasons = await reasonsNotReady();
    if (reasons.length > 0) throw refusal(503, 'not_ready', 'The service is not ready', { data: { reasons } });
    ctx.body = { status: 'ready' };
  };
