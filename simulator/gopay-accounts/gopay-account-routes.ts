import type { Router } from '@koa/router';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import type { GopayAccounts } from './gopay-accounts.js';

/** Linking of GoPay accounts (midtrans-facts 5.10); the page on which the customer agrees is in `pages`. */
export const gopayAccountRoutes = (
  router: Router<RequestState>,
  guards: readonly SimulatorMiddleware[],
  { accounts }: { accounts: GopayAccounts },
): void => {
  router.post('/v2/pay/account', ...guards, function postAccount(ctx) {
    answer(ctx, accounts.link(ctx.state.body));
  });

  router.get('/v2/pay/account/:id', ...guards, function getAccount(ctx) {
    answer(ctx, accounts.show(ctx.params['id'] ?? ''));
  });

  router.post('/v2/pay/account/:id/unbind', ...guards, function postUnbind(ctx) {
    answer(ctx, accounts.unbind(ctx.params['id'] ?? ''));
  });
};
