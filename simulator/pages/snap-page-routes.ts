import type { Router } from '@koa/router';
import { ZodError } from 'zod';
import { isLuhnValid } from '../cards/luhn.js';
import { faceOf } from '../cards/test-cards.js';
import type { RequestState, SimulatorContext } from '../http/context.js';
import { Refusal } from '../http/refusal.js';
import { validationMessages } from '../http/validation.js';
import type { SimulatorParts } from '../simulator-parts.js';
import type { SnapChoice } from '../snap/snap-choice.js';
import type { SnapPage } from '../snap/snap-desk.js';
import { enabledMethods } from '../snap/snap-methods.js';
import type { SnapMethod } from '../snap/snap-methods.js';
import type { Transaction } from '../transactions/transaction.js';
import { notifiedStatusCode } from '../transactions/messages.js';
import { formOf, show } from './browser.js';
import { decidedByCustomer } from './customer-decision.js';
import { nothingHerePage } from './payment-page.js';
import { cardPage, endPage, pickPage, waitingPage } from './snap-page.js';

const phone = /Android|iPhone|iPad|Mobile/i;

/** The page behind a Snap token; its address has changed over the years, so all of them work. */
const paths = ['/snap/v3/redirection/:token', '/snap/v4/redirection/:token', '/snap/v2/vtweb/:token'];

export const snapPageRoutes = (router: Router<RequestState>, parts: SimulatorParts): void => {
  const { snap } = parts;

  router.get(paths, function getSnapPage(ctx) {
    const page = snap.get(ctx.params['token'] ?? '');
    if (page) showStanding(ctx, page, parts);
    else show(ctx, nothingHerePage('No such Snap page.'), 404);
  });

  router.post(paths, function postSnapPage(ctx) {
    const page = snap.get(ctx.params['token'] ?? '');
    if (!page) return show(ctx, nothingHerePage('No such Snap page.'), 404);
    if (snap.standing(page) === 'waiting') return decide(ctx, page, parts);
    if (snap.standing(page) !== 'open') return showStanding(ctx, page, parts);
    pick(ctx, page, parts);
  });
};

const showStanding = (ctx: SimulatorContext, page: SnapPage, { snap }: SimulatorParts): void => {
  const last = snap.attempts(page).at(-1);
  const standing = snap.standing(page);
  if (standing === 'open') return show(ctx, pickPage(page, undefined, last !== undefined));
  if (standing === 'waiting' && last) return show(ctx, waitingPage(page, last, false));
  show(ctx, endPage(page, last, last && finishUrl(page, last)));
};

/** `callbacks.finish` with what came of it (midtrans-facts 5.12). */
const finishUrl = ({ request }: SnapPage, attempt: Transaction): string | undefined => {
  const finish = request.callbacks?.finish;
  if (!finish || !/^https?:/i.test(finish) || !URL.canParse(finish)) return undefined;
  const url = new URL(finish);
  url.searchParams.set('order_id', attempt.orderId);
  url.searchParams.set('status_code', notifiedStatusCode(attempt));
  url.searchParams.set('transaction_status', attempt.status);
  return url.href;
};

const decide = (ctx: SimulatorContext, page: SnapPage, parts: SimulatorParts): void => {
  const attempt = parts.snap.attempts(page).at(-1);
  const after = attempt && decidedByCustomer(formOf(ctx)['do'], attempt, parts);
  if (after && after.status === 'pending') return show(ctx, waitingPage(page, after, true));
  ctx.redirect(`/snap/v3/redirection/${page.token}`);
};

const pick = (ctx: SimulatorContext, page: SnapPage, parts: SimulatorParts): void => {
  const form = formOf(ctx);
  const method = enabledMethods(page.request).find((name) => name === form['method']);
  if (!method) return show(ctx, pickPage(page, 'This method is not on offer.', false));
  if (method === 'credit_card' && form['card_number'] === undefined) return show(ctx, cardPage(page, undefined));
  const complaint = method === 'credit_card' ? cardComplaint(form['card_number'] ?? '') : undefined;
  if (complaint !== undefined) return show(ctx, cardPage(page, complaint));
  try {
    const attempt = parts.snap.pick(page, choiceOf(method, form, ctx, parts));
    ctx.redirect(attempt.card?.threeDs ? `/v2/3ds/redirect/${attempt.id}` : `/snap/v3/redirection/${page.token}`);
  } catch (error) {
    show(ctx, pickPage(page, complaintOf(error), false));
  }
};

const cardComplaint = (number: string): string | undefined =>
  isLuhnValid(number.replace(/\D/g, '')) ? undefined : 'This is no card number.';

const choiceOf = (
  method: SnapMethod,
  form: Partial<Record<string, string>>,
  ctx: Pick<SimulatorContext, 'get'>,
  { tokens }: SimulatorParts,
): SnapChoice => {
  const desktop = !phone.test(ctx.get('user-agent'));
  if (method !== 'credit_card') return { method, desktop };
  const face = faceOf((form['card_number'] ?? '').replace(/\D/g, ''));
  const cardToken = tokens.issue(face, form['card_cvv'] === '123');
  const term = Number(form['installment_term'] ?? '');
  return { method, desktop, cardToken, ...(term > 0 && { installmentTerm: term }) };
};

/** What Midtrans would have refused, for the customer to read. Throws on what is our own fault. */
const complaintOf = (error: unknown): string => {
  if (error instanceof ZodError) return validationMessages(error).join('; ');
  if (error instanceof Refusal) return error.message;
  throw error;
};
