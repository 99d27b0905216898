import type { Method } from '../methods/method-rules.js';

export type Json = string | number | boolean | null | bigint | readonly Json[] | Fields;
export interface Fields {
  readonly [name: string]: Json;
}

export type TransactionStatus =
  | 'pending'
  | 'authorize'
  | 'capture'
  | 'settlement'
  | 'partial_refund'
  | 'refund'
  | 'partial_chargeback'
  | 'chargeback'
  | 'deny'
  | 'cancel'
  | 'expire'
  | 'failure';

export type FraudStatus = 'accept' | 'challenge' | 'deny';

export interface Refund {
  /** Digits; the number on the wire is beyond 2^53 (midtrans-facts 5.6). */
  readonly chargebackId: string;
  readonly chargebackUuid: string;
  readonly key: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly method: 'online' | 'offline';
  readonly createdAt: number;
  readonly confirmsAt: number;
  readonly bankConfirmedAt: number | null;
}

/** What will come of a pending payment by itself at a time: an OVO phone that refuses, a 3DS challenge that takes long. */
export interface ComingVerdict {
  readonly at: number;
  readonly verdict: 'pay' | 'deny';
  readonly fields: Fields;
}

/** How a card answers once the customer has (or has not) proved that it is theirs. */
export interface CardVerdict {
  readonly outcome: 'accept' | 'challenge' | 'deny_bank' | 'deny_fraud';
  readonly eci: string;
  readonly responseCode: string;
  readonly responseMessage: string;
}

export interface CardSide {
  readonly acquirer: string;
  readonly verdict: CardVerdict;
  /** Null when no 3DS page stands between the charge and the verdict. */
  readonly threeDs: { readonly challenge: boolean; readonly pendsMs: number; readonly otpTriesLeft: number } | null;
  readonly callbackType: 'js_event' | 'form';
  /** Added once the bank approves: a saved token, points. */
  readonly approvedFields: Fields;
}

/** One transaction at Midtrans. Amounts are rupiah, times milliseconds since 1970 on the simulator's clock. */
export interface Transaction {
  readonly id: string;
  readonly orderId: string;
  readonly method: Method;
  readonly paymentType: string;
  /** After a capture of less than was authorized: what was captured (midtrans-facts 3.4). */
  readonly grossAmount: number;
  readonly status: TransactionStatus;
  /** Null where the method does not tell it (Indomaret). */
  readonly fraudStatus: FraudStatus | null;
  readonly statusMessage: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** When the settlement batch takes a captured card. */
  readonly settlesAt: number | null;
  readonly settledAt: number | null;
  readonly comingVerdict: ComingVerdict | null;
  /** Pre-authorization of a card or a linked GoPay account: paying only holds the money. */
  readonly holdOnly: boolean;
  /** Answered by the charge only. */
  readonly chargeFields: Fields;
  /** Answered by charge, status and notifications. */
  readonly fields: Fields;
  /** Shown once the money came. */
  readonly settledFields: Fields;
  readonly card: CardSide | null;
  readonly refunds: readonly Refund[];
  readonly chargedBack: number;
  /** `custom_field1` to `3` and `metadata`, as they were sent. */
  readonly echo: Fields;
  readonly notificationUrls: NotificationUrls;
  readonly snapToken: string | null;
}

/** What `X-Override-Notification` and `X-Append-Notification` named (midtrans-facts 1.3). */
export interface NotificationUrls {
  readonly override: readonly string[];
  readonly append: readonly string[];
}

export const refundedAmount = ({ refunds }: Pick<Transaction, 'refunds'>): number =>
  refunds.reduce((sum, { amount }) => sum + amount, 0);

/** What may still be refunded or charged back, in rupiah. */
export const remainingAmount = (transaction: Transaction): number =>
  transaction.grossAmount - refundedAmount(transaction) - transaction.chargedBack;
