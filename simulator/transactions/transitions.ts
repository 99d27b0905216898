import { nextSettlementBatch } from '../clock/wib-time.js';
import { authorizationExpiryMs } from '../methods/method-rules.js';
import { settlementFields } from '../methods/settlement-fields.js';
import type { CardSide, CardVerdict, Fields, Transaction } from './transaction.js';
import { remainingAmount } from './transaction.js';

/** A state as table 4.2 names it: a capture is told apart by its fraud status. */
export type Standing = Exclude<Transaction['status'], 'capture'> | 'capture_accepted' | 'capture_challenged';

/** What a merchant asks for by API. */
export type MerchantAction = 'cancel' | 'expire' | 'capture' | 'approve' | 'deny' | 'refund';

/** What happens without the merchant: by the customer, the bank, the clock or a person at the controls. */
export type Happening =
  | 'pay'
  | 'decline'
  | 'fail'
  | 'challenge'
  | 'settle'
  | 'lapse'
  | 'drop_challenge'
  | 'reverse'
  | 'chargeback'
  | 'partial_chargeback';

/**
 * From which standing each thing is possible; everywhere else the API answers 412 and a control 409. The merchant's
 * actions are midtrans-facts 4.2, the rest 4.1 and 4.3.
 */
export const possibleFrom = {
  cancel: ['pending', 'authorize', 'capture_accepted', 'capture_challenged'],
  expire: ['pending'],
  capture: ['authorize'],
  approve: ['capture_challenged'],
  deny: ['capture_challenged'],
  refund: ['settlement', 'partial_refund'],
  pay: ['pending'],
  decline: ['pending', 'capture_challenged'],
  fail: ['pending'],
  challenge: ['pending'],
  settle: ['capture_accepted'],
  lapse: ['pending', 'authorize'],
  drop_challenge: ['capture_challenged'],
  reverse: ['settlement'],
  chargeback: ['settlement', 'partial_refund', 'partial_chargeback'],
  partial_chargeback: ['settlement', 'partial_refund', 'partial_chargeback'],
} as const satisfies Record<MerchantAction | Happening, readonly Standing[]>;

export const standingOf = ({ status, fraudStatus }: Pick<Transaction, 'status' | 'fraudStatus'>): Standing => {
  if (status !== 'capture') return status;
  return fraudStatus === 'challenge' ? 'capture_challenged' : 'capture_accepted';
};

export const isPossible = (what: MerchantAction | Happening, transaction: Transaction): boolean =>
  (possibleFrom[what] as readonly Standing[]).includes(standingOf(transaction));

/** Paid as facts 4.1 says it: settled, or captured without a challenge, with or without a part given back. */
export const isPaid = (transaction: Transaction): boolean =>
  ['settlement', 'capture_accepted', 'partial_refund', 'partial_chargeback'].includes(standingOf(transaction));

const ended = { expiresAt: null, settlesAt: null, comingVerdict: null } as const;

/** The customer pays. A card is captured, held, challenged or denied as its number says. */
export const paid = (transaction: Transaction, now: number, fields: Fields = {}): Transaction => {
  const { card, holdOnly } = transaction;
  if (card) return judged({ ...transaction, fields: { ...transaction.fields, ...fields } }, card, card.verdict, now);
  return holdOnly ? held({ ...transaction, ...ended }, now) : settledByPayment(transaction, now, fields);
};

const settledByPayment = (transaction: Transaction, now: number, fields: Fields): Transaction => ({
  ...transaction,
  ...ended,
  status: 'settlement',
  settledAt: now,
  expiresAt: transaction.expiresAt,
  settledFields: { ...settlementFields(transaction, now), ...transaction.settledFields, ...fields },
});

/** The bank's and the fraud engine's word on a card. */
const judged = (transaction: Transaction, card: CardSide, verdict: CardVerdict, now: number): Transaction => {
  if (verdict.outcome === 'deny_bank' || verdict.outcome === 'deny_fraud')
    return deniedCard(transaction, card, verdict);
  const fields = { ...verdictFields(transaction, verdict), ...card.approvedFields, approval_code: String(now) };
  const approvedByBank = { ...transaction, ...ended, fields };
  if (transaction.holdOnly) return held(approvedByBank, now);
  return captured(approvedByBank, now, verdict.outcome);
};

const verdictFields = ({ fields }: Transaction, { eci, responseCode, responseMessage }: CardVerdict): Fields => {
  // Only while the bank ponders.
  const { challenge_completion: _, ...kept } = fields;
  return { ...kept, eci, channel_response_code: responseCode, channel_response_message: responseMessage };
};

const deniedCard = (transaction: Transaction, card: CardSide, verdict: CardVerdict): Transaction => {
  const byFraudEngine = verdict.outcome === 'deny_fraud';
  return {
    ...transaction,
    ...ended,
    status: 'deny',
    fraudStatus: byFraudEngine ? 'deny' : 'accept',
    statusMessage: byFraudEngine ? 'Denied by Fraud Detection System' : deniedByBank(card, verdict),
    fields: verdictFields(transaction, verdict),
  };
};

/** In the words of midtrans-facts 3.4. */
export const deniedByBank = (
  { acquirer }: Pick<CardSide, 'acquirer'>,
  { responseCode: code, responseMessage: message }: Pick<CardVerdict, 'responseCode' | 'responseMessage'>,
): string => `Deny by Bank [${acquirer.toUpperCase()}] with code [${code}] and message [${message}]`;

const held = (transaction: Transaction, now: number): Transaction => ({
  ...transaction,
  status: 'authorize',
  fraudStatus: 'accept',
  expiresAt: now + authorizationExpiryMs,
});

const captured = (transaction: Transaction, now: number, fraudStatus: 'accept' | 'challenge'): Transaction => ({
  ...transaction,
  status: 'capture',
  fraudStatus,
  statusMessage:
    fraudStatus === 'challenge'
      ? 'Success, Credit Card transaction is challenged by FDS'
      : 'Success, Credit Card transaction is successful',
  settlesAt: nextSettlementBatch(now),
});

const approvedBy = ({ acquirer }: CardSide) => ({
  responseCode: acquirer === 'bca' ? '0' : '00',
  responseMessage: 'Approved',
});

/** A pending card that the fraud engine wants a person to look at. */
export const challenged = (transaction: Transaction, now: number): Transaction => {
  const { card } = transaction;
  if (!card) return transaction;
  const verdict = { ...card.verdict, ...approvedBy(card), outcome: 'challenge' } as const;
  return judged({ ...transaction, holdOnly: false }, card, verdict, now);
};

/** Refused by bank, provider or customer; `fields` say why. A challenged card is refused by the merchant or for it. */
export const declined = (transaction: Transaction, fields: Fields = {}): Transaction => {
  const { card } = transaction;
  if (standingOf(transaction) === 'capture_challenged')
    return {
      ...transaction,
      ...ended,
      status: 'deny',
      fraudStatus: 'deny',
      statusMessage: 'Success, transaction is denied',
    };
  if (card) return deniedCard(transaction, card, { ...card.verdict, ...doNotHonour });
  return { ...transaction, ...ended, status: 'deny', fields: { ...transaction.fields, ...fields } };
};

export const doNotHonour = { outcome: 'deny_bank', responseCode: '05', responseMessage: 'Do not honour' } as const;

export const approved = (transaction: Transaction): Transaction => ({
  ...transaction,
  fraudStatus: 'accept',
  statusMessage: 'Success, transaction is approved',
});

export const capturedByMerchant = (transaction: Transaction, amount: number, now: number): Transaction => ({
  ...captured(transaction, now, 'accept'),
  grossAmount: amount,
  expiresAt: null,
  statusMessage: captureMessage(transaction),
});

/** Cards, and holds on linked GoPay accounts (whose wording is not verified). */
export const captureMessage = ({ card }: Pick<Transaction, 'card'>): string =>
  `Success, ${card ? 'Credit Card' : 'GoPay'} capture transaction is successful`;

export const canceled = (transaction: Transaction): Transaction => ({ ...transaction, ...ended, status: 'cancel' });

export const expired = (transaction: Transaction): Transaction => ({
  ...transaction,
  ...ended,
  expiresAt: transaction.expiresAt,
  status: 'expire',
  // What was going to pay, where the charge named it: a linked GoPay account's option (midtrans-facts 7.4).
  fields: { ...transaction.fields, ...transaction.settledFields },
});

export const settled = (transaction: Transaction, now: number): Transaction => ({
  ...transaction,
  settlesAt: null,
  status: 'settlement',
  settledAt: now,
});

/** Something broke while the payment was processed (midtrans-facts 4.1). */
export const brokenOff = (transaction: Transaction): Transaction => ({ ...transaction, ...ended, status: 'failure' });

/** The provider takes the money back minutes after it reported it (midtrans-facts 4.3). */
export const reversed = (transaction: Transaction): Transaction => ({ ...transaction, ...ended, status: 'deny' });

/** A dispute lost, whole or in part; what is left over decides which. */
export const chargedBack = (transaction: Transaction, amount: number): Transaction => ({
  ...transaction,
  chargedBack: transaction.chargedBack + amount,
  status: amount === remainingAmount(transaction) ? 'chargeback' : 'partial_chargeback',
});
