import type { IncomingMessage } from 'node:http';

/** Where Midtrans posts to (api.md 3). */
export const notificationPath = '/payments/webhooks/midtrans';

/** With a query or without, and with a slash at its end, as somebody may type it at Midtrans; the host may stand before it (RFC 9112, 3.2.2). */
const target = new RegExp(`^(?:https?://[^/?#]*)?${notificationPath}/?(?:[?#]|$)`);

export const isForNotifications = ({ url = '' }: IncomingMessage): boolean => target.test(url);
