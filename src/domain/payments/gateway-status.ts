/** Midtrans' `transaction_status` (midtrans-facts 4.1); the last word is ours for one we have never seen. */
export const transactionStatuses = [
  'pending', 'authorize', 'capture', 'settlement', 'partial_refund', 'refund',
  'partial_chargeback', 'chargeback', 'deny', 'cancel', 'expire', 'failure',
] as const; // prettier-ignore

export type TransactionStatus = (typeof transactionStatuses)[number];

/** `initiated`: the wish to charge is on record, Midtrans has not answered yet (api.md 3). */
export type PaymentStatus = 'initiated' | TransactionStatus;

export type FraudStatus = 'accept' | 'challenge' | 'deny';
