import type { Rupiah } from '../../domain/money/rupiah.js';
import type { Provider } from '../../domain/methods/providers.js';
import type { OrderId, RefundKey, TransactionId, WishId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import type { GatewayObservation } from '../../domain/payments/observation.js';
import type { Instant } from '../../domain/time/instant.js';

/** A charge in our words (api.md 3): `details` are the flat `payment_details` of the request, card and wallet tokens included. */
export interface ChargeOrder {
  readonly orderId: OrderId;
  readonly wishId: WishId;
  readonly provider: Provider;
  readonly amount: Rupiah;
  readonly details: JsonObject;
  readonly customerDetails: JsonObject | null;
  readonly itemDetails: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  /** Counted by Midtrans from its own time. null: the method's default. */
  readonly expiry: { readonly duration: number; readonly unit: 'minute' | 'hour' | 'day' } | null;
}

/** Why a call came to nothing, by what may be done about it (issue 3, section 4; design D3). */
export type GatewayFailure =
  /** Midtrans said no, and means it. */
  | {
      readonly type: 'refused';
      /**
       * `request`: this request, whoever sends it (400, 404, 405, 408-411, 413, 414, a bank's no) · `account`: our account or
       * keys (401, 402, 403, 501) · `state`: not in this status (412) · `conflict`: order id or refund key already known (406)
       */
      readonly because: 'request' | 'account' | 'state' | 'conflict';
      readonly statusCode: number;
      readonly message: string;
      /** false: 406 or 412 came to a repeat inside this call, so our own first send may have caused it. */
      readonly firstSend: boolean;
    }
  /** It never reached Midtrans, for certain. */
  | {
      readonly type: 'not_sent';
      readonly because: 'unreachable' | 'rate_limited' | 'circuit_open';
      readonly message: string;
    }
  /** It may have been carried out. Look later; never assume. */
  | { readonly type: 'unknown'; readonly message: string };

export type ChargeAnswer =
  | { readonly type: 'transaction'; readonly observation: GatewayObservation }
  /** Snap: a page for the customer; no transaction yet. */
  | { readonly type: 'page'; readonly token: string; readonly redirectUrl: string }
  | GatewayFailure;

/** Of capture, approve, deny, cancel, expire. */
export type ActionAnswer =
  | { readonly type: 'transaction'; readonly observation: GatewayObservation }
  | { readonly type: 'page_closed' }
  | GatewayFailure;

export type RefundAnswer =
  { readonly type: 'accepted'; readonly amount: Rupiah; readonly confirmedAt: Instant | null } | GatewayFailure;

/** Why a look told nothing. */
export type LookFailure =
  | GatewayFailure
  /** Midtrans answered, but not with a transaction that can be read: no waiting makes that better. */
  | { readonly type: 'unreadable'; readonly message: string };

export type LookAnswer =
  | { readonly type: 'transaction'; readonly observation: GatewayObservation }
  /** Midtrans knows nothing under this id. */
  | { readonly type: 'not_found' }
  | LookFailure;

/** By transaction id where it is known: some methods accept nothing else (midtrans-facts 2.2). */
export type GatewayReference = { readonly transactionId: TransactionId } | { readonly orderId: OrderId };

export interface ActionOrder {
  readonly wishId: WishId;
  readonly subject: GatewayReference;
}

/**
 * Moves money at Midtrans. Every change names its wish, which becomes the `Idempotency-Key`. Nothing is thrown for what Midtrans or the network does: every end is an answer.
 */
export interface PaymentGateway {
  /** A call with all its repeats has ended by then (design D3). */
  readonly endsWithinMs: number;
  charge(order: ChargeOrder): Promise<ChargeAnswer>;
  look(subject: GatewayReference): Promise<LookAnswer>;
  capture(order: {
    readonly wishId: WishId;
    readonly transactionId: TransactionId;
    readonly amount: Rupiah;
  }): Promise<ActionAnswer>;
  approve(order: ActionOrder): Promise<ActionAnswer>;
  deny(order: ActionOrder): Promise<ActionAnswer>;
  cancel(order: ActionOrder): Promise<ActionAnswer>;
  expire(order: ActionOrder): Promise<ActionAnswer>;
  /** Ends a Snap page on which no method was picked. `token`: its Snap token. */
  closePage(order: { readonly wishId: WishId; readonly token: string }): Promise<ActionAnswer>;
  refund(order: {
    readonly wishId: WishId;
    readonly subject: GatewayReference;
    /** What was paid with; null: a method that we do not offer. */
    readonly provider: Provider | null;
    readonly refundKey: RefundKey;
    readonly amount: Rupiah;
    readonly reason: string;
  }): Promise<RefundAnswer>;
}

/** A notification's body, read (midtrans-facts 7.4). */
export interface GatewayNotification {
  readonly observation: GatewayObservation;
}

export type NotificationReading =
  | { readonly type: 'notification'; readonly notification: GatewayNotification }
  /** Signed, but about something that this service does not make (a GoPay account, a subscription's order): kept, not acted on. */
  | { readonly type: 'other'; readonly subject: string }
  /** Not one that we can act on: no JSON, fields missing, amounts malformed. `orderId` for the log line, where there is one. */
  | { readonly type: 'malformed'; readonly orderId: string | null; readonly reason: string }
  | { readonly type: 'wrong_signature'; readonly orderId: string };

/** Reads what Midtrans posts to us. Pure but for the keys it holds. */
export interface NotificationReader {
  /** Checks the signature too (midtrans-facts 7.3), with the current and the previous server key, in constant time. */
  read(rawBody: Uint8Array): NotificationReading;
  /** What `read` has let in once: by what key it was signed does not matter any more, that one may have been exchanged since. */
  readAgain(rawBody: Uint8Array): NotificationReading;
}
