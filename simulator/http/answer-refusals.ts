import { ZodError } from 'zod';
import type { Fields } from '../transactions/transaction.js';
import { answer } from './answer.js';
import type { SimulatorMiddleware } from './context.js';
import { Refusal, controlRefusal, coreRefusal, invalidPayload, snapRefusal, subscriptionRefusal } from './refusal.js';
import { validationMessages } from './validation.js';

/** The APIs on this port, each with error bodies of its own shape (midtrans-facts 6.2). */
type Surface = 'core' | 'snap' | 'subscriptions' | 'controls';

export const surfaceOf = (path: string): Surface => {
  if (path.startsWith('/snap/')) return 'snap';
  if (path.startsWith('/v1/subscriptions')) return 'subscriptions';
  return path.startsWith('/_simulator') ? 'controls' : 'core';
};

/** Turns what was thrown below into the answer of the API it happened in. */
export const answerRefusals: SimulatorMiddleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    const surface = surfaceOf(ctx.path);
    const refusal = refusalFor(error, surface);
    if (refusal) return answer(ctx, refusal.body, refusal.httpStatus);
    ctx.app.emit('error', error, ctx);
    answer(ctx, internalErrors[surface](), 500);
  }
};

const refusalFor = (error: unknown, surface: Surface): Refusal | undefined => {
  if (error instanceof ZodError) return invalid[surface](400, validationMessages(error));
  return error instanceof Refusal ? inTheWordsOf(surface, error) : undefined;
};

const invalid: Readonly<Record<Surface, (httpStatus: number, messages: readonly string[]) => Refusal>> = {
  core: (httpStatus, messages) => invalidPayload(messages, httpStatus),
  snap: (httpStatus, messages) => snapRefusal(httpStatus, ...messages),
  subscriptions: (httpStatus, messages) =>
    subscriptionRefusal(
      httpStatus,
      'Invalid parameter.',
      messages.map((message) => `subscription.${message}`),
    ),
  controls: (httpStatus, messages) => controlRefusal(httpStatus, messages.join('; ')),
};

/** A refusal in Core's shape that happened elsewhere: a malformed body, an amount that a method does not take. */
const inTheWordsOf = (surface: Surface, refusal: Refusal): Refusal => {
  const { body, httpStatus, reasons } = refusal;
  if (surface === 'core' || !('status_code' in body)) return refusal;
  return invalid[surface](httpStatus === 200 ? 400 : httpStatus, reasons);
};

const internalErrors: Readonly<Record<Surface, () => Fields>> = {
  core: () => coreRefusal(500, 'Sorry. Our system is recovering from unexpected issues. Please retry.').body,
  snap: () => ({
    error_messages: ['Sorry, we encountered internal server error. We will fix this soon.'],
    locale: 'en',
  }),
  subscriptions: () => ({ status_message: 'Sorry, Our system is recovering from unexpected issues. Please retry.' }),
  controls: () => ({ message: 'The simulator has a bug: see its log' }),
};
