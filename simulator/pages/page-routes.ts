import type { Router } from '@koa/router';
import type { RequestState, SimulatorContext } from '../http/context.js';
import { isVerificationOver } from '../gopay-accounts/gopay-account.js';
import { qrisText } from '../methods/qris-code.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { Transaction } from '../transactions/transaction.js';
import { accountPage } from './account-page.js';
import { cardScript, snapScript } from './browser-scripts.js';
import { formOf, show } from './browser.js';
import { decidedByCustomer } from './customer-decision.js';
import { dashboardPage } from './dashboard-page.js';
import { dashboardScript } from './dashboard-script.js';
import { isMade, nothingHerePage, outcomePage, paymentPage, verificationOverPage } from './payment-page.js';
import { qrPicture } from './qr-picture.js';
import { snapPageRoutes } from './snap-page-routes.js';
import { style } from './style.js';
import { threeDsPage } from './three-ds-page.js';

/** Everything a browser opens: the operator's page, and those a customer is sent to. */
export const pageRoutes = (router: Router<RequestState>, parts: SimulatorParts): void => {
  router.get('/', function getDashboard(ctx) {
    show(ctx, dashboardPage(parts));
  });
  assetRoutes(router);
  qrRoutes(router, parts);
  threeDsRoutes(router, parts);
  paymentRoutes(router, parts);
  accountRoutes(router, parts);
  snapPageRoutes(router, parts);
};

const assetRoutes = (router: Router<RequestState>): void => {
  router.get('/assets/style.css', function getStyle(ctx) {
    ctx.type = 'text/css';
    ctx.body = style;
  });
  router.get('/assets/dashboard.js', function getScript(ctx) {
    ctx.type = 'text/javascript';
    ctx.body = dashboardScript;
  });
  router.get('/v2/assets/js/midtrans-new-3ds.min.js', function getCardScript(ctx) {
    ctx.type = 'text/javascript';
    ctx.body = cardScript;
  });
  router.get('/snap/snap.js', function getSnapScript(ctx) {
    ctx.type = 'text/javascript';
    ctx.body = snapScript;
  });
};

const qrRoutes = (router: Router<RequestState>, { book }: SimulatorParts): void => {
  const paths = ['/v2/gopay/:id/qr-code', '/v2/qris/:id/qr-code', '/v4/qris/gopay/:id/qr-code', '/v4/qris/:id/qr-code'];
  router.get(paths, function getQrCode(ctx) {
    const transaction = book.get(ctx.params['id'] ?? '');
    if (!transaction) return show(ctx, nothingHerePage('No such QR code.'), 404);
    ctx.type = 'image/png';
    ctx.body = qrPicture(qrTextOf(transaction));
  });
};

const qrTextOf = ({ id, grossAmount, chargeFields }: Transaction): string => {
  const { qr_string: text } = chargeFields;
  return typeof text === 'string' ? text : qrisText(grossAmount, id.replace(/\D/g, '').slice(0, 15).padEnd(15, '0'));
};

const threeDsRoutes = (router: Router<RequestState>, { book, threeDs }: SimulatorParts): void => {
  router.get('/v2/3ds/redirect/:id', function getThreeDs(ctx) {
    const transaction = threeDs.waiting(ctx.params['id'] ?? '');
    if (transaction) return show(ctx, threeDsPage(transaction, ctx.search, undefined));
    const known = book.get(ctx.params['id'] ?? '');
    show(
      ctx,
      known ? outcomePage(known, returnUrlOf(ctx, known)) : nothingHerePage('No such payment.'),
      known ? 200 : 404,
    );
  });

  router.post('/v2/3ds/redirect/:id', function postThreeDs(ctx) {
    const { id = '' } = ctx.params;
    const { do: what, otp } = formOf(ctx);
    const left = what === 'abandon' ? threeDs.waiting(id) : undefined;
    if (left) return show(ctx, outcomePage(left, returnUrlOf(ctx, left)));
    if (what === 'fail') {
      threeDs.fail(id);
      return ctx.redirect(`/v2/3ds/redirect/${id}${ctx.search}`);
    }
    const result = threeDs.answer(id, otp);
    if (result?.type === 'wrong_otp') return show(ctx, threeDsPage(result.transaction, ctx.search, result.triesLeft));
    ctx.redirect(`/v2/3ds/redirect/${id}${ctx.search}`);
  });
};

/** Deeplinks into apps, and the pages of lenders and banks: all of them ask the same question. */
const paymentRoutes = (router: Router<RequestState>, parts: SimulatorParts): void => {
  const { book, clock } = parts;

  router.get(['/v2/deeplink/:id', '/v2/:bank/redirect/:id'], function getPayment(ctx) {
    const transaction = book.get(ctx.params['id'] ?? '');
    if (!transaction) return show(ctx, nothingHerePage('No such payment.'), 404);
    if (isVerificationOver(transaction, clock.now())) return show(ctx, verificationOverPage(transaction), 410);
    show(ctx, paymentPage(transaction, returnUrlOf(ctx, transaction)));
  });

  router.post('/pay/:id', function postPayment(ctx) {
    const transaction = book.get(ctx.params['id'] ?? '');
    if (!transaction) return show(ctx, nothingHerePage('No such payment.'), 404);
    if (isVerificationOver(transaction, clock.now())) return show(ctx, verificationOverPage(transaction), 410);
    const after = decidedByCustomer(formOf(ctx)['do'], transaction, parts);
    show(ctx, outcomePage(after, returnUrlOf(ctx, after)));
  });
};

/** The shop's address, with what came of the payment (midtrans-facts 3.5); under Snap the page itself. */
const returnUrlOf = (ctx: Pick<SimulatorContext, 'query'>, transaction: Transaction): string | undefined => {
  const { callback_url: callback } = ctx.query;
  if (typeof callback !== 'string' || !URL.canParse(callback) || /^(javascript|data):/i.test(callback))
    return snapReturn(transaction);
  const url = new URL(callback);
  url.searchParams.set('order_id', transaction.orderId);
  url.searchParams.set('result', isMade(transaction) ? 'success' : 'failure');
  return url.href;
};

const snapReturn = ({ snapToken }: Transaction): string | undefined =>
  snapToken === null ? undefined : `/snap/v3/redirection/${snapToken}`;

const accountRoutes = (router: Router<RequestState>, { accounts }: SimulatorParts): void => {
  router.get('/gopay/accounts/:id/link', function getAccount(ctx) {
    const account = accounts.get(ctx.params['id'] ?? '');
    show(ctx, account ? accountPage(account) : nothingHerePage('No such account.'), account ? 200 : 404);
  });
  router.post('/gopay/accounts/:id/link', function postAccount(ctx) {
    accounts.activate(ctx.params['id'] ?? '');
    ctx.redirect(`/gopay/accounts/${ctx.params['id'] ?? ''}/link`);
  });
};
