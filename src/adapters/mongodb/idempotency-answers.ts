import type { Collection, Db } from 'mongodb';
import type { ClaimResult, IdempotencyAnswers, IdempotencyClaim } from '../../application/ports/idempotency-answers.js';
import type { JsonObject } from '../../domain/json.js';
import { msBetween } from '../../domain/time/instant.js';
import { isDuplicate, isUnanswered, unlessUnavailable } from './mongo-errors.js';
import { fromStoredObject, toStoredObject, type StoredObject } from './stored-values.js';

interface Stored {
  _id: string;
  fingerprint: string;
  owner: string;
  claimed_at: string;
  /** null: its owner is still at work, or dead. */
  answer: StoredObject | null;
}

/** A claim changes between two looks, or its answer gets lost, but not for ever. */
const triesMax = 5;

/** Answers for `Idempotency-Key`, a document for each key. */
export class MongoIdempotencyAnswers implements IdempotencyAnswers {
  private readonly answers: Collection<Stored>;

  constructor(database: Db) {
    this.answers = database.collection('idempotency_answers');
  }

  claim(claim: IdempotencyClaim, staleAfterMs: number): Promise<ClaimResult> {
    return unlessUnavailable(async () => {
      for (let tries = 0; tries < triesMax; tries += 1) {
        const result = await this.tryToClaim(claim, staleAfterMs).catch((error: unknown) => {
          // It may be claimed: whoever looks again knows it by its owner.
          if (isUnanswered(error) && tries === 0) return 'changed meanwhile' as const;
          throw error;
        });
        if (result !== 'changed meanwhile') return result;
      }
      // Somebody claims it and lets go of it, over and over.
      return { type: 'in_progress' };
    });
  }

  keep(key: string, owner: string, answer: JsonObject): Promise<'kept' | 'lost'> {
    return unlessUnavailable(async () => {
      const kept = { $set: { answer: toStoredObject(answer) } };
      const { matchedCount } = await this.answers.updateOne({ _id: key, owner, answer: null }, kept);
      return matchedCount === 1 ? 'kept' : 'lost';
    });
  }

  async release(key: string, owner: string): Promise<void> {
    await unlessUnavailable(() => this.answers.deleteOne({ _id: key, owner, answer: null }));
  }

  async forget(key: string, owner: string): Promise<void> {
    await unlessUnavailable(() => this.answers.deleteOne({ _id: key, owner, answer: { $gt: {} } }));
  }

  private async tryToClaim(claim: IdempotencyClaim, staleAfterMs: number): Promise<ClaimResult | 'changed meanwhile'> {
    if (await this.insert(claim)) return { type: 'claimed' };
    const stored = await this.answers.findOne({ _id: claim.key });
    if (stored === null) return 'changed meanwhile';
    if (stored.fingerprint !== claim.fingerprint) return { type: 'reused' };
    const { answer, owner } = stored;
    if (answer !== null) return { type: 'answered', answer: fromStoredObject(answer as JsonObject), owner };
    if (owner === claim.owner) return { type: 'claimed' };
    if (msBetween(stored.claimed_at, claim.at) < staleAfterMs) return { type: 'in_progress' };
    return (await this.takeOver(stored, claim)) ? { type: 'claimed' } : 'changed meanwhile';
  }

  private async insert({ key, fingerprint, owner, at }: IdempotencyClaim): Promise<boolean> {
    try {
      await this.answers.insertOne({ _id: key, fingerprint, owner, claimed_at: at, answer: null });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  private async takeOver({ _id, owner, claimed_at }: Stored, claim: IdempotencyClaim): Promise<boolean> {
    const taken = { $set: { owner: claim.owner, claimed_at: claim.at } };
    const { matchedCount } = await this.answers.updateOne({ _id, owner, claimed_at, answer: null }, taken);
    return matchedCount === 1;
  }
}
