import type { IncomingMessage } from 'node:http';

/** Where Midtrans posts to (api.md 3). */
export const notificationPath = '/payments/webhooks/midtrans';

/** With a query or without; the host may stand before it (RFC 9112, 3.2.2). */
const target = new RegExp(`^(?:https?://[^/?#]*)?${notificationPath}(?:[?#]|$)`);

export const isForNotifications = ({ url = '' }: IncomingMessage): boolean => target.test(url);
