import type Database from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FeedInterrupted } from '../../application/ports/event-feed.js';
import type { EventFeed, FeedBatch, FeedFilter, FeedPosition } from '../../application/ports/event-feed.js';
import type { Announcements } from './announcements.js';
import { eventColumns, positionNumber, positionText, toStoredEvent } from './event-rows.js';
import type { EventRow } from './event-rows.js';
import { bindingsOf, partsOf, positionsOf } from './feed-filter.js';
import type { Category, Part } from './feed-filter.js';
import { preparedOnce } from './prepared-statements.js';
import { readFrom } from './reading.js';

const batchMaxDefault = 1_000;

/** The feed of `events.db`: reads what is committed, and is woken by each commit. */
export class EmbeddedEventFeed implements EventFeed {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    private readonly database: Database.Database,
    private readonly announcements: Announcements,
  ) {
    this.statements = prepareStatements(database);
  }

  async readAfter(after: FeedPosition, filter: FeedFilter, limit = batchMaxDefault): Promise<FeedBatch> {
    // Who replays does so in a loop, and reading is synchronous: requests get their turn between two batches.
    await nextTurn();
    return readFrom(this.database, () => this.read(positionNumber(after), filter, limit));
  }

  async *follow(
    after: FeedPosition,
    filter: FeedFilter,
    signal: AbortSignal,
    batchMax = batchMaxDefault,
  ): AsyncGenerator<FeedBatch, void> {
    let position = after;
    while (!signal.aborted) {
      const { heard } = this.announcements;
      const batch = await this.readAfter(position, filter, batchMax).catch(interrupted);
      if (signal.aborted) return;
      position = batch.position;
      if (batch.events.length > 0) yield batch;
      if (batch.atEnd) await this.announcements.after(heard, signal);
    }
  }

  countAfter(after: FeedPosition, filter: FeedFilter, atMost: number): Promise<number> {
    return readFrom(this.database, () => this.count(positionNumber(after), filter, atMost));
  }

  end(): Promise<FeedPosition> {
    return readFrom(this.database, () => feedPosition(this.lastPosition()));
  }

  private read(from: number, filter: FeedFilter, limit: number): FeedBatch {
    // First the end, and nothing beyond it: in a process that only reads, the log may grow between two statements.
    const end = this.lastPosition();
    const rows = this.rowsBetween(from, end, this.partsOf(filter), limit + 1);
    const atEnd = rows.length <= limit;
    const taken = atEnd ? rows : rows.slice(0, limit);
    const position = atEnd ? Math.max(from, end) : (taken.at(-1)?.[2] ?? from);
    return { events: taken.map(toStoredEvent), position: feedPosition(position), atEnd };
  }

  private rowsBetween(from: number, end: number, parts: readonly Part[] | 'all', limit: number): readonly EventRow[] {
    if (parts === 'all') return this.statements.all.all(from, end, limit);
    if (parts.length === 0) return [];
    return this.statements.some(positionsOf(parts)).all(...bindingsOf(parts, from, end), limit);
  }

  private count(from: number, filter: FeedFilter, atMost: number): number {
    const end = this.lastPosition();
    const parts = this.partsOf(filter);
    // Positions are consecutive.
    if (parts === 'all') return Math.max(0, Math.min(atMost, end - from));
    if (parts.length === 0) return 0;
    return this.statements.count(positionsOf(parts)).get(...bindingsOf(parts, from, end), atMost) ?? 0;
  }

  private lastPosition(): number {
    return this.statements.end.get() ?? 0;
  }

  private partsOf(filter: FeedFilter): readonly Part[] | 'all' {
    return partsOf(filter, () => this.statements.categories.all());
  }
}

const feedPosition = (position: number): FeedPosition => (position === 0 ? 'start' : positionText(position));

const interrupted = (cause: unknown): never => {
  throw new FeedInterrupted(cause);
};

const prepareStatements = (database: Database.Database) => ({
  end: database.prepare<[], number | null>('SELECT max(position) FROM events').pluck(),
  categories: database.prepare<[], Category>('SELECT id, name FROM categories'),
  all: database
    .prepare<[number, number, number], EventRow>(
      `SELECT ${eventColumns} FROM events e CROSS JOIN streams s ON s.id = e.stream
       WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
    )
    .raw(),
  some: preparedOnce((positions) =>
    database
      .prepare<(string | number)[], EventRow>(
        `SELECT ${eventColumns} FROM (${positions} ORDER BY position LIMIT ?) p
         CROSS JOIN events e ON e.position = p.position CROSS JOIN streams s ON s.id = e.stream ORDER BY p.position`,
      )
      .raw(),
  ),
  count: preparedOnce((positions) =>
    database.prepare<(string | number)[], number>(`SELECT count(*) FROM (${positions} LIMIT ?)`).pluck(),
  ),
});
