import type { Router } from '@koa/router';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import { notificationUrlsOf } from '../http/notification-headers.js';
import type { SnapDesk } from './snap-desk.js';

/** Snap's API (midtrans-facts 5.12); its pages are in `pages`. */
export const snapRoutes = (
  router: Router<RequestState>,
  guards: readonly SimulatorMiddleware[],
  { snap }: { snap: SnapDesk },
): void => {
  router.post('/snap/v1/transactions', ...guards, function postSnapTransaction(ctx) {
    answer(ctx, snap.create(ctx.state.body, notificationUrlsOf(ctx)), 201);
  });

  router.post('/snap/v1/transactions/:token/cancel', ...guards, function postSnapCancel(ctx) {
    answer(ctx, snap.cancel(ctx.params['token'] ?? ''));
  });
};
