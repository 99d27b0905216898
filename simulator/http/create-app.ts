import { Router } from '@koa/router';
import Koa from 'koa';
import { cardRoutes } from '../cards/card-routes.js';
import { controlRoutes } from '../controls/control-routes.js';
import { strikeAround, strikeSlow } from '../faults/strike.js';
import { gopayAccountRoutes } from '../gopay-accounts/gopay-account-routes.js';
import type { SimulatorParts } from '../simulator-parts.js';
import { pageRoutes } from '../pages/page-routes.js';
import { snapRoutes } from '../snap/snap-routes.js';
import { subscriptionRoutes } from '../subscriptions/subscription-routes.js';
import { coreRoutes } from '../transactions/core-routes.js';
import { answerRefusals } from './answer-refusals.js';
import {
  clientKeyInQuery,
  eitherKey,
  serverKeyOnCore,
  serverKeyOnSnap,
  serverKeyOnSubscriptions,
} from './authentication.js';
import type { RequestState, SimulatorMiddleware } from './context.js';
import { idempotency } from './idempotency.js';
import { readBody } from './read-body.js';
import { coreRefusal } from './refusal.js';

/** The simulator over HTTP: Core, Snap, subscriptions, its own controls and its pages, on one port. */
export const createApp = (parts: SimulatorParts): Koa<RequestState> => {
  const app = new Koa<RequestState>();
  app.on('error', reportUnlessGone);
  app.use(strikeAround(parts.httpFaults));
  app.use(answerWhenSaved(parts));
  app.use(answerRefusals);
  app.use(readBody);
  app.use(routes(parts).routes());
  app.use(refuseUnknownPath);
  return app;
};

const routes = (parts: SimulatorParts): Router<RequestState> => {
  const router = new Router<RequestState>();
  const inside = [idempotency(parts.idempotentAnswers), strikeSlow];
  const server = [serverKeyOnCore(parts.keys), ...inside];
  coreRoutes(router, server, parts);
  const client = [clientKeyInQuery(parts.keys), strikeSlow];
  cardRoutes(router, { client, server, either: [eitherKey(parts.keys), strikeSlow] }, parts);
  snapRoutes(router, [serverKeyOnSnap(parts.keys), ...inside], parts);
  gopayAccountRoutes(router, server, parts);
  subscriptionRoutes(router, { key: serverKeyOnSubscriptions(parts.keys), inside }, parts);
  controlRoutes(router, parts);
  pageRoutes(router, parts);
  return router;
};

/** No answer leaves before what it tells of is committed, so that it stands after a kill -9. */
const answerWhenSaved =
  ({ store }: SimulatorParts): SimulatorMiddleware =>
  async (_ctx, next) => {
    await next();
    await store.saved();
  };

const refuseUnknownPath: SimulatorMiddleware = (ctx) => {
  const knownPath = Array.isArray(ctx['matched']) && ctx['matched'].length > 0;
  if (knownPath) throw coreRefusal(405, 'The HTTP method is not allowed', {}, 405);
  throw coreRefusal(404, 'The requested resource is not found', {}, 404);
};

const reportUnlessGone = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE' || error.code === 'ECONNRESET') return;
  process.stderr.write(`simulator: ${error.stack ?? error.message}\n`);
};
