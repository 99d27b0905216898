import { createServer } from 'node:http';
import { Router } from '@koa/router';
import Koa from 'koa';
import { answerErrors } from './answers/answer-errors.js';
import { notFound } from './answers/http-refusal.js';
import { getDocs, getOpenApi } from './documentation/documentation-routes.js';
import { getHealthz, getReadyz } from './health/health-routes.js';
import type { HttpParts } from './http-parts.js';
import { AccessTokens } from './identity/access-tokens.js';
import { identify, permit } from './identity/identify.js';
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
import { refuseCardNumbers } from './requests/refuse-card-numbers.js';
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
  const router = routes(parts, gateways);
  const app = new Koa<RequestState>();
  app.on('error', reportOurs(parts));
  app.use(logAccess(parts.journal, parts.clock));
  app.use(nameRequest(parts.ids, gateways));
  app.use(answerErrors(parts));
  app.use(router.routes());
  app.use(refuseOtherMethods(router));
  app.use(() => {
    throw notFound('There is nothing here');
  });
  return app;
};

const routes = (parts: HttpParts, gateways: TrustedGateways): Router<RequestState> => {
  const router = new Router<RequestState>();
  router.get('/healthz', getHealthz);
  router.get('/readyz', getReadyz(parts));
  router.get('/openapi.json', getOpenApi);
  router.get('/docs', getDocs);

  const tokens = new AccessTokens(parts.settings.jwtSecret, parts.clock);
  const caller = [
    identify({ tokens, gateways, customersPay: parts.settings.allowCustomerPayments }),
    refuseCardNumbers,
  ] as const;
  const readers = permit('read_own', 'read_any');
  router.get('/payments/methods', ...caller, getMethods(parts));
  router.get('/payments/parked-keys', ...caller, permit('read_parked_keys'), listParkedKeys(parts));
  router.post('/payments/parked-keys/:id/resume', ...caller, permit('resume_parked_keys'), postResume(parts));
  router.post('/payments', ...caller, permit('create_own', 'create_any'), postPayment(parts));
  router.get('/payments', ...caller, readers, listPayments(parts));
  router.get('/payments/:id', ...caller, readers, getPayment(parts));
  router.get('/payments/:id/events', ...caller, readers, getEvents(parts));
  router.get('/payments/:id/refunds', ...caller, readers, getRefunds(parts));
  router.post('/payments/:id/refunds', ...caller, permit('refund'), postRefund(parts));
  router.post('/payments/:id/sync', ...caller, permit('sync'), postSync(parts));
  for (const [word, action] of Object.entries(actions))
    router.post(`/payments/:id/${word}`, ...caller, permit(...action.permissions), postAction(parts, action));
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
