import type { Router } from '@koa/router';
import type { RefusedBy } from '../faults/http-faults.js';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import { notificationUrlsOf } from '../http/notification-headers.js';
import { transactionUnknown } from '../http/refusal.js';
import type { Charging } from './charging.js';
import type { MerchantActions } from './merchant-actions.js';
import type { Merchant } from './messages.js';
import { chargeAnswer, statusAnswer } from './messages.js';
import { statusesForBusiness } from './status-b2b.js';
import type { TransactionBook } from './transaction-book.js';

interface CoreDesk {
  readonly book: TransactionBook;
  readonly charging: Charging;
  readonly actions: MerchantActions;
  readonly merchant: Merchant;
}

/** The transactions of the Core API (midtrans-facts 5.1 to 5.6); `guards` stand before each of them. */
export const coreRoutes = (
  router: Router<RequestState>,
  guards: readonly SimulatorMiddleware[],
  desk: CoreDesk,
): void => {
  const { book, charging, actions, merchant } = desk;
  const guarded = [...guards];

  router.post('/v2/charge', ...guarded, function postCharge(ctx) {
    const transaction = charging.charge(ctx.state.body, { urls: notificationUrlsOf(ctx), snap: null });
    answer(ctx, chargeAnswer(transaction, merchant));
  });

  router.get('/v2/:id/status', ...guarded, function getStatus(ctx) {
    const transaction = book.findByPath(ctx.params['id'] ?? '');
    if (!transaction) throw transactionUnknown();
    answer(ctx, statusAnswer(transaction, merchant));
  });

  router.get('/v2/:id/status/b2b', ...guarded, function getStatusB2b(ctx) {
    answer(ctx, statusesForBusiness(book, merchant, ctx.params['id'] ?? '', ctx.query));
  });

  router.post('/v2/capture', ...guarded, function postCapture(ctx) {
    answer(ctx, actions.capture(ctx.state.body, refusedBy(ctx.state)));
  });

  for (const action of ['cancel', 'expire', 'approve', 'deny'] as const)
    router.post(`/v2/:id/${action}`, ...guarded, function postAction(ctx) {
      answer(ctx, actions[action](ctx.params['id'] ?? ''));
    });

  router.post('/v2/:id/refund', ...guarded, function postRefund(ctx) {
    answer(ctx, actions.refund(ctx.params['id'] ?? '', ctx.state.body, false, refusedBy(ctx.state)));
  });

  router.post('/v2/:id/refund/online/direct', ...guarded, function postDirectRefund(ctx) {
    answer(ctx, actions.refund(ctx.params['id'] ?? '', ctx.state.body, true, refusedBy(ctx.state)));
  });
};

const refusedBy = ({ fault }: RequestState): RefusedBy | undefined =>
  fault?.kind === 'refuse' ? fault.because : undefined;
