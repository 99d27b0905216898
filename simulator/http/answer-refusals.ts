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
    if (refusal) return answer(ctx, refusal.body, httpStatusOf(refusal, ctx.path));
    ctx.app.emit('error', error, ctx);
    answer(ctx, internalErrors[surface](), 500);
  }
};

const refusalFor = (error: unknown, surface: Surface): Refusal | undefined => {
  if (error instanceof ZodError) return invalid[surface](error);
  return error instanceof Refusal ? inTheWordsOf(surface, error) : undefined;
};

/** Of all of Core's validation errors only those of a charge are HTTP 400 (midtrans-facts 1.6, 8.1). */
const httpStatusOf = ({ httpStatus, body }: Refusal, path: string): number =>
  path === '/v2/charge' && body['status_code'] === '400' ? 400 : httpStatus;

const invalid: Readonly<Record<Surface, (error: ZodError) => Refusal>> = {
  core: (error) => invalidPayload(validationMessages(error)),
  snap: (error) => snapRefusal(400, ...validationMessages(error)),
  subscriptions: (error) => subscriptionRefusal(400, 'Invalid parameter.', validationMessages(error, 'subscription')),
  controls: (error) => controlRefusal(400, validationMessages(error).join('; ')),
};

/** A refusal in Core's shape that happened elsewhere: a malformed body, a path nobody knows. */
const inTheWordsOf = (surface: Surface, refusal: Refusal): Refusal => {
  const { body, httpStatus, reasons } = refusal;
  if (surface === 'core' || !('status_code' in body)) return refusal;
  return elsewhere[surface](httpStatus === 200 ? 400 : httpStatus, reasons);
};

const elsewhere: Readonly<
  Record<Exclude<Surface, 'core'>, (httpStatus: number, reasons: readonly string[]) => Refusal>
> = {
  snap: (httpStatus, reasons) => snapRefusal(httpStatus, ...reasons),
  subscriptions: (httpStatus, reasons) => subscriptionRefusal(httpStatus, reasons.join('; ')),
  controls: (httpStatus, reasons) => controlRefusal(httpStatus, reasons.join('; ')),
};

/** What an API says when it broke (midtrans-facts 5.11, 5.12). */
export const internalErrors: Readonly<Record<Surface, () => Fields>> = {
  core: () => coreRefusal(500, 'Sorry. Our system is recovering from unexpected issues. Please retry.').body,
  snap: () => ({
    error_messages: ['Sorry, we encountered internal server error. We will fix this soon.'],
    locale: 'en',
  }),
  subscriptions: () => ({ status_message: 'Sorry, Our system is recovering from unexpected issues. Please retry.' }),
  controls: () => ({ message: 'The simulator has a bug: see its log' }),
};
