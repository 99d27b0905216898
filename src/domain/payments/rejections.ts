import type { Rupiah } from '../money/rupiah.js';
import type { PaymentStatus } from './gateway-status.js';
import type { ActionName } from './stages.js';

/** Why a command may not be carried out now. */
export type PaymentRejection =
  | { readonly code: 'unknown-payment' }
  | { readonly code: 'order-id-taken' }
  | { readonly code: 'charge-in-doubt' }
  | { readonly code: 'action-in-progress'; readonly action: ActionName }
  | { readonly code: 'action-not-allowed'; readonly action: ActionName; readonly status: PaymentStatus }
  | { readonly code: 'capture-exceeds-authorization'; readonly authorized: Rupiah }
  | { readonly code: 'method-without-refund' }
  | { readonly code: 'method-without-partial-refund'; readonly whole: Rupiah }
  | { readonly code: 'refund-window-closed'; readonly days: number }
  | { readonly code: 'not-refundable-now'; readonly status: PaymentStatus }
  | { readonly code: 'refund-exceeds-balance'; readonly refundable: Rupiah }
  | { readonly code: 'refund-key-reused'; readonly amount: Rupiah }
  /** Somebody else acted on this wish since it was looked at, or it is settled already. */
  | { readonly code: 'attempt-not-due' };
