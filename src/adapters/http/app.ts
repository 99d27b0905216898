import { createServer } from 'node:http';
import { Router } from '@koa/router';
import Koa from 'koa';
import { answerErrors } from './answers/answer-errors.js';
import { notFound } from './answers/http-refusal.js';
import { getDocs, getOpenApi } from './documentation/documentation-routes.js';
import { getHealthz, getReadyz } from './health/health-routes.js';
import type { HttpParts } from './http-parts.js';
import { AccessTokens } from './identity/access-tokens.js';
import { admit, type Admit } from './identity/admit.js';
import { TrustedGateways } from './identity/trusted-gateways.js';
import { getMethods } from './methods/get-methods.js';
import { isForNotifications } from './notifications/notification-path.js';
import { receiveNotifications } from './notifications/receive-notifications.js';
import { listParkedKeys } from './parked-keys/list-parked-keys.js';
import { postResume } from './parked-keys/post-resume.js';
import { getEvents } from './payments/get-events.js';
import { getPayment } from './payments/get-payment.js';
import { listPayments } from './payments/list-payments.js';
import { actions, postAction } from './payments/post-action.js';
import { postPayment } from './payments/post-payment.js';
import { postSync } from './payments/post-sync.js';
import { getRefunds } from './refunds/get-refunds.js';
import { postRefund } from './refunds/post-refund.js';
import { StoppableServer } from './stoppable-server.js';
import { logAccess } from './requests/log-access.js';
import { nameRequest } from './requests/name-request.js';
import { refuseOtherMethods } from './requests/refuse-other-methods.js';
import type { RequestState } from './requests/http-context.js';

export interface HttpApp {
  /** @param port 0 lets the system choose. Rejects when it is taken. Answers the URL on this machine, no slash at the end. */
  listen(port: number, host?: string): Promise<string>;
  /** Takes no more requests, lets open ones finish for 10 s at most, and resolves when none is left. */
  close(): Promise<void>;
}

/** The service over HTTP (api.md). */
export const createHttpApp = (parts: HttpParts): HttpApp => {
  const gateways = new TrustedGateways(parts.settings.trustedGateways);
  const receiveNotification = receiveNotifications(parts, gateways);
  const answerOthers = createApp(parts, gateways).callback();
  const server = createServer((request, response) => {
    void (isForNotifications(request) ? receiveNotification(request, response) : answerOthers(request, response));
  });
  return new StoppableServer(server);
};

const createApp = (parts: HttpParts, gateways: TrustedGateways): Koa<RequestState> => {
  const customersPay = parts.settings.allowCustomerPayments;
  const tokens = new AccessTokens(parts.settings.jwtSecret, parts.clock, customersPay);
  const may = admit({ tokens, gateways, customersPay });
  // Each tries all of its routes at every request: those that are asked for most stand first, among few.
  const routers = [readingRoutes(parts, may), commandRoutes(parts, may), routesForAll(parts)];
  const app = new Koa<RequestState>();
  app.on('error', reportOurs(parts));
  app.use(logAccess(parts.journal, parts.clock));
  app.use(nameRequest(parts.ids, gateways));
  app.use(answerErrors(parts));
  for (const router of routers) app.use(router.routes());
  app.use(refuseOtherMethods(routers));
  app.use(() => {
    throw notFound('There is nothing here');
  });
  return app;
};

const readingRoutes = (parts: HttpParts, may: Admit): Router<RequestState> => {
  const router = new Router<RequestState>();
  const readers = may('read_own', 'read_any');
  router.get('/payments', readers, listPayments(parts));
  router.get('/payments/methods', may(), getMethods(parts));
  router.get('/payments/parked-keys', may('read_parked_keys'), listParkedKeys(parts));
  router.get('/payments/:id', readers, getPayment(parts));
  router.get('/payments/:id/events', readers, getEvents(parts));
  router.get('/payments/:id/refunds', readers, getRefunds(parts));
  return router;
};

const commandRoutes = (parts: HttpParts, may: Admit): Router<RequestState> => {
  const router = new Router<RequestState>();
  router.post('/payments', may('create_own', 'create_any'), postPayment(parts));
  router.post('/payments/parked-keys/:id/resume', may('resume_parked_keys'), postResume(parts));
  router.post('/payments/:id/refunds', may('refund'), postRefund(parts));
  router.post('/payments/:id/sync', may('sync'), postSync(parts));
  for (const [word, action] of Object.entries(actions))
    router.post(`/payments/:id/${word}`, may(...action.permissions), postAction(parts, action));
  return router;
};

/** Without a token. */
const routesForAll = (parts: HttpParts): Router<RequestState> => {
  const router = new Router<RequestState>();
  router.get('/healthz', getHealthz);
  router.get('/readyz', getReadyz(parts));
  router.get('/openapi.json', getOpenApi);
  router.get('/docs', getDocs);
  return router;
};

/** It hung up, before or while it was answered, or what it sent was no HTTP (`HPE_…`). */
const goneCodes: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);

const isCallersDoing = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  goneCodes.has(code) || code.startsWith('HPE_');

/** Of what happens after an answer has begun; what a caller did to itself is no news. */
const reportOurs =
  ({ journal }: HttpParts) =>
  (error: NodeJS.ErrnoException): void => {
    if (!isCallersDoing(error)) journal.error('An answer could not be written', {}, error);
  };
