import type { Router } from '@koa/router';
import { z } from 'zod';
import { readFault } from '../faults/fault-request.js';
import { accountAnswer } from '../gopay-accounts/gopay-account.js';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorMiddleware } from '../http/context.js';
import { controlRefusal } from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import type { Feature } from '../methods/activations.js';
import { featureNamed, features } from '../methods/activations.js';
import type { SimulatorParts } from '../simulator-parts.js';
import { statusAnswer } from '../transactions/messages.js';
import type { Fields } from '../transactions/transaction.js';
import { Hand } from './hand.js';
import { activationView, clockView, faultsView, notificationView, snapPageView } from './views.js';

/** Further than this a calendar of payments makes no sense, and dates end. */
const advanceSecondsMax = 10 * 365 * 86_400;

const deactivateSchema = z.object({ http_status: z.union([z.literal(200), z.literal(402)]).default(200) });

const advanceSchema = z.object({ advance_seconds: z.number().min(0).max(advanceSecondsMax) });

/** The simulator's own controls (api.md section 5); nobody has to show a key. */
export const controlRoutes = (router: Router<RequestState>, parts: SimulatorParts): void => {
  const hand = new Hand(parts);
  router.use('/_simulator', refuseOtherSites);
  transactionControls(router, parts, hand);
  notificationControls(router, parts);
  faultControls(router, parts);
  clockControls(router, parts);
  accountControls(router, parts);
  activationControls(router, parts);

  router.delete('/_simulator', async function deleteEverything(ctx) {
    await forgetEverything(parts);
    answer(ctx, { message: 'Everything is forgotten' });
  });
};

const transactionControls = (router: Router<RequestState>, parts: SimulatorParts, hand: Hand): void => {
  const { book, snap, merchant } = parts;

  router.get('/_simulator/transactions', function getTransactions(ctx) {
    answer(ctx, {
      transactions: book
        .all()
        .reverse()
        .map((transaction) => statusAnswer(transaction, merchant)),
      snap_pages: snap.all().map((page) => snapPageView(page, snap)),
    });
  });

  router.post('/_simulator/transactions/:id/:what', function postTransaction(ctx) {
    const { id = '', what = '' } = ctx.params;
    if (!hand.can(what)) throw controlRefusal(404, `there is no control named ${what}`);
    answer(ctx, hand.do(what, id, ctx.state.body));
  });
};

const notificationControls = (router: Router<RequestState>, { outbox }: SimulatorParts): void => {
  router.get('/_simulator/notifications', function getNotifications(ctx) {
    answer(ctx, { notifications: outbox.all().reverse().map(notificationView) });
  });

  router.post('/_simulator/notifications/:id/resend', async function postResend(ctx) {
    const notification = await outbox.resend(ctx.params['id'] ?? '');
    if (!notification) throw controlRefusal(404, `no notification ${ctx.params['id']}`);
    answer(ctx, notificationView(notification));
  });
};

const faultControls = (router: Router<RequestState>, { httpFaults, notificationFaults }: SimulatorParts): void => {
  router.get('/_simulator/faults', function getFaults(ctx) {
    answer(ctx, faultsView(httpFaults, notificationFaults));
  });

  router.post('/_simulator/faults', function postFault(ctx) {
    const fault = readFault(ctx.state.body);
    if ('http' in fault) httpFaults.add(fault.http);
    else notificationFaults.set(fault.notifications);
    answer(ctx, faultsView(httpFaults, notificationFaults));
  });

  router.delete('/_simulator/faults', function deleteFaults(ctx) {
    httpFaults.clear();
    notificationFaults.clear();
    answer(ctx, faultsView(httpFaults, notificationFaults));
  });
};

const clockControls = (router: Router<RequestState>, { clock }: SimulatorParts): void => {
  router.get('/_simulator/clock', function getClock(ctx) {
    answer(ctx, clockView(clock));
  });

  router.post('/_simulator/clock', async function postClock(ctx) {
    const { advance_seconds: seconds } = readAs(advanceSchema, ctx.state.body ?? {});
    await clock.advance(seconds * 1_000);
    answer(ctx, clockView(clock));
  });
};

const accountControls = (router: Router<RequestState>, { accounts }: SimulatorParts): void => {
  router.post('/_simulator/accounts/:id/activate', function postActivate(ctx) {
    answer(ctx, activated(ctx.params['id'] ?? ''));
  });

  const activated = (id: string): Fields => {
    if (!accounts.get(id)) throw controlRefusal(404, `no account ${id}`);
    const account = accounts.activate(id);
    if (!account) throw controlRefusal(409, `account ${id} does not wait to be linked`);
    return accountAnswer(account);
  };
};

/** Whether Midtrans lets this merchant be paid with a method, or redeem points. */
const activationControls = (router: Router<RequestState>, { activations }: SimulatorParts): void => {
  router.get('/_simulator/methods', function getMethods(ctx) {
    answer(ctx, { methods: features.map((feature) => activationView(feature, activations)) });
  });

  router.post('/_simulator/methods/:method/activate', function postActivateMethod(ctx) {
    const feature = known(ctx.params['method'] ?? '');
    activations.activate(feature);
    answer(ctx, activationView(feature, activations));
  });

  router.post('/_simulator/methods/:method/deactivate', function postDeactivateMethod(ctx) {
    const feature = known(ctx.params['method'] ?? '');
    activations.deactivate(feature, readAs(deactivateSchema, ctx.state.body ?? {}).http_status);
    answer(ctx, activationView(feature, activations));
  });

  const known = (name: string): Feature => {
    const feature = featureNamed(name);
    if (!feature) throw controlRefusal(404, `no method ${name}`);
    return feature;
  };
};

/** All but keys and notification URL. */
const forgetEverything = async (parts: SimulatorParts): Promise<void> => {
  // A notification on its way has arrived when this is answered; nothing of before comes later.
  await parts.clock.reset();
  parts.store.forget();
  parts.book.forget();
  parts.snap.forget();
  parts.outbox.forget();
  parts.httpFaults.clear();
  parts.notificationFaults.clear();
};

/** Nobody has to show a key here, so a page of another site in the same browser must not reach in. */
const refuseOtherSites: SimulatorMiddleware = async (ctx, next) => {
  if (ctx.get('sec-fetch-site') === 'cross-site') throw controlRefusal(403, 'not from another site');
  await next();
};
