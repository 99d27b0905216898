import type { IncomingMessage } from 'node:http';
import type { ReceiveNotification, Received } from '../../../application/notifications/receive-notification.js';
import { HttpRefusal, refusal } from '../answers/http-refusal.js';
import type { HttpMiddleware } from '../requests/http-context.js';
import { notificationPath } from './notification-path.js';
import { readBytes } from '../requests/read-body.js';
import type { Journal } from '../../../application/ports/journal.js';

/** api.md 4. */
const bodyBytesMax = 64 * 1024;

/** Not Midtrans' to send, and never to be kept. */
const secretHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

export interface NotificationParts {
  readonly receiveNotification: ReceiveNotification;
  readonly journal: Journal;
}

/**
 * The door for Midtrans' notifications, before everything that other requests go through. What it answers decides whether Midtrans
 * sends again (midtrans-facts 7.2): 200 stored, 400 no use in repeating, 502 please do.
 */
export const receiveNotifications = ({ receiveNotification, journal }: NotificationParts): HttpMiddleware =>
  async function receiveOne(ctx, next) {
    if (ctx.path !== notificationPath) {
      await next();
      return;
    }
    ctx['routerPath'] = notificationPath;
    if (ctx.method !== 'POST')
      throw refusal(405, 'method_not_allowed', 'Notifications are posted', { headers: { Allow: 'POST' } });
    const body = await bodyOf(ctx.req, journal);
    const received = await storedOr502(() =>
      receiveNotification.execute({ body, address: ctx.state.address, headers: headersOf(ctx.req) }),
    );
    if (received !== 'stored') throw refused[received]();
    ctx.body = { status: 'stored' };
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
      journal.warn(`Payment webhook validation failed: order_id=unknown, reason=more than ${bodyBytesMax} bytes`);
    throw error;
  }
};

/** Whatever kept it from being stored: after a 502 Midtrans tries five times more, after a 500 only once. */
const storedOr502 = async (work: () => Promise<Received>): Promise<Received> => {
  try {
    return await work();
  } catch (error) {
    throw new NotStored(error);
  }
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
