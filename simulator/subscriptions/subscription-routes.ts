import type { Router } from '@koa/router';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import type { Subscriptions } from './subscriptions.js';

/** Real HTTP codes and no `status_code` (midtrans-facts 5.11). */
export const subscriptionRoutes = (
  router: Router<RequestState>,
  { key, inside }: { key: SimulatorMiddleware; inside: readonly SimulatorMiddleware[] },
  { subscriptions }: { subscriptions: Subscriptions },
): void => {
  const guards = [key, ...inside];

  // Even a repeat under an Idempotency-Key has to be valid (midtrans-facts 1.4).
  const validBody: SimulatorMiddleware = async (ctx, next) => {
    subscriptions.check(ctx.state.body);
    await next();
  };

  router.post('/v1/subscriptions', key, validBody, ...inside, function postSubscription(ctx) {
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
