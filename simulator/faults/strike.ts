import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { answer } from '../http/answer.js';
import { internalErrors, surfaceOf } from '../http/answer-refusals.js';
import type { SimulatorContext, SimulatorMiddleware } from '../http/context.js';
import type { Fields } from '../transactions/transaction.js';
import type { HttpFault, HttpFaults } from './http-faults.js';

/** Paths of the simulator itself, which nothing ever goes wrong with. */
const isOwnPath = (path: string): boolean => path === '/' || path.startsWith('/_simulator');

/**
 * What goes wrong around a request: the answer replaced before any work or after it was committed (`status`, `html`,
 * `empty`), the connection lost before or after. Outermost, so that a replayed answer can be lost as well.
 */
export const strikeAround =
  (faults: HttpFaults): SimulatorMiddleware =>
  async (ctx, next) => {
    const fault = isOwnPath(ctx.path) ? undefined : faults.draw(ctx.path);
    ctx.state.fault = fault;
    switch (fault?.kind) {
      case 'status':
      case 'html':
      case 'empty':
        if (fault.afterCommit) await next();
        return answerInstead(ctx, fault);
      case 'drop_before':
        return drop(ctx);
      case 'drop_after_commit':
        await next();
        return drop(ctx);
      case 'delay':
      case 'refuse':
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

type Replacement = Extract<HttpFault, { readonly kind: 'status' | 'html' | 'empty' }>;

const answerInstead = (ctx: Answerable, fault: Replacement): void => {
  switch (fault.kind) {
    case 'html':
      return answerHtml(ctx, fault.status);
    case 'empty':
      return answerNothing(ctx, fault.status);
    case 'status':
      return fault.bodyStatus === null
        ? answerStatus(ctx, fault.status)
        : answer(ctx, coreError(fault.bodyStatus), fault.status);
  }
};

/** Texts of midtrans-facts 6.1. */
const messages: Readonly<Record<number, string>> = {
  402: 'Payment channel is not activated.',
  404: "Transaction doesn't exist.",
  500: 'Internal Server Error',
  501: 'The feature has not finished yet',
  502: 'Internal Server Error: Bank Connection Problem',
  503: 'Bank/partner is experiencing connection issue.',
  504: 'Internal Server Error: Fraud Detection Unavailable',
  505: 'Unable to create va_number for this transaction',
  900: 'GENERIC_SERVICE_ERROR',
};

const messageOf = (status: number): string =>
  messages[status] ?? 'Sorry. Our system is recovering from unexpected issues. Please retry.';

const coreError = (status: number): Fields => ({
  status_code: String(status),
  status_message: messageOf(status),
  id: randomUUID(),
});

const answerStatus = (ctx: Answerable, status: number): void => {
  if (status === 429) return answer(ctx, { message: 'API rate limit exceeded' }, 429);
  const surface = surfaceOf(ctx.path);
  if (surface === 'core') return answer(ctx, coreError(status), status);
  if (status === 500) return answer(ctx, internalErrors[surface](), status);
  const message = messageOf(status);
  answer(ctx, surface === 'snap' ? { error_messages: [message] } : { status_message: message }, status);
};

const answerHtml = (ctx: Answerable, status: number): void => {
  ctx.status = status;
  ctx.type = 'text/html';
  ctx.body = `<!DOCTYPE html><html><head><title>api.midtrans.com | ${status}</title></head><body><h1>Error ${status}</h1><p>cloudflare</p></body></html>`;
};

const answerNothing = (ctx: Answerable, status: number): void => {
  ctx.status = status;
  ctx.type = 'application/json';
  ctx.body = '';
};
