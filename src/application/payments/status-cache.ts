import { AskedTwice } from '../caching/asked-twice.js';
import type { LogCache } from '../followers/cache-follower.js';
import type { Clock } from '../ports/clock.js';
import type { CollectionDeclaration, DocumentQuery, Documents, StoredDocument } from '../ports/documents.js';
import { guardOf } from '../projections/document-guard.js';
import { paymentStreamPrefix } from './payment-identity.js';
import { paymentProjectionVersion } from './payment-projection.js';

/** What whoever reads payments asks of `payments`. */
export type PaymentReads = Pick<Documents, 'get' | 'find'>;

interface Remembered {
  readonly stored: StoredDocument;
  readonly readAtMs: number;
}

export interface StatusCacheLimits {
  /** How old, in ms, an answer may be when the feed says nothing. */
  readonly ttlMs: number;
  /** So many payments, a few kilobytes each. */
  readonly paymentsMax: number;
}

const usualLimits: StatusCacheLimits = { ttlMs: 5_000, paymentsMax: 5_000 };

/**
 * Remembers payments that are read again and again, in front of a store on another machine (R12.5). The feed makes it forget what has
 * changed, so it is hardly ever behind the read model, and never by more than `ttlMs`. Whoever names a revision gets that one or a
 * newer one, from the store where what is remembered is older (api.md 3). Personal data is sealed here as it is there.
 */
export class StatusCache implements PaymentReads, LogCache {
  readonly streamPrefixes = [paymentStreamPrefix];
  private readonly remembered: AskedTwice<Remembered>;
  /** By stream, guards of the newest events that the feed told of: what is older was read too early to be kept. The oldest first. */
  private readonly heard = new Map<string, number>();

  constructor(
    private readonly documents: PaymentReads,
    private readonly clock: Clock,
    private readonly limits: StatusCacheLimits = usualLimits,
  ) {
    this.remembered = new AskedTwice(limits.paymentsMax);
  }

  async get(collection: CollectionDeclaration, id: string, atLeast = 0): Promise<StoredDocument | undefined> {
    const stream = `${paymentStreamPrefix}${id}`;
    const readAtMs = this.clock.monotonicMs();
    const known = this.remembered.get(stream);
    if (known && known.stored.revision >= atLeast && readAtMs - known.readAtMs < this.limits.ttlMs) return known.stored;
    const stored = await this.documents.get(collection, id, atLeast);
    if (stored && stored.revision >= (this.heard.get(stream) ?? 0)) this.remembered.offer(stream, { stored, readAtMs });
    return stored;
  }

  find<Shapes extends string>(
    collection: CollectionDeclaration<Shapes>,
    query: DocumentQuery<Shapes>,
  ): Promise<readonly StoredDocument[]> {
    return this.documents.find(collection, query);
  }

  forget(stream: string, revision: number): void {
    this.remembered.forget(stream);
    this.heard.delete(stream);
    this.heard.set(stream, guardOf(paymentProjectionVersion, revision));
    if (this.heard.size <= 2 * this.limits.paymentsMax) return;
    const [oldest = stream] = this.heard.keys();
    this.heard.delete(oldest);
  }

  forgetAll(): void {
    this.remembered.clear();
  }
}
