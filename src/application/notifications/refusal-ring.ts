import type { JsonObject } from '../../domain/json.js';
import type { Documents, StoredDocument } from '../ports/documents.js';
import { refusedCollection } from './notification-records.js';

/** What is kept of one, made once it is known where it stands. */
type Refusal = (slot: string) => JsonObject;

const refusalsKept = 1_000;
/** Others were faster so often: a flood, of which enough is kept. */
const triesMax = 20;

/**
 * The last refusals of all processes. They are numbered across all of them, and each stands in the slot of its number, in the place of
 * the one a round before: whoever claims a number that is taken has been overtaken, and asks anew which was the last.
 */
export class RefusalRing {
  /** The number that this process took last; undefined: to be asked for. */
  private last: Promise<number> | undefined;

  constructor(private readonly records: Documents) {}

  /** @throws StoreUnavailable */
  async keep(refusal: Refusal): Promise<void> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const number = await this.next();
      if (await this.claim(number, refusal)) return;
      this.askAfter(number);
    }
  }

  private next(): Promise<number> {
    const next = (this.last ?? this.newest()).then((last) => last + 1);
    this.last = next;
    next.catch(() => (this.last = undefined));
    return next;
  }

  /** What this process has taken meanwhile is written at this moment, and not to be found yet. */
  private askAfter(taken: number): void {
    const own = this.last ?? Promise.resolve(taken);
    const asked = Promise.all([own, this.newest()]).then((numbers) => Math.max(...numbers));
    this.last = asked;
    asked.catch(() => (this.last = undefined));
  }

  private async claim(number: number, refusal: Refusal): Promise<boolean> {
    const id = String(number % refusalsKept);
    const document = { number, ...refusal(id) };
    const before = await this.records.get(refusedCollection, id);
    if (before === undefined) return this.records.insertIfAbsent(refusedCollection, { id, revision: 0, document });
    if (numberOf(before) >= number) return false;
    return this.records.replace(refusedCollection, { id, revision: before.revision + 1, document }, before.revision);
  }

  /** -1: nothing was ever refused. */
  private async newest(): Promise<number> {
    const [newest] = await this.records.find(refusedCollection, { shape: 'last', where: [], limit: 1 });
    return newest ? numberOf(newest) : -1;
  }
}

/** Earlier versions kept none. */
const numberOf = ({ document }: StoredDocument): number =>
  typeof document['number'] === 'number' ? document['number'] : -1;
