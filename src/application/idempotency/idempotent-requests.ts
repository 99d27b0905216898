import { createHash } from 'node:crypto';
import type { JsonObject } from '../../domain/json.js';
import { canonical } from '../payments/payment-details.js';
import type { Clock } from '../ports/clock.js';
import type { IdempotencyAnswers } from '../ports/idempotency-answers.js';
import type { Ids } from '../ports/ids.js';
import type { PersonalData } from '../ports/personal-data.js';
import { KeptAnswer } from './kept-answer.js';

export interface IdempotentRequest {
  /** The caller's `sub`. */
  readonly caller: string;
  readonly path: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
  readonly body: unknown;
}

export type Claimed =
  | { readonly type: 'claimed'; keep(answer: KeptAnswer): Promise<void>; release(): Promise<void> }
  | { readonly type: 'in_progress' }
  /** `forget`: what it tells of is not there any more, so the request is made anew. */
  | { readonly type: 'answered'; readonly answer: KeptAnswer; forget(): Promise<void> }
  | { readonly type: 'reused' };

/** A claim whose owner has not answered for so long is taken over (api.md 3), in ms. */
export const claimStaleAfterMs = 60_000;

/** One answer for each Idempotency-Key of a caller (api.md 3). */
export class IdempotentRequests {
  constructor(
    private readonly answers: IdempotencyAnswers,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly staleAfterMs = claimStaleAfterMs,
  ) {}

  /**
   * Of many at once one is `claimed`; it must `keep` or `release`. A release that fails is no matter: the claim grows stale.
   * @throws StoreUnavailable, KeyDestroyed
   */
  async claim(request: IdempotentRequest): Promise<Claimed> {
    const key = storedKey(request);
    const owner = this.ids.next();
    const fingerprint = await this.fingerprintOf(request);
    const claim = { key, fingerprint, owner, at: this.clock.now() };
    const result = await this.answers.claim(claim, this.staleAfterMs);
    if (result.type === 'answered')
      return {
        type: 'answered',
        answer: KeptAnswer.parse(result.answer),
        forget: () => this.answers.forget(key, result.owner),
      };
    if (result.type !== 'claimed') return result;
    return {
      type: 'claimed',
      keep: async (answer) => void (await this.answers.keep(key, owner, answer as JsonObject)),
      release: () => this.answers.release(key, owner),
    };
  }

  /** By the caller's own key (design D10), so that a body cannot be guessed from what is kept. */
  private async fingerprintOf({ caller, path, body }: IdempotentRequest): Promise<string> {
    const seal = await this.personalData.sealFor(`customer:${caller}`);
    return seal.fingerprint(canonical({ path, body: body ?? null }));
  }
}

/** The caller's key may hold anything, so it is kept as a hash. Not of the path: the same key elsewhere is a mistake to be told. */
const storedKey = ({ caller, key }: IdempotentRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, key]))
    .digest('hex');
