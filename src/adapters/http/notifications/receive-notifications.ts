import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceiveNotification, Received } from '../../../application/notifications/receive-notification.js';
import type { Clock } from '../../../application/ports/clock.js';
import type { Ids } from '../../../application/ports/ids.js';
import type { Journal } from '../../../application/ports/journal.js';
import { errorAnswer } from '../answers/answer-errors.js';
import { HttpRefusal, refusal } from '../answers/http-refusal.js';
import type { TrustedGateways } from '../identity/trusted-gateways.js';
import { writeAccess } from '../requests/log-access.js';
import { requestIdOf, safeHeaders } from '../requests/name-request.js';
import { readBytes } from '../requests/read-body.js';
import { notificationPath } from './notification-path.js';

/** api.md 4. */
const bodyBytesMax = 64 * 1024;

/** Not Midtrans' to send, and never to be kept. */
const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

const stored = JSON.stringify({ status: 'stored' });

export interface NotificationParts {
  readonly receiveNotification: ReceiveNotification;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
}

/**
 * The door for Midtrans' notifications, beside Koa: they come by the thousands, and what Koa and its middleware do for a request was
 * a sixth of each (docs/decisions/0019). What it answers decides whether Midtrans sends again (midtrans-facts 7.2): 200 stored,
 * 400 no use in repeating, 502 please do.
 */
export const receiveNotifications = (parts: NotificationParts, gateways: TrustedGateways) =>
  async function receiveOne(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = parts.clock.monotonicMs();
    const requestId = requestIdOf(request, parts.ids);
    try {
      await receive(request, gateways.clientOf(request), parts);
      // No access line: what is stored tells all that one could.
      answer(response, 200, { 'X-Request-ID': requestId, ...safeHeaders }, stored);
    } catch (error) {
      const { status, body, headers } = errorAnswer(error, requestId, parts);
      answer(response, status, { 'X-Request-ID': requestId, ...safeHeaders, ...headers }, JSON.stringify(body));
      const access = { method: request.method ?? '', route: notificationPath, status, startedMs, requestId };
      writeAccess({ ...access, userId: null }, parts.journal, parts.clock);
    }
  };

const answer = (response: ServerResponse, status: number, headers: Record<string, string>, json: string): void => {
  headers['Content-Type'] = 'application/json; charset=utf-8';
  headers['Content-Length'] = String(Buffer.byteLength(json));
  response.writeHead(status, headers).end(json);
};

/** @throws HttpRefusal for everything but `stored` */
const receive = async (
  request: IncomingMessage,
  address: string,
  { receiveNotification, journal }: NotificationParts,
): Promise<void> => {
  if (request.method !== 'POST')
    throw refusal(405, 'method_not_allowed', 'Notifications are posted', { headers: { Allow: 'POST' } });
  const body = await bodyOf(request, journal);
  const received = await receiveNotification.execute({ body, address, headers: headersOf(request) }).catch(notStored);
  if (received !== 'stored') throw refused[received]();
};

const refused = {
  malformed: () => refusal(400, 'invalid_request', 'This is no notification'),
  wrong_signature: () => refusal(400, 'invalid_request', 'The signature is wrong', { field: 'signature_key' }),
} satisfies Record<Exclude<Received, 'stored'>, () => HttpRefusal>;

const bodyOf = async (request: IncomingMessage, journal: Journal): Promise<Buffer> => {
  try {
    return await readBytes(request, bodyBytesMax);
  } catch (error) {
    if (error instanceof HttpRefusal)
      journal.warn(`Payment webhook validation failed: order_id=unknown, reason=${error.message}`);
    throw error;
  }
};

/** Whatever kept it from being stored: after a 502 Midtrans tries five times more, after a 500 only once. */
const notStored = (cause: unknown): never => {
  throw new NotStored(cause);
};

class NotStored extends HttpRefusal {
  constructor(cause: unknown) {
    const message = 'The notification could not be stored; send it again';
    super(502, { message, errors: [{ code: 'store_unavailable', message }] });
    this.cause = cause;
  }
}

const headersOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !secretHeaders.has(name)) kept[name] = Array.isArray(value) ? value.join(', ') : value;
  return kept;
};
