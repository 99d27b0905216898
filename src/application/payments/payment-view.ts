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
  const visible = sealedIn(document).filter(({ of }) => of === null || of === document.transaction_id);
  const parts = await Promise.all(visible.map((part) => openPart(part, personalData)));
  const { sealed: _sealed, details: _details, transactions: _transactions, state: _state, ...shown } = document;
  const { look_at: _lookAt, search: _search, customer_details: _customer, ...fields } = shown;
  return {
    ...fields,
    payment_details: Object.assign(
      {},
      document.payment_details,
      ...parts.map((part) => part.payment_details),
    ) as JsonObject,
    customer_details: parts.find((part) => part.customer_details)?.customer_details ?? null,
    revision,
  };
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
