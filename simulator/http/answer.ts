import type { Context } from 'koa';
import type { Fields } from '../transactions/transaction.js';
import { writeJson } from './json.js';

/** Writes a JSON answer. Core answers are HTTP 200 whatever their `status_code` (midtrans-facts 1.6). */
export const answer = (ctx: Pick<Context, 'status' | 'body' | 'type'>, body: Fields, httpStatus = 200): void => {
  ctx.status = httpStatus;
  ctx.type = 'application/json';
  ctx.body = writeJson(body);
};
