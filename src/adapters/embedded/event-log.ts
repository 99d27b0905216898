import type Database from 'better-sqlite3';
import type {
  AppendResult,
  EventLog,
  ExpectedRevision,
  NewEvent,
  StoredEvent,
} from '../../application/ports/event-log.js';
import { appendBytesMax, AppendTooLarge } from '../../application/ports/event-log.js';
import { checksumWith, eventColumns, positionText, toStoredEvent } from './event-rows.js';
import type { EventRow } from './event-rows.js';
import { GroupCommit } from './group-commit.js';
import { readFrom } from './reading.js';
import { StreamHeads } from './stream-heads.js';
import type { StreamHead } from './stream-heads.js';

/** An event as it will be stored, but for its place. */
interface SerializedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: string;
  readonly metadata: string;
}

const nobody = -1;

/**
 * The event log in `events.db` (design D1, D7). One process writes it, so heads and positions are known without asking.
 * Each group of appends leaves a row in `event_groups` with the checksum of its events.
 */
export class EmbeddedEventLog implements EventLog {
  readonly gathersAppends = true;
  private readonly group: GroupCommit;
  private readonly heads: StreamHeads;
  private readonly statements: ReturnType<typeof prepareStatements>;
  /** Position of the last event, also of those in the open group. */
  private position: number;
  /** Position before the open group. */
  private committed: number;
  private checksum = 0;

  constructor(
    readonly logId: string,
    private readonly database: Database.Database,
    private readonly announce: () => void,
  ) {
    this.statements = prepareStatements(database);
    this.heads = new StreamHeads(database);
    this.position = this.committed = this.lastPosition();
    this.group = new GroupCommit(database, {
      beforeCommit: () => this.sealGroup(),
      afterCommit: () => this.afterCommit(),
      afterRollback: () => this.afterRollback(),
    });
  }

  read(
    stream: string,
    range: { readonly from?: number; readonly limit?: number } = {},
  ): Promise<readonly StoredEvent[]> {
    const { from = 0, limit = -1 } = range;
    return readFrom(this.database, () => this.statements.read.all(stream, from, limit).map(toStoredEvent));
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    if (events.length === 0) throw new RangeError(`An append to ${stream} without events`);
    const serialized = events.map(serialize);
    const bytes = serialized.reduce(
      (sum, { data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata),
      0,
    );
    if (bytes > appendBytesMax) throw new AppendTooLarge(stream, bytes);
    return this.group.run(() => this.place(stream, serialized, expected));
  }

  close(): void {
    this.group.close();
  }

  private place(stream: string, events: readonly SerializedEvent[], expected: ExpectedRevision): AppendResult {
    const head = this.heads.of(stream);
    const actual = head?.revision ?? nobody;
    const before = expected === 'none' ? nobody : expected;
    if (before === 'any') return this.repeatedUnguarded(head, events) ?? this.add(stream, head, events, true);
    if (before === actual) return this.add(stream, head, events, false);
    return this.repeated(head, before, events) ?? { type: 'conflict', actual: head?.revision ?? 'none' };
  }

  private add(
    stream: string,
    head: StreamHead | undefined,
    events: readonly SerializedEvent[],
    unguarded: boolean,
  ): AppendResult {
    const written = head ?? this.heads.begin(stream);
    for (const event of events) this.insert(stream, written, event, unguarded && event === events[0]);
    return { type: 'appended', revision: written.revision, position: positionText(this.position) };
  }

  private insert(stream: string, head: StreamHead, event: SerializedEvent, unguarded: boolean): void {
    const { id, type, version, data, metadata } = event;
    this.position += 1;
    head.revision += 1;
    this.statements.insert.run(
      this.position,
      head.stream,
      head.revision,
      head.category,
      unguarded ? 1 : null,
      id,
      type,
      version,
      data,
      metadata,
    );
    this.checksum = checksumWith(this.checksum, [
      stream,
      head.revision,
      this.position,
      id,
      type,
      version,
      data,
      metadata,
    ]);
  }

  /** An append that expected an exact revision was written before if exactly its events follow there: no index is needed. */
  private repeated(
    head: StreamHead | undefined,
    before: number,
    events: readonly SerializedEvent[],
  ): AppendResult | undefined {
    if (head === undefined || head.revision < before + events.length) return undefined;
    const found = this.statements.placed.all(head.stream, before + 1, events.length);
    if (!events.every(({ id }, n) => found[n]?.[0] === id)) return undefined;
    return { type: 'appended', revision: before + events.length, position: positionText(found.at(-1)?.[1] ?? 0) };
  }

  /** An append under `any` is known again by its first event, which alone is in an index. */
  private repeatedUnguarded(
    head: StreamHead | undefined,
    events: readonly SerializedEvent[],
  ): AppendResult | undefined {
    const first = events[0];
    if (head === undefined || first === undefined) return undefined;
    const revision = this.statements.unguarded.get(first.id, head.stream);
    return revision === undefined ? undefined : this.repeated(head, revision - 1, events);
  }

  private sealGroup(): void {
    if (this.position > this.committed) this.statements.seal.run(this.committed + 1, this.position, this.checksum);
  }

  private afterCommit(): void {
    const grown = this.position > this.committed;
    this.committed = this.position;
    this.checksum = 0;
    if (grown) this.announce();
  }

  private afterRollback(): void {
    this.position = this.committed;
    this.checksum = 0;
    this.heads.forget();
  }

  private lastPosition(): number {
    return this.database.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0;
  }
}

const serialize = ({ id, type, version, data, metadata }: NewEvent): SerializedEvent => ({
  id,
  type,
  version,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
});

const prepareStatements = (database: Database.Database) => ({
  read: database
    .prepare<[string, number, number], EventRow>(
      `SELECT ${eventColumns} FROM streams s JOIN events e ON e.stream = s.id
       WHERE s.name = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
    )
    .raw(),
  insert: database.prepare<[number, number, number, number, 1 | null, string, string, number, string, string]>(
    `INSERT INTO events (position, stream, revision, category, unguarded, id, type, version, data, metadata)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  placed: database
    .prepare<[number, number, number], [id: string, position: number]>(
      'SELECT id, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
    )
    .raw(),
  unguarded: database
    .prepare<[string, number], number>('SELECT revision FROM events WHERE id = ? AND stream = ? AND unguarded = 1')
    .pluck(),
  seal: database.prepare<[number, number, number]>('INSERT INTO event_groups (first, last, checksum) VALUES (?, ?, ?)'),
});
