import type { SimulatorContext, SimulatorMiddleware } from './context.js';
import { coreRefusal, snapRefusal } from './refusal.js';

export interface Keys {
  readonly serverKey: string;
  readonly clientKey: string;
}

const userOf = (ctx: Pick<SimulatorContext, 'get'>): string | undefined => {
  const [scheme, credentials] = ctx.get('authorization').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || credentials === undefined) return undefined;
  const [user] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return user;
};

const unauthorizedCore = () =>
  coreRefusal(401, 'Transaction cannot be authorized with the current client/server key.', {}, 401);

const unauthorizedSnap = () =>
  snapRefusal(
    401,
    'Access denied due to unauthorized transaction, please check client or server key',
    'Visit https://snap-docs.midtrans.com/#request-headers for more details',
  );

/** Core: the server key as user name, no password (midtrans-facts 1.2). */
export const serverKeyOnCore =
  ({ serverKey }: Keys): SimulatorMiddleware =>
  async (ctx, next) => {
    if (userOf(ctx) !== serverKey) throw unauthorizedCore();
    await next();
  };

export const serverKeyOnSnap =
  ({ serverKey }: Keys): SimulatorMiddleware =>
  async (ctx, next) => {
    if (userOf(ctx) !== serverKey) throw unauthorizedSnap();
    await next();
  };

/** BIN look-ups take either key and answer in plain text (midtrans-facts 5.9). */
export const eitherKey =
  ({ serverKey, clientKey }: Keys): SimulatorMiddleware =>
  async (ctx, next) => {
    const user = userOf(ctx);
    if (user === serverKey || user === clientKey) return void (await next());
    ctx.status = 401;
    ctx.body = 'Unauthorized';
  };

/** Card tokens: the client key in the query. */
export const clientKeyInQuery =
  ({ clientKey }: Keys): SimulatorMiddleware =>
  async (ctx, next) => {
    if (ctx.query['client_key'] !== clientKey) throw unauthorizedCore();
    await next();
  };
