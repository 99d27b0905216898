import type { SimulatorContext, SimulatorMiddleware } from './context.js';
import type { Refusal } from './refusal.js';
import { coreRefusal, snapRefusal, subscriptionRefusal } from './refusal.js';

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

const wrongKey = 'Transaction cannot be authorized with the current client/server key.';
const unauthorizedCore = () => coreRefusal(401, wrongKey, {}, 401);
const unauthorizedSubscriptions = () => subscriptionRefusal(401, wrongKey);

const unauthorizedSnap = () =>
  snapRefusal(
    401,
    'Access denied due to unauthorized transaction, please check client or server key',
    'Visit https://snap-docs.midtrans.com/#request-headers for more details',
  );

/** The server key as user name, no password (midtrans-facts 1.2); each API refuses another in its own words. */
const serverKeyOr =
  (unauthorized: () => Refusal) =>
  ({ serverKey }: Keys): SimulatorMiddleware =>
  async (ctx, next) => {
    if (userOf(ctx) !== serverKey) throw unauthorized();
    await next();
  };

export const serverKeyOnCore = serverKeyOr(unauthorizedCore);
export const serverKeyOnSnap = serverKeyOr(unauthorizedSnap);
export const serverKeyOnSubscriptions = serverKeyOr(unauthorizedSubscriptions);

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
