import { nextSettlementBatch } from '../clock/wib-time.js';
import { authorizationExpiryMs } from '../methods/method-rules.js';
import { settlementFields } from '../methods/settlement-fields.js';
import type { Fields, Transaction } from './transaction.js';
import { remainingAmount } from './transaction.js';

/** A state as table 4.2 names it: a capture is told apart by its fraud status. */
export type Standing = Exclude<Transaction['status'], 'capture'> | 'capture_accepted' | 'capture_challenged';

/** What a merchant asks for by API. */
export type MerchantAction = 'cancel' | 'expire' | 'capture' | 'approve' | 'deny' | 'refund';

/** What happens without the merchant: by the customer, the bank, the clock or a person at the controls. */
export type Happening =
  | 'pay'
  | 'decline'
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
  if (transaction.card) return judged(transaction, now, fields);
  return transaction.holdOnly ? held({ ...transaction, ...ended }, now) : settledByPayment(transaction, now, fields);
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
const judged = (transaction: Transaction, now: number, fields: Fields): Transaction => {
  const { card } = transaction;
  if (!card) return transaction;
  const { outcome, eci, responseCode, responseMessage } = card.verdict;
  const { three_ds_challenge_completion: _, challenge_completion: __, ...kept } = transaction.fields;
  const answer = { eci, channel_response_code: responseCode, channel_response_message: responseMessage };
  const common = { ...transaction, ...ended, fields: { ...kept, ...fields, ...answer } };
  if (outcome === 'deny_bank' || outcome === 'deny_fraud') return deniedCard(common, outcome === 'deny_fraud');
  const approved = { ...common, fields: { ...common.fields, ...card.approvedFields, approval_code: String(now) } };
  if (transaction.holdOnly) return held(approved, now);
  return captured(approved, now, outcome === 'challenge' ? 'challenge' : 'accept');
};

const deniedCard = (transaction: Transaction, byFraudEngine: boolean): Transaction => {
  const { bank, channel_response_code: code, channel_response_message: message } = transaction.fields;
  return {
    ...transaction,
    status: 'deny',
    fraudStatus: byFraudEngine ? 'deny' : 'accept',
    statusMessage: byFraudEngine
      ? 'Denied by Fraud Detection System'
      : `Deny by Bank [${String(bank).toUpperCase()}] with code [${String(code)}] and message [${String(message)}]`,
  };
};

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

/** A pending card that the fraud engine wants a person to look at. */
export const challenged = (transaction: Transaction, now: number): Transaction =>
  transaction.card
    ? judged(
        { ...transaction, holdOnly: false, card: { ...transaction.card, verdict: challengeVerdict(transaction) } },
        now,
        {},
      )
    : transaction;

const challengeVerdict = ({ card }: Transaction) => ({
  outcome: 'challenge' as const,
  eci: card?.verdict.eci ?? '07',
  responseCode: '00',
  responseMessage: 'Approved',
});

/** Refused by bank, provider or customer. A challenged card is refused by the fraud engine. */
export const declined = (transaction: Transaction, fields: Fields = {}): Transaction => {
  const wasChallenged = standingOf(transaction) === 'capture_challenged';
  const denied = { ...transaction, ...ended, status: 'deny' as const, fields: { ...transaction.fields, ...fields } };
  if (wasChallenged) return { ...denied, fraudStatus: 'deny', statusMessage: 'Success, transaction is denied' };
  if (!transaction.card) return denied;
  const refusal = { channel_response_code: '05', channel_response_message: 'Do not honour' };
  return deniedCard({ ...denied, fields: { ...denied.fields, ...refusal } }, false);
};

export const approved = (transaction: Transaction): Transaction => ({
  ...transaction,
  fraudStatus: 'accept',
  statusMessage: 'Success, transaction is approved',
});

export const capturedByMerchant = (transaction: Transaction, amount: number, now: number): Transaction => ({
  ...captured(transaction, now, 'accept'),
  grossAmount: amount,
  expiresAt: null,
  statusMessage: 'Success, Credit Card capture transaction is successful',
});

export const canceled = (transaction: Transaction): Transaction => ({ ...transaction, ...ended, status: 'cancel' });

export const expired = (transaction: Transaction): Transaction => ({
  ...transaction,
  ...ended,
  expiresAt: transaction.expiresAt,
  status: 'expire',
});

export const settled = (transaction: Transaction, now: number): Transaction => ({
  ...transaction,
  settlesAt: null,
  status: 'settlement',
  settledAt: now,
});

/** The provider takes the money back minutes after it reported it (midtrans-facts 4.3). */
export const reversed = (transaction: Transaction): Transaction => ({ ...transaction, ...ended, status: 'deny' });

/** A dispute lost, whole or in part; what is left over decides which. */
export const chargedBack = (transaction: Transaction, amount: number): Transaction => ({
  ...transaction,
  chargedBack: transaction.chargedBack + amount,
  status: amount === remainingAmount(transaction) ? 'chargeback' : 'partial_chargeback',
});
