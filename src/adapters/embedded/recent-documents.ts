import type { StoredDocument } from '../../application/ports/documents.js';

/** A payment's document takes about 7 KB when it is parsed. */
const keptMax = 10_000;

/**
 * Documents of one collection as they were read last, so that who asks again and again, as whoever waits for a payment does, costs
 * neither reading nor parsing. Whoever changes a document forgets it here, in the same turn of the event loop: it is never stale.
 */
export class RecentDocuments {
  /** In the order in which they were read; the first are the first to go. */
  private readonly kept = new Map<string, StoredDocument>();

  get(id: string): StoredDocument | undefined {
    return this.kept.get(id);
  }

  keep(document: StoredDocument): void {
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < keptMax) break;
      this.kept.delete(oldest);
    }
    this.kept.set(document.id, document);
  }

  forget(id: string): void {
    this.kept.delete(id);
  }

  clear(): void {
    this.kept.clear();
  }
}
