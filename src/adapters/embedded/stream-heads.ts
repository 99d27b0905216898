import type Database from 'better-sqlite3';
import { categoryOf } from './event-rows.js';

/** The end of a stream. `stream` and `category` are the numbers under which the file knows them. */
export interface StreamHead {
  readonly stream: number;
  readonly category: number;
  /** Of the last event; -1 before the first. Counted up by who appends. */
  revision: number;
}

const headsMax = 20_000;

/** A filter reads each category by itself, so they are kept few; streams beyond these share one, and are filtered by name. */
const categoriesMax = 100;
const otherCategory = '';

/** Where each stream ends, as seen by the only writer: the recently used in memory, the others in the file. */
export class StreamHeads {
  private readonly recent = new Map<string, StreamHead>();
  private readonly categories = new Map<string, number>();
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.statements = prepareStatements(database);
  }

  /** undefined: nobody has written this stream yet. */
  of(stream: string): StreamHead | undefined {
    const known = this.recent.get(stream);
    if (known !== undefined) return known;
    const found = this.statements.head.get(stream);
    return found && this.remember(stream, found);
  }

  /** Makes a stream that has no events yet. */
  begin(stream: string): StreamHead {
    const category = this.categoryNumber(categoryOf(stream));
    const id = Number(this.statements.addStream.run(stream, category).lastInsertRowid);
    return this.remember(stream, { stream: id, category, revision: -1 });
  }

  /** After a rollback: what was written since is not there. */
  forget(): void {
    this.recent.clear();
    this.categories.clear();
  }

  private remember(stream: string, head: StreamHead): StreamHead {
    if (this.recent.size >= headsMax) this.dropOldestHalf();
    this.recent.set(stream, head);
    return head;
  }

  private dropOldestHalf(): void {
    for (const stream of this.recent.keys()) {
      if (this.recent.size <= headsMax / 2) return;
      this.recent.delete(stream);
    }
  }

  private categoryNumber(name: string): number {
    const known = this.categories.get(name) ?? this.statements.category.get(name);
    if (known === undefined && name !== otherCategory && this.categoryCount() >= categoriesMax) {
      return this.categoryNumber(otherCategory);
    }
    const number = known ?? Number(this.statements.addCategory.run(name).lastInsertRowid);
    this.categories.set(name, number);
    return number;
  }

  private categoryCount(): number {
    return this.statements.categoryCount.get() ?? 0;
  }
}

const prepareStatements = (database: Database.Database) => ({
  head: database.prepare<[string], StreamHead>(
    `SELECT id AS stream, category, (SELECT max(revision) FROM events WHERE stream = streams.id) AS revision
     FROM streams WHERE name = ?`,
  ),
  addStream: database.prepare<[string, number]>('INSERT INTO streams (name, category) VALUES (?, ?)'),
  categoryCount: database.prepare<[], number>('SELECT count(*) FROM categories').pluck(),
  category: database.prepare<[string], number>('SELECT id FROM categories WHERE name = ?').pluck(),
  addCategory: database.prepare<[string]>('INSERT INTO categories (name) VALUES (?)'),
});
