import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { answer } from '../http/answer.js';
import { surfaceOf } from '../http/answer-refusals.js';
import type { SimulatorContext, SimulatorMiddleware } from '../http/context.js';
import type { HttpFaults } from './http-faults.js';

/** Paths of the simulator itself, which nothing ever goes wrong with. */
const isOwnPath = (path: string): boolean => path === '/' || path.startsWith('/_simulator');

/**
 * What goes wrong around a request: the answer replaced before any work (`status`, `html`), the connection lost
 * before the work or after it was committed. Outermost, so that a replayed answer can be lost as well.
 */
export const strikeAround =
  (faults: HttpFaults): SimulatorMiddleware =>
  async (ctx, next) => {
    ctx.state.fault = isOwnPath(ctx.path) ? undefined : faults.draw(ctx.path);
    switch (ctx.state.fault?.kind) {
      case 'status':
        return answerStatus(ctx, ctx.state.fault.status);
      case 'html':
        return answerHtml(ctx, ctx.state.fault.status);
      case 'drop_before':
        return drop(ctx);
      case 'drop_after_commit':
        await next();
        return drop(ctx);
      case 'delay':
      case undefined:
        return void (await next());
    }
  };

/** Slowness, behind the idempotency window: a repeat meanwhile finds the first request in flight, and no transaction yet. */
export const strikeSlow: SimulatorMiddleware = async (ctx, next) => {
  if (ctx.state.fault?.kind === 'delay') await sleep(ctx.state.fault.delayMs);
  await next();
};

type Answerable = Pick<SimulatorContext, 'status' | 'type' | 'body' | 'path'>;

const drop = (ctx: Pick<SimulatorContext, 'respond' | 'req'>): void => {
  ctx.respond = false;
  ctx.req.socket.destroy();
};

const messages: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  501: 'The feature has not finished yet',
  502: 'Internal Server Error: Bank Connection Problem',
  503: 'Bank/partner is experiencing connection issue.',
  504: 'Internal Server Error: Fraud Detection Unavailable',
  505: 'Unable to create va_number for this transaction',
};

const answerStatus = (ctx: Answerable, status: number): void => {
  if (status === 429) return answer(ctx, { message: 'API rate limit exceeded' }, 429);
  const message = messages[status] ?? 'Sorry. Our system is recovering from unexpected issues. Please retry.';
  if (surfaceOf(ctx.path) === 'snap') return answer(ctx, { error_messages: [message] }, status);
  if (surfaceOf(ctx.path) === 'subscriptions') return answer(ctx, { status_message: message }, status);
  answer(ctx, { status_code: String(status), status_message: message, id: randomUUID() }, status);
};

const answerHtml = (ctx: Answerable, status: number): void => {
  ctx.status = status;
  ctx.type = 'text/html';
  ctx.body = `<!DOCTYPE html><html><head><title>api.midtrans.com | ${status}</title></head><body><h1>Error ${status}</h1><p>cloudflare</p></body></html>`;
};
