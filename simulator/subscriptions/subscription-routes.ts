import type { Router } from '@koa/router';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import type { Subscriptions } from './subscriptions.js';

/** Real HTTP codes and no `status_code` (midtrans-facts 5.11). */
export const subscriptionRoutes = (
  router: Router<RequestState>,
  guards: readonly SimulatorMiddleware[],
  { subscriptions }: { subscriptions: Subscriptions },
): void => {
  router.post('/v1/subscriptions', ...guards, function postSubscription(ctx) {
    answer(ctx, subscriptions.create(ctx.state.body));
  });

  router.get('/v1/subscriptions/:id', ...guards, function getSubscription(ctx) {
    answer(ctx, subscriptions.show(ctx.params['id'] ?? ''));
  });

  router.patch('/v1/subscriptions/:id', ...guards, function patchSubscription(ctx) {
    answer(ctx, subscriptions.update(ctx.params['id'] ?? '', ctx.state.body));
  });

  for (const action of ['disable', 'enable', 'cancel'] as const)
    router.post(`/v1/subscriptions/:id/${action}`, ...guards, function postAction(ctx) {
      answer(ctx, subscriptions[action](ctx.params['id'] ?? ''));
    });
};
