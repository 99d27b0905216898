import type { Router } from '@koa/router';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import { wibTime } from '../clock/wib-time.js';
import { answer } from '../http/answer.js';
import type { RequestState, SimulatorContext, SimulatorMiddleware } from '../http/context.js';
import { coreRefusal, invalidPayload } from '../http/refusal.js';
import { readAs } from '../http/validation.js';
import type { Activations } from '../methods/activations.js';
import type { Fields } from '../transactions/transaction.js';
import { binData } from './bins.js';
import { pointBalance } from './card-opening.js';
import { googlePayJwt } from './google-pay.js';
import type { CardTokens } from './card-tokens.js';
import { isLuhnValid } from './luhn.js';
import { faceOf } from './test-cards.js';

const month = z.string().pipe(z.coerce.number<string>().int().min(1).max(12));
const year = z.string().pipe(z.coerce.number<string>().int());

const cardQuerySchema = z.object({
  card_number: z
    .string()
    .transform((number) => number.replace(/[\s-]/g, ''))
    .refine((number) => /^\d{12,19}$/.test(number) && isLuhnValid(number), 'does not match with luhn algorithm'),
  card_exp_month: month,
  card_exp_year: year,
  card_cvv: z.string().optional(),
});

const savedQuerySchema = z.object({ token_id: z.string().min(1), card_cvv: z.string() });

/** What a request for a token may carry (midtrans-facts 3.4); `_` is how old libraries get past caches. */
const tokenParameters: ReadonlySet<string> = new Set([
  'client_key',
  'card_number',
  'card_cvv',
  'card_exp_month',
  'card_exp_year',
  'token_id',
  'bank_one_time_token',
  'gross_amount',
  'currency',
  'callback',
  '_',
]);

/** Tokens, registration, points and BINs (midtrans-facts 3.4, 5.7 to 5.9). */
export const cardRoutes = (
  router: Router<RequestState>,
  guards: Readonly<Record<'client' | 'server' | 'either', readonly SimulatorMiddleware[]>>,
  desk: { tokens: CardTokens; clock: SimulatorClock; activations: Activations },
): void => {
  const { tokens, clock, activations } = desk;

  router.get('/v2/token', fromAnyOrigin, ...guards.client, function getToken(ctx) {
    refuseUnsupported(ctx.query);
    answerWithCallback(
      ctx,
      ctx.query['token_id'] === undefined ? freshToken(ctx.query, tokens, clock) : twoClicks(ctx.query, tokens),
    );
  });

  router.get('/v2/card/register', fromAnyOrigin, ...guards.client, function getRegister(ctx) {
    const card = cardFrom(ctx.query, clock);
    const saved = tokens.save(faceOf(card.card_number));
    answerWithCallback(ctx, {
      status_code: '200',
      saved_token_id: saved.id,
      transaction_id: randomUUID(),
      masked_card: saved.face.masked,
    });
  });

  router.get('/v2/point_inquiry/:token', ...guards.server, function getPoints(ctx) {
    activations.check('points');
    if (!tokens.present(ctx.params['token'] ?? ''))
      throw coreRefusal(411, 'Token id is missing, invalid, or timed out');
    answer(ctx, {
      status_code: '200',
      status_message: 'Success Point Inquiry transaction',
      point_balance: pointBalance,
      point_balance_amount: `${pointBalance}.00`,
      transaction_time: wibTime(clock.now()),
    });
  });

  router.post('/google_auth', ...guards.either, function postGoogleAuth(ctx) {
    answer(ctx, { authJwt: googlePayJwt(clock.now()) });
  });

  router.get('/v1/bins/:bin', ...guards.either, function getBin(ctx) {
    const data = binData(ctx.params['bin'] ?? '');
    if (data) answer(ctx, { data });
    else answer(ctx, { errors: [{ message_title: 'not found', message: 'not found' }] }, 404);
  });
};

/** Shops ask from their own pages. */
const fromAnyOrigin: SimulatorMiddleware = async (ctx, next) => {
  ctx.set('access-control-allow-origin', '*');
  await next();
};

const refuseUnsupported = (query: object): void => {
  if (Object.keys(query).some((name) => !tokenParameters.has(name)))
    throw invalidPayload(['unsupported token request parameter(s)']);
};

const freshToken = (query: unknown, tokens: CardTokens, clock: SimulatorClock): Fields => {
  const card = cardFrom(query, clock);
  const face = faceOf(card.card_number);
  return tokenAnswer(tokens.issue(face, (card.card_cvv ?? '123') === '123'), face.masked);
};

/** A saved card and its CVV make a one-time token. */
const twoClicks = (query: unknown, tokens: CardTokens): Fields => {
  const { token_id: id, card_cvv: cvv } = readAs(savedQuerySchema, query);
  const saved = tokens.savedCard(id);
  if (!saved) throw invalidPayload(['token_id is invalid']);
  return tokenAnswer(tokens.issue(saved.face, cvv === '123'), saved.face.masked);
};

const tokenAnswer = (tokenId: string, masked: string): Fields => ({
  status_code: '200',
  status_message: 'Credit card token is created as Token ID.',
  token_id: tokenId,
  hash: `${masked}-mami`,
});

const cardFrom = (query: unknown, clock: SimulatorClock): z.infer<typeof cardQuerySchema> => {
  const card = readAs(cardQuerySchema, query);
  const tooOld = expiryComplaint(card, clock.now());
  if (tooOld) throw invalidPayload([tooOld]);
  return card;
};

const expiryComplaint = (card: { card_exp_month: number; card_exp_year: number }, now: number): string | undefined => {
  const [thisYear = 0, thisMonth = 0] = wibTime(now).split('-').map(Number);
  if (card.card_exp_year < thisYear) return 'card_exp_year must be greater than this year';
  const passed = card.card_exp_year === thisYear && card.card_exp_month < thisMonth;
  return passed ? "card_exp_month must be greater than this year's month" : undefined;
};

/** JSONP where `callback` is named, as old browsers ask for it. */
const answerWithCallback = (ctx: SimulatorContext, body: Fields): void => {
  answer(ctx, body);
  const { callback } = ctx.query;
  if (typeof callback !== 'string' || !/^[\w.$]+$/.test(callback)) return;
  ctx.type = 'application/javascript';
  ctx.body = `${callback}(${JSON.stringify(body)})`;
};
