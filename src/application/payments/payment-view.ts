import type { JsonObject } from '../../domain/json.js';
import type { Refund } from '../../domain/payments/state.js';
import type { Instant } from '../../domain/time/instant.js';
import type { PersonalDataReader } from '../ports/personal-data.js';
import { sealedIn, type PaymentDocument } from './payment-document.js';
import type { SealedPart } from './payment-fold.js';

/** A payment as its owner sees it (api.md 3). */
export interface PaymentView {
  readonly id: string;
  readonly order_id: string;
  readonly transaction_id: string | null;
  readonly user_id: string;
  readonly payment_type: string;
  readonly status: string;
  readonly fraud_status: string | null;
  readonly paid: boolean;
  readonly in_doubt: boolean;
  readonly gross_amount: number;
  readonly currency: string;
  readonly captured_amount: number;
  readonly refunded_amount: number;
  readonly refundable_amount: number;
  readonly payment_details: JsonObject;
  /** null: none was given, or it cannot be read any more. */
  readonly customer_details: JsonObject | null;
  readonly item_details: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly expires_at: Instant | null;
  readonly paid_at: Instant | null;
  readonly settled_at: Instant | null;
  readonly revision: number;
}

interface OpenedPart {
  readonly customer_details?: JsonObject;
  readonly payment_details?: JsonObject;
}

/** `{}` when it cannot be read any more: what else is known of the payment stays readable. */
const openPart = async (
  { of, sealed, bound_to }: SealedPart,
  personalData: PersonalDataReader,
): Promise<OpenedPart> => {
  const plain = await personalData.open(sealed, bound_to);
  if (plain === undefined) return {};
  const part = JSON.parse(Buffer.from(plain).toString('utf8')) as JsonObject;
  // What a transaction showed is details alone; what the payment itself holds names its two halves.
  return of === null ? part : { payment_details: part };
};

/** Opens what the document holds sealed: the only place where personal data of a payment becomes readable (design D10). */
export const paymentView = async (
  document: PaymentDocument,
  revision: number,
  personalData: PersonalDataReader,
): Promise<PaymentView> => {
  const parts = await openedParts(document, personalData);
  return {
    id: document.id,
    order_id: document.order_id,
    transaction_id: document.transaction_id,
    user_id: document.user_id,
    payment_type: document.payment_type,
    status: document.status,
    fraud_status: document.fraud_status,
    paid: document.paid,
    in_doubt: document.in_doubt,
    gross_amount: document.gross_amount,
    currency: document.currency,
    captured_amount: document.captured_amount,
    refunded_amount: document.refunded_amount,
    refundable_amount: document.refundable_amount,
    payment_details: parts.reduce((shown, part) => ({ ...shown, ...part.payment_details }), document.payment_details),
    customer_details: parts.find((part) => part.customer_details)?.customer_details ?? null,
    item_details: document.item_details,
    metadata: document.metadata,
    created_at: document.created_at,
    updated_at: document.updated_at,
    expires_at: document.expires_at,
    paid_at: document.paid_at,
    settled_at: document.settled_at,
    revision,
  };
};

/** All are the same customer's: only the first may have to wait for the key. */
const openedParts = async (
  document: PaymentDocument,
  personalData: PersonalDataReader,
): Promise<readonly OpenedPart[]> => {
  const parts: OpenedPart[] = [];
  for (const part of sealedIn(document))
    if (part.of === null || part.of === document.transaction_id) parts.push(await openPart(part, personalData));
  return parts;
};

/** A refund as api.md 3 shows it. */
export interface RefundView {
  readonly refund_key: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly status: 'requested' | 'accepted' | 'confirmed' | 'refused' | 'in_doubt';
  readonly created_at: Instant;
  readonly bank_confirmed_at: Instant | null;
}

const refundStatus = ({ status, wish }: Refund): RefundView['status'] => {
  if (status === 'requested') return wish?.unanswered ? 'in_doubt' : 'requested';
  // Never left us: nothing is reserved, and the same key may be used again.
  return status === 'not_sent' ? 'refused' : status;
};

export const refundView = (refund: Refund): RefundView => ({
  refund_key: refund.refundKey,
  amount: refund.amount,
  reason: refund.reason,
  status: refundStatus(refund),
  created_at: refund.createdAt,
  bank_confirmed_at: refund.confirmedAt,
});
