import type { JsonObject } from '../../domain/json.js';
import type { Instant } from '../../domain/time/instant.js';

/** What is asked once: `key` names caller and Idempotency-Key; `fingerprint` stands for path and body. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly fingerprint: string;
  /** The request that claims; fresh for each. */
  readonly owner: string;
  readonly at: Instant;
}

export type ClaimResult =
  /** Go ahead; `keep` or `release` it afterwards. */
  | { readonly type: 'claimed' }
  /** Another request holds it, and has for less than the time after which its owner counts as dead. */
  | { readonly type: 'in_progress' }
  /** `owner`: of the claim under which it was kept. */
  | { readonly type: 'answered'; readonly answer: JsonObject; readonly owner: string }
  /** The key was used with another path or body. */
  | { readonly type: 'reused' };

/** Answers kept for `Idempotency-Key` (api.md 3): for ever, across restarts and replicas. */
export interface IdempotencyAnswers {
  /**
   * Of many claims at once exactly one is `claimed`. A claim older than `staleAfterMs` without an answer is taken over. The same claim
   * again, by who has missed the answer to it, is `claimed` as before.
   */
  claim(claim: IdempotencyClaim, staleAfterMs: number): Promise<ClaimResult>;
  /** `lost`: another owner has taken the claim over; nothing is kept. */
  keep(key: string, owner: string, answer: JsonObject): Promise<'kept' | 'lost'>;
  /** The key is free again, for any body. No-op when it is another's or answered. */
  release(key: string, owner: string): Promise<void>;
  /** The key of an answer that means nothing any more is free again. No-op when it is not answered, or by another since. */
  forget(key: string, owner: string): Promise<void>;
}
