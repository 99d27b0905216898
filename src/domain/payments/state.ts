import type { Rupiah } from '../money/rupiah.js';
import type { PaymentType, Provider } from '../methods/providers.js';
import type { Instant } from '../time/instant.js';
import type { FailureCause } from './events.js';
import type { OrderId, RefundKey, TransactionId, WishId } from './identity.js';
import type { ActionName, Stage } from './stages.js';

/** A call to Midtrans whose outcome is not on record. */
export interface OpenWish {
  readonly wishId: WishId;
  readonly firstAnswerBy: Instant;
  readonly answerBy: Instant;
  /** The last send: when the wish or its last attempt was put on record. */
  readonly sentAt: Instant;
  /** Sends on record that may have reached Midtrans: 1, then one more for each attempt. */
  readonly sends: number;
  /** Looks and further sends since: they set the pace of the next (design D3). */
  readonly looks: number;
  /** The call ended without an answer, or looking brought none. */
  readonly unanswered: boolean;
}

export type Charge =
  | { readonly phase: 'calling'; readonly wish: OpenWish; readonly absentSince: Instant | null }
  /** Never reached Midtrans for certain, or was refused because of our account: the same request again tries again. */
  | { readonly phase: 'not_sent' }
  | { readonly phase: 'made' }
  /** Given up after Midtrans did not know it for long enough. */
  | { readonly phase: 'not_made' }
  | { readonly phase: 'failed'; readonly because: FailureCause };

/** One transaction at Midtrans. Core makes one, Snap one for each try of the customer. */
export interface Attempt {
  readonly transactionId: TransactionId;
  readonly paymentType: string;
  readonly provider: Provider | null;
  readonly stage: Stage;
  /** Authorized, captured or settled so far; what a later stage takes back is told by the stage. */
  readonly amount: Rupiah;
  readonly transactionTime: Instant | null;
  readonly expiresAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly settledAt: Instant | null;
  /** Greatest cumulative refund that Midtrans reported beyond the refunds that we knew. */
  readonly refundTotalReported: Rupiah;
  /** Refunded in part, it is not told how much; refunded whole, and told is less. Nothing more is refundable then. */
  readonly refundsUnclear: 'untold' | 'short' | null;
  readonly chargeback: { readonly full: boolean; readonly total: Rupiah | null } | null;
  /** What we asked to capture: a partial capture's amount, which Midtrans then may call the gross amount. */
  readonly captureAsked: Rupiah | null;
}

/** The page that the customer picks a method on (Snap, DANA), before and beside its transactions. */
export interface Page {
  readonly stage: 'pending' | 'cancel' | 'expire';
}

export interface OpenAction {
  readonly action: ActionName;
  readonly wish: OpenWish;
  /** null: the page, not a transaction on it. */
  readonly transactionId: TransactionId | null;
  /** Where that stood when this was asked for. It was asked of this, and of nothing that it becomes meanwhile. */
  readonly from: Stage;
  readonly amount: Rupiah | null;
}

export interface Refund {
  readonly refundKey: RefundKey;
  readonly transactionId: TransactionId;
  readonly amount: Rupiah;
  readonly reason: string | null;
  readonly status: 'requested' | 'not_sent' | 'accepted' | 'confirmed' | 'refused';
  readonly createdAt: Instant;
  readonly confirmedAt: Instant | null;
  /** While `refused`: Midtrans' code, which says whether another try has a chance. */
  readonly refusedWith: number | null;
  /** While `requested`: the call whose outcome we wait for. */
  readonly wish: OpenWish | null;
  /** In doubt for longer than it may be sent again: a person is asked. */
  readonly abandoned: boolean;
  /** Is it in its transaction's `refundTotalReported`? Wished for later it is not; in doubt when that was told, perhaps. */
  readonly inTotalReported: 'yes' | 'no' | 'perhaps';
}

/** Plain JSON, so that a read model can carry it. */
export interface KnownPayment {
  readonly phase: 'known';
  readonly orderId: OrderId;
  readonly userId: string;
  readonly paymentType: PaymentType;
  readonly provider: Provider;
  readonly amount: Rupiah;
  readonly wishId: WishId;
  readonly fingerprint: string;
  readonly initiatedAt: Instant;
  /** How long the customer may take, in ms. */
  readonly waitsMs: number;
  /** Counted from the first send that may have arrived, then from the one that was answered; until Midtrans names another time. */
  readonly expiresAt: Instant;
  readonly charge: Charge;
  readonly page: Page | null;
  readonly attempts: readonly Attempt[];
  readonly action: OpenAction | null;
  /** The last action that reached what it asked for: the same wish again is carried out already. */
  readonly lastReached: WishId | null;
  readonly refunds: readonly Refund[];
  /** Contradictions already on record, so that a repeat adds no event. */
  readonly contradictions: readonly string[];
}

export type PaymentState = { readonly phase: 'new' } | KnownPayment;

export const newPayment: PaymentState = { phase: 'new' };
