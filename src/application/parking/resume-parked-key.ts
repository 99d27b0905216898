import type { Cause } from '../audit/cause.js';
import type { Clock } from '../ports/clock.js';
import { StoreUnavailable } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import type { LookFailure } from '../ports/payment-gateway.js';
import { failedAgain, resumed, type ParkedKey } from './parked-key.js';
import type { ParkedKeys } from './parked-keys.js';

/** Work that can take up what it has parked. */
export interface Resumable {
  /** As in the records. */
  readonly follower: string;
  /**
   * Does what the key waits for, its later events included. May run in any process, twice, and beside the follower itself.
   * Rejects when it fails again. A failure of Midtrans is no fault of the key: it stays as it was.
   */
  again(event: ParkedKey['event']): Promise<LookFailure | null>;
}

export type Resumed =
  | { readonly type: 'resumed'; readonly parked: ParkedKey }
  | { readonly type: 'unknown' }
  | { readonly type: 'not_parked'; readonly parked: ParkedKey }
  /** It failed again and stays parked. */
  | { readonly type: 'still_parked'; readonly parked: ParkedKey }
  /** Midtrans, who has to be asked, does not answer now. */
  | { readonly type: 'unanswered'; readonly failure: LookFailure };

/** Has a parked key tried again, for a person who has mended what was wrong (design D6). */
export class ResumeParkedKey {
  constructor(
    private readonly parkedKeys: ParkedKeys,
    private readonly resumables: readonly Resumable[],
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** @throws StoreUnavailable: nothing is changed, or all of it will be changed again */
  async execute(id: string, reason: string | null, cause: Cause): Promise<Resumed> {
    for (;;) {
      const seen = await this.parkedKeys.find(id);
      if (seen === undefined) return { type: 'unknown' };
      const { parked } = seen;
      if (parked.status !== 'parked') return { type: 'not_parked', parked };
      const result = await this.tried(parked, reason, cause);
      if (result.type === 'unanswered') return result;
      // Whatever came to wait meanwhile has changed the record, and is done in the next round.
      if (!(await this.parkedKeys.replace(seen, result.parked))) continue;
      this.tell(result, cause);
      return result;
    }
  }

  private async tried(
    parked: ParkedKey,
    reason: string | null,
    { actor: { kind, id, roles }, requestId }: Cause,
  ): Promise<Extract<Resumed, { readonly type: 'resumed' | 'still_parked' | 'unanswered' }>> {
    const request = { at: this.clock.now(), by: { kind, id, roles }, reason, request_id: requestId };
    try {
      const failure = await this.resumableOf(parked).again(parked.event);
      return failure ? { type: 'unanswered', failure } : { type: 'resumed', parked: resumed(parked, request) };
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      return { type: 'still_parked', parked: failedAgain(parked, request, error) };
    }
  }

  private resumableOf({ follower }: ParkedKey): Resumable {
    const found = this.resumables.find((resumable) => resumable.follower === follower);
    if (found === undefined) throw new Error(`Nothing here works on ${follower}`);
    return found;
  }

  private tell(
    { type, parked }: { readonly type: string; readonly parked: ParkedKey },
    { actor, requestId }: Cause,
  ): void {
    const { id, follower, key, tries } = parked;
    const outcome = type === 'resumed' ? 'Parked key resumed' : 'Parked key tried again, and it failed again';
    this.journal.info(outcome, { parked_key_id: id, follower, key, tries, by: actor.id, request_id: requestId });
  }
}
