import type { Rupiah } from '../money/rupiah.js';
import type { Instant } from '../time/instant.js';
import type { NotSentCause, PaymentOrder } from './events.js';
import type { RefundKey, WishId } from './identity.js';
import type { GatewayObservation } from './observation.js';
import type { Personal } from '../personal.js';
import type { ActionName, Stage } from './stages.js';

interface CommandBase<Type extends string> {
  readonly type: Type;
  readonly at: Instant;
}

/** A no to one send of a wish. */
interface Refusal {
  /** The `answerBy` of that send on record: there may have been another since, which it says nothing of. */
  readonly answerBy: Instant;
  readonly statusCode: number | null;
  readonly message: string;
}

/** How we came to know of an observation. */
export type ObservationSource =
  /** The answer to our own charge: it always adds what the customer needs. */
  | 'charge-answer'
  /** The answer to another call of ours, or GET status. A notification alone is no source: its status is not signed. */
  | 'confirmed';

/** A person asked for a look (R3.4): who, when and why goes on record, whatever it brings. */
export interface LookRequest {
  readonly reason: string | null;
}

/** One transaction as we knew it before Midtrans was asked: only what was known then can be contradicted by the answer. */
export interface KnownBefore {
  readonly stage: Stage;
  readonly refunded: Rupiah;
}

export type PaymentCommand =
  // Wishes
  | (CommandBase<'InitiatePayment'> & { readonly order: PaymentOrder; readonly wishId: WishId })
  | (CommandBase<'RequestAction'> & {
      readonly action: ActionName;
      readonly wishId: WishId;
      readonly reason: string | null;
      /** Capture only; null: all that was authorized. */
      readonly amount: Rupiah | null;
      /** Who asks may do so only while nothing was paid or held (api.md 2). */
      readonly onlyPending?: boolean;
    })
  | (CommandBase<'RequestRefund'> & {
      readonly refundKey: RefundKey;
      readonly wishId: WishId;
      /** null: all that is left. */
      readonly amount: Rupiah | null;
      readonly reason: string;
    })
  // Another send of a wish in doubt: who appends it at the revision read, calls (design D3)
  | CommandBase<'ClaimCharge'>
  | CommandBase<'ClaimAction'>
  | (CommandBase<'ClaimRefund'> & { readonly refundKey: RefundKey })
  // Outcomes
  /** `personal`: where the page is, and its token. */
  | (CommandBase<'RecordPage'> & { readonly personal: Personal })
  | (CommandBase<'RecordChargeRefused'> &
      Refusal & { readonly because: 'request' | 'account' | 'state' | 'conflict'; readonly firstSend: boolean })
  | (CommandBase<'RecordChargeNotSent'> & Refusal & { readonly because: NotSentCause })
  | (CommandBase<'RecordActionRefused'> & Refusal & { readonly wishId: WishId; readonly because: 'request' | 'state' })
  | (CommandBase<'RecordActionNotSent'> & Refusal & { readonly wishId: WishId; readonly because: NotSentCause })
  | (CommandBase<'RecordPageClosed'> & { readonly wishId: WishId })
  | (CommandBase<'RecordRefundAccepted'> & {
      readonly refundKey: RefundKey;
      readonly amount: Rupiah;
      readonly confirmedAt: Instant | null;
    })
  | (CommandBase<'RecordRefundRefused'> & Refusal & { readonly refundKey: RefundKey })
  | (CommandBase<'RecordRefundNotSent'> & Refusal & { readonly refundKey: RefundKey; readonly because: NotSentCause })
  | (CommandBase<'RecordUnanswered'> & { readonly wishId: WishId; readonly message: string })
  // Reports
  | (CommandBase<'ObserveGatewayStatus'> & {
      readonly observation: GatewayObservation;
      readonly source: ObservationSource;
      readonly knownBefore: KnownBefore | null;
      /** Found where the newest try of a page stands: there is none after it. */
      readonly isNewest?: boolean;
      /** Put the look on record even when it brings no news. */
      readonly noteLook: boolean;
      readonly asked?: LookRequest;
    })
  | (CommandBase<'ObserveAbsence'> & { readonly asked?: LookRequest })
  /** Midtrans could not be asked, or did not tell. Only a person's asking is worth a record. */
  | (CommandBase<'RecordLookUnanswered'> & { readonly asked: LookRequest })
  /** Time has passed: gives up what has waited too long. */
  | CommandBase<'GiveUpWaiting'>;

export type PaymentCommandOf<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { readonly type: Type }>;
