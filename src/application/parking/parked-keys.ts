import type { Instant } from '../../domain/time/instant.js';
import type { JsonObject } from '../../domain/json.js';
import type { Clock } from '../ports/clock.js';
import type { Documents, StoredDocument } from '../ports/documents.js';
import type { Journal } from '../ports/journal.js';
import { parkedCollection } from './parked-collection.js';
import {
  parkedKeyIdOf,
  putAside,
  resumed,
  withWaiting,
  type ParkedKey,
  type ParkedStatus,
  type PutAside,
} from './parked-key.js';

/** A record as somebody read it, so that it can be replaced if nobody changed it since. */
export interface SeenParkedKey {
  readonly parked: ParkedKey;
  /** Of the record. */
  readonly revision: number;
}

/** Where a page ended: `first_parked_at` and id of its last record. */
export type ParkedCursor = readonly [firstParkedAt: Instant, id: string];

export interface ParkedPage {
  readonly parkedKeys: readonly ParkedKey[];
  /** null: that was all. */
  readonly next: ParkedCursor | null;
}

const releasedAtOnce = 100;

/**
 * Every parked key, of all processes (design D6). Nothing of it is remembered here: who works on a key now need not be who parked it.
 * @throws StoreUnavailable from each method
 */
export class ParkedKeys {
  constructor(
    private readonly records: Documents,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /**
   * Durable when it resolves. Raises the alarm when the key was not parked already, and before it is on record: who dies between the two
   * lets it be raised again, while after the record nobody would.
   */
  async park(aside: PutAside): Promise<void> {
    const fresh = putAside(aside, this.clock.now());
    const known = await this.find(fresh.id);
    const isTold = known?.parked.status === 'parked';
    if (!isTold) this.raiseAlarm(fresh);
    if (known === undefined && (await this.records.insertIfAbsent(parkedCollection, storedOf(fresh, 0)))) return;
    const before = await this.change(fresh.id, (seen) => parkedAnew(seen, fresh));
    // Somebody has resumed it just now.
    if (isTold && before?.status !== 'parked') this.raiseAlarm(fresh);
  }

  /**
   * Whether a later event of a key has to wait because the key is parked. That it waits is put on record, so that nobody who
   * resumes the key at this moment overlooks it.
   */
  async holds(follower: string, key: string, revision: number): Promise<boolean> {
    const before = await this.change(parkedKeyIdOf(follower, key), (known) => withWaiting(known, revision));
    return before?.status === 'parked';
  }

  /** The follower begins anew, and so tries everything again. */
  async release(follower: string): Promise<void> {
    const ofFollower = [{ field: 'follower', is: follower }, { field: 'status', is: 'parked' }]; // prettier-ignore
    const request = { by: anew, reason: 'The follower begins anew', request_id: null };
    for (;;) {
      const query = { shape: 'ofFollower', where: ofFollower, limit: releasedAtOnce } as const;
      const found = await this.records.find(parkedCollection, query);
      if (found.length === 0) return;
      const at = this.clock.now();
      const release = (known: ParkedKey) => (known.status === 'parked' ? resumed(known, { at, ...request }) : known);
      await Promise.all(found.map(({ id }) => this.change(id, release)));
    }
  }

  async find(id: string): Promise<SeenParkedKey | undefined> {
    const stored = await this.records.get(parkedCollection, id);
    return stored && { parked: parkedOf(stored), revision: stored.revision };
  }

  /** false: somebody has changed it since it was seen. */
  replace({ revision }: SeenParkedKey, after: ParkedKey): Promise<boolean> {
    return this.records.replace(parkedCollection, storedOf(after, revision + 1), revision);
  }

  /** The newest first. */
  async list(status: ParkedStatus | null, limit: number, after: ParkedCursor | null): Promise<ParkedPage> {
    const found = await this.records.find(parkedCollection, {
      ...(status === null
        ? { shape: 'newest', where: [] }
        : { shape: 'withStatus', where: [{ field: 'status', is: status }] }),
      limit: limit + 1,
      ...(after && { after }),
    });
    const parkedKeys = found.slice(0, limit).map(parkedOf);
    const last = parkedKeys.at(-1);
    return { parkedKeys, next: found.length > limit && last ? [last.first_parked_at, last.id] : null };
  }

  /** Those that wait for a person; counting stops at `atMost`. */
  async count(atMost: number): Promise<number> {
    return (await this.list('parked', atMost, null)).parkedKeys.length;
  }

  /** Resolves to what stood there before; undefined: nothing does. Of two who change it at once, the second decides anew. */
  private async change(id: string, next: (known: ParkedKey) => ParkedKey): Promise<ParkedKey | undefined> {
    for (;;) {
      const seen = await this.find(id);
      if (seen === undefined) return undefined;
      const after = next(seen.parked);
      if (after === seen.parked || (await this.replace(seen, after))) return seen.parked;
    }
  }

  private raiseAlarm({ id, follower, key, event, error }: ParkedKey): void {
    this.journal.alarm(
      'parked_key',
      `${follower} cannot work on ${key}, which waits while everything else goes on; once the fault is mended: POST /payments/parked-keys/${id}/resume`,
      { parked_key_id: id, follower, key, stream: event.stream, revision: event.revision, type: event.type, error },
    );
  }
}

const anew = { kind: 'system', id: 'follower', roles: [] } as const;

/** What is parked already waits for its first event that failed; what was resumed and fails once more is told of afresh. */
const parkedAnew = (known: ParkedKey, fresh: ParkedKey): ParkedKey =>
  known.status === 'parked' ? withWaiting(known, fresh.event.revision) : { ...fresh, resumptions: known.resumptions };

const storedOf = (parked: ParkedKey, revision: number): StoredDocument => ({
  id: parked.id,
  revision,
  document: parked satisfies JsonObject,
});

const parkedOf = ({ document }: StoredDocument): ParkedKey => document as unknown as ParkedKey;
