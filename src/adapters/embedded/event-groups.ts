import type Database from 'better-sqlite3';
import { checksumWith, eventColumns, positionText, toStoredEvent } from './event-rows.js';
import type { EventRow } from './event-rows.js';

/** What one commit wrote: positions of its first and last event, and the checksum over all of them. */
export interface EventGroup {
  readonly first: number;
  readonly last: number;
  readonly checksum: number;
}

/** The last group of a log without events. */
export const emptyGroup: EventGroup = { first: 1, last: 0, checksum: 0 };

/** Reads groups back and holds them against what was written. */
export class EventGroups {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(events: Database.Database) {
    this.statements = prepareStatements(events);
  }

  /** undefined: the log is empty. */
  last(): EventGroup | undefined {
    return this.statements.last.get();
  }

  /** The next ones after a position. */
  after(position: number): readonly EventGroup[] {
    return this.statements.after.all(position);
  }

  /** None: the events of the group are all there, as they were written. */
  problemsOf({ first, last, checksum }: EventGroup): readonly string[] {
    const where = `events ${positionText(first)} to ${positionText(last)}`;
    const rows = this.statements.rows.all(first, last);
    const missing = last - first + 1 - rows.length;
    if (missing !== 0) return [`${where}: ${missing} missing`];
    if (rows.reduce(checksumWith, 0) !== checksum) return [`${where}: not as they were written (checksum)`];
    return rows.every(isReadable) ? [] : [`${where}: one is not JSON`];
  }
}

const isReadable = (row: EventRow): boolean => {
  try {
    toStoredEvent(row);
    return true;
  } catch {
    return false;
  }
};

const prepareStatements = (events: Database.Database) => ({
  last: events.prepare<[], EventGroup>('SELECT first, last, checksum FROM event_groups ORDER BY first DESC LIMIT 1'),
  after: events.prepare<[number], EventGroup>(
    'SELECT first, last, checksum FROM event_groups WHERE first > ? ORDER BY first LIMIT 200',
  ),
  rows: events
    .prepare<[number, number], EventRow>(
      `SELECT ${eventColumns} FROM events e JOIN streams s ON s.id = e.stream
       WHERE e.position BETWEEN ? AND ? ORDER BY e.position`,
    )
    .raw(),
});
