import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { wibTime } from '../clock/wib-time.js';
import { coreRefusal } from '../http/refusal.js';
import { notSupported, readAs } from '../http/validation.js';
import type { ChargeRequest } from '../methods/charge-request.js';
import type { Opening, OpeningDesk } from '../methods/opening.js';
import type { Fields } from '../transactions/transaction.js';
import { playOf } from './card-verdicts.js';
import type { CardTokens, PresentedCard, SavedCard } from './card-tokens.js';
import { googlePayCard } from './google-pay.js';
import { faceOf } from './test-cards.js';

const acquirers = ['bca', 'bni', 'mandiri', 'cimb', 'bri', 'danamon', 'maybank', 'mega'] as const;
const defaultAcquirer = 'bni';

const rawCardSchema = z.looseObject({
  number: z.string(),
  expiry_month: z.union([z.string(), z.number()]),
  expiry_year: z.union([z.string(), z.number()]),
  cvv: z.string().nullish(),
});

const cardSchema = z.looseObject({
  token_id: z.string().nullish(),
  google_pay_token: z.union([z.string(), z.looseObject({})]).nullish(),
  card: rawCardSchema.nullish(),
  authentication: z.boolean().nullish(),
  callback_type: z.enum(['js_event', 'form']).nullish(),
  bank: z.enum(acquirers, { error: notSupported('bank') }).nullish(),
  type: z.enum(['authorize', 'authorize_capture']).nullish(),
  installment_term: z.int().min(1).nullish(),
  bins: z.array(z.string()).nullish(),
  save_token_id: z.boolean().nullish(),
  point_redeem_amount: z.int().min(0).nullish(),
  initiated_by: z.enum(['customer', 'merchant']).nullish(),
  channel: z.string().nullish(),
});

export type CardCharge = z.infer<typeof cardSchema>;

/** Reads the `credit_card` object of a charge. */
export const cardChargeOf = (request: ChargeRequest): CardCharge =>
  readAs(z.object({ credit_card: cardSchema }), request).credit_card;

/** The card that is to pay, or 411 (midtrans-facts 3.4). */
export const presentedCard = (charge: CardCharge, amount: number, tokens: CardTokens): PresentedCard => {
  if (charge.google_pay_token) return googlePayCard(amount);
  if (charge.card) return fullNumber(charge.card);
  const card = charge.token_id ? tokens.present(charge.token_id) : undefined;
  if (!card) throw coreRefusal(411, 'Token id is missing, invalid, or timed out');
  return card;
};

const fullNumber = ({ number, cvv }: z.infer<typeof rawCardSchema>): PresentedCard => ({
  face: faceOf(number),
  cvvRight: cvv === undefined || cvv === null || cvv === '123',
  transactionId: randomUUID(),
});

/** A card's part of a new transaction: the verdict with the charge, or a 3DS page before it. */
export const openCard = (charge: CardCharge, card: PresentedCard, tokens: CardTokens, desk: OpeningDesk): Opening => {
  const { face, cvvRight } = card;
  refuseForeignBin(charge, card);
  refuseDebitInstallment(charge, card);
  const acquirer = charge.bank ?? defaultAcquirer;
  const authenticate = charge.authentication ?? false;
  const play = playOf(face, { amount: desk.grossAmount, acquirer, authenticate, cvvRight });
  const saved = charge.save_token_id ? tokens.save(face) : undefined;
  return {
    method: 'credit_card',
    statusMessage: 'Success, Credit Card transaction is successful',
    holdOnly: charge.type === 'authorize',
    card: {
      ...play,
      acquirer,
      callbackType: charge.callback_type ?? 'js_event',
      approvedFields: { ...savedFields(saved), ...pointFields(charge, desk.grossAmount) },
    },
    fields: cardFields(charge, card, acquirer, authenticate),
    chargeFields: chargeFields(charge, card, acquirer, play.threeDs !== null, desk),
    ...(play.threeDs === null && { atOnce: 'pay' as const }),
  };
};

const cardFields = (charge: CardCharge, { face }: PresentedCard, acquirer: string, authenticate: boolean): Fields => ({
  masked_card: face.masked,
  bank: acquirer,
  card_type: face.debit ? 'debit' : 'credit',
  ...(authenticate && { three_ds_version: '2' }),
  ...(charge.installment_term && { installment_term: charge.installment_term }),
});

const chargeFields = (
  charge: CardCharge,
  { face }: PresentedCard,
  acquirer: string,
  asksCustomer: boolean,
  desk: OpeningDesk,
): Fields => ({
  ...(asksCustomer && { redirect_url: `${desk.publicUrl}/v2/3ds/redirect/${desk.transactionId}` }),
  ...(!asksCustomer && { on_us: face.issuer === acquirer, channel: charge.channel ?? 'dragon' }),
  // A string here, a number in notifications (midtrans-facts 3.4).
  ...(charge.installment_term && { installment_term: String(charge.installment_term) }),
});

const savedFields = (saved: SavedCard | undefined): Fields =>
  saved ? { saved_token_id: saved.id, saved_token_id_expired_at: wibTime(saved.expiresAt) } : {};

/** Every test card has points worth this much, in rupiah. */
export const pointBalance = 200_000;

const pointFields = ({ point_redeem_amount: redeemed }: CardCharge, grossAmount: number): Fields => {
  if (!redeemed) return {};
  const used = Math.min(redeemed, pointBalance, grossAmount);
  return { point_redeem_amount: used, point_redeem_quantity: used, point_balance_amount: `${pointBalance - used}.00` };
};

const refuseForeignBin = ({ bins }: CardCharge, { face }: PresentedCard): void => {
  if (!bins || bins.length === 0) return;
  const number = face.masked.replace('-', '');
  if (bins.some((bin) => number.startsWith(bin) || bin === face.issuer)) return;
  throw new z.ZodError([
    { code: 'custom', path: ['credit_card', 'bins'], message: 'does not include the BIN of this card', input: bins },
  ]);
};

const refuseDebitInstallment = ({ installment_term: term }: CardCharge, { face }: PresentedCard): void => {
  if (!term || !face.debit) return;
  throw new z.ZodError([
    { code: 'custom', path: ['credit_card', 'installment_term'], message: 'is not for debit cards', input: term },
  ]);
};
