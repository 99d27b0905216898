import type { JsonObject } from '../../src/domain/json.js';
import type { ClerksAction } from './purchases.js';

/** One request of a shopper or clerk, and what came back. */
export interface Answered {
  readonly what: 'make' | 'read' | 'refunds' | ClerksAction;
  readonly orderId: string;
  readonly replica: string;
  /** null: the connection broke, or no answer came in time. */
  readonly status: number | null;
  readonly body: JsonObject;
  /** Of a refund: its key. */
  readonly refundKey?: string;
  /** Whose Idempotency-Key it was sent with. */
  readonly idempotencyKey?: string;
  /** `Idempotency-Hit`: the answer was kept before. */
  readonly isHit: boolean;
}

/** A notification handed to one replica once. */
export interface Delivered {
  /** Stands in a header that the inbox keeps. */
  readonly id: string;
  readonly orderId: string;
  readonly replica: string;
  /** null: no answer came. */
  readonly status: number | null;
}

/** Everything that anybody was told. What was acknowledged here must be true for ever. */
export class Ledger {
  readonly answers: Answered[] = [];
  readonly deliveries: Delivered[] = [];
}

export const isAcknowledged = ({ status }: { readonly status: number | null }): boolean =>
  status === 200 || status === 201 || status === 202;
