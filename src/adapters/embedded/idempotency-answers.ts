import type Database from 'better-sqlite3';
import type { ClaimResult, IdempotencyAnswers, IdempotencyClaim } from '../../application/ports/idempotency-answers.js';
import { msBetween } from '../../domain/time/instant.js';
import type { JsonObject } from '../../domain/json.js';
import type { GroupCommit } from './group-commit.js';

interface Row {
  readonly fingerprint: string;
  readonly owner: string;
  readonly claimedAt: string;
  readonly answer: string | null;
}

/** Answers for `Idempotency-Key` in `state.db`. */
export class EmbeddedIdempotencyAnswers implements IdempotencyAnswers {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    database: Database.Database,
    private readonly group: GroupCommit,
  ) {
    this.statements = prepareStatements(database);
  }

  claim(claim: IdempotencyClaim, staleAfterMs: number): Promise<ClaimResult> {
    return this.group.run(() => this.claimNow(claim, staleAfterMs));
  }

  keep(key: string, owner: string, answer: JsonObject): Promise<'kept' | 'lost'> {
    const text = JSON.stringify(answer);
    return this.group.run(() => (this.statements.keep.run(text, key, owner).changes === 1 ? 'kept' : 'lost'));
  }

  async release(key: string, owner: string): Promise<void> {
    await this.group.run(() => this.statements.release.run(key, owner));
  }

  async forget(key: string, owner: string): Promise<void> {
    await this.group.run(() => this.statements.forget.run(key, owner));
  }

  private claimNow({ key, fingerprint, owner, at }: IdempotencyClaim, staleAfterMs: number): ClaimResult {
    const row = this.statements.read.get(key);
    if (row !== undefined && row.fingerprint !== fingerprint) return { type: 'reused' };
    if (row !== undefined && row.answer !== null)
      return { type: 'answered', answer: JSON.parse(row.answer) as JsonObject, owner: row.owner };
    if (row?.owner === owner) return { type: 'claimed' };
    if (row !== undefined && msBetween(row.claimedAt, at) < staleAfterMs) return { type: 'in_progress' };
    this.statements.claim.run(key, fingerprint, owner, at);
    return { type: 'claimed' };
  }
}

const prepareStatements = (database: Database.Database) => ({
  read: database.prepare<[string], Row>(
    'SELECT fingerprint, owner, claimed_at AS claimedAt, answer FROM idempotency_answers WHERE key = ?',
  ),
  claim: database.prepare<[string, string, string, string]>(
    'INSERT OR REPLACE INTO idempotency_answers (key, fingerprint, owner, claimed_at) VALUES (?, ?, ?, ?)',
  ),
  keep: database.prepare<[string, string, string]>(
    'UPDATE idempotency_answers SET answer = ? WHERE key = ? AND owner = ? AND answer IS NULL',
  ),
  release: database.prepare<[string, string]>(
    'DELETE FROM idempotency_answers WHERE key = ? AND owner = ? AND answer IS NULL',
  ),
  forget: database.prepare<[string, string]>(
    'DELETE FROM idempotency_answers WHERE key = ? AND owner = ? AND answer IS NOT NULL',
  ),
});
