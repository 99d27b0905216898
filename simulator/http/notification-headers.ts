import type { NotificationUrls } from '../transactions/transaction.js';
import type { SimulatorContext } from './context.js';

/** More than this many are ignored; what Midtrans does with a fourth is not verified (midtrans-facts 1.3). */
const urlsMax = 3;

export const notificationUrlsOf = (ctx: Pick<SimulatorContext, 'get'>): NotificationUrls => ({
  override: urlsIn(ctx.get('x-override-notification')),
  append: urlsIn(ctx.get('x-append-notification')),
});

const urlsIn = (header: string): string[] =>
  header
    .split(',')
    .map((url) => url.trim())
    .filter((url) => URL.canParse(url))
    .slice(0, urlsMax);
