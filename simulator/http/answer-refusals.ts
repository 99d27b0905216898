import { ZodError } from 'zod';
import type { Fields } from '../transactions/transaction.js';
import { answer } from './answer.js';
import type { SimulatorMiddleware } from './context.js';
import { Refusal, coreRefusal, invalidPayload } from './refusal.js';
import { validationMessages } from './validation.js';

type Surface = 'core' | 'snap' | 'subscriptions' | 'controls';

export const surfaceOf = (path: string): Surface => {
  if (path.startsWith('/snap/')) return 'snap';
  if (path.startsWith('/v1/subscriptions')) return 'subscriptions';
  return path.startsWith('/_simulator') ? 'controls' : 'core';
};

/** Turns what was thrown below into the answer of the API it happened in (midtrans-facts 6.2). */
export const answerRefusals: SimulatorMiddleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const surface = surfaceOf(ctx.path);
    const refusal = refusalFor(error, surface);
    if (!refusal) {
      ctx.app.emit('error', error, ctx);
      return answer(ctx, internalError[surface], 500);
    }
    if (typeof refusal.body === 'string') {
      ctx.status = refusal.httpStatus;
      ctx.body = refusal.body;
    } else answer(ctx, refusal.body, refusal.httpStatus);
  }
};

const refusalFor = (error: unknown, surface: Surface): Refusal | undefined => {
  if (error instanceof ZodError) return invalid[surface](validationMessages(error));
  return error instanceof Refusal ? inTheWordsOf(surface, error) : undefined;
};

const invalid: Readonly<Record<Surface, (messages: string[]) => Refusal>> = {
  core: (messages) => invalidPayload(messages),
  snap: (messages) => new Refusal(400, { error_messages: messages }),
  subscriptions: (messages) =>
    new Refusal(400, {
      status_message: 'Invalid parameter.',
      validation_messages: messages.map((message) => `subscription.${message}`),
    }),
  controls: (messages) => new Refusal(400, { message: messages.join('; ') }),
};

/** A refusal made for Core that happened elsewhere: a malformed body, an item list that does not add up. */
const inTheWordsOf = (surface: Surface, refusal: Refusal): Refusal => {
  const { body, httpStatus } = refusal;
  if (surface === 'core' || typeof body === 'string' || !('status_code' in body)) return refusal;
  const messages = (body['validation_messages'] ?? [body['status_message'] ?? '']) as string[];
  const status = httpStatus === 200 ? 400 : httpStatus;
  if (surface === 'snap') return new Refusal(status, { error_messages: messages });
  if (surface === 'controls') return new Refusal(status, { message: messages.join('; ') });
  return new Refusal(status, { status_message: 'Invalid parameter.', validation_messages: messages });
};

const internalError: Readonly<Record<Surface, Fields>> = {
  core: coreRefusal(500, 'Sorry. Our system is recovering from unexpected issues. Please retry.').body as Fields,
  snap: { error_messages: ['Sorry, we encountered internal server error. We will fix this soon.'], locale: 'en' },
  subscriptions: { status_message: 'Sorry, Our system is recovering from unexpected issues. Please retry.' },
  controls: { message: 'The simulator has a bug: see its log' },
};
