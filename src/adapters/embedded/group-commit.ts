import type Database from 'better-sqlite3';
import { StoreUnavailable } from '../../application/ports/event-log.js';
import { sqliteCode } from './sqlite-errors.js';

/** Told about each group, in the turn in which it is written. */
export interface GroupObserver {
  /** Inside the transaction, when all work of the group is done. */
  beforeCommit?(): void;
  /** The group is durable; its callers are answered next. */
  afterCommit?(): void;
  /** Nothing of the group stands: forget what was learnt while writing it. */
  afterRollback?(): void;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

type Outcome = { readonly value: unknown } | { readonly refused: Error };

/** A group holds up the event loop until it is durable, so the next one starts in a turn of its own. */
const groupMax = 512;
/** Turns of the event loop that a group waits at most. */
const gatherTurnsMax = 32;

/**
 * Work that arrives together is written in one transaction and answered only after its commit (design D7): one fsync for
 * all of it. Runs synchronously, so nobody on this connection ever sees an open transaction.
 *
 * A piece of work must look before it writes: when it throws, it alone is refused and nothing of it may have been written.
 * An error of SQLite itself takes the whole group down, with StoreUnavailable.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private scheduled = false;
  private closed = false;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;

  constructor(
    private readonly database: Database.Database,
    private readonly observer: GroupObserver = {},
  ) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
  }

  /** @throws StoreUnavailable when the group could not be committed */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const { name, readonly } = this.database;
      if (this.closed) return reject(new StoreUnavailable(`${name} is closed`));
      if (readonly) return reject(new StoreUnavailable(`${name} is open for reading only`));
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.schedule();
    });
  }

  /** Writes what is waiting; everything later is refused. */
  close(): void {
    this.closed = true;
    while (this.waiting.length > 0) this.flush();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.gather(this.waiting.length, gatherTurnsMax);
  }

  /**
   * After the poll phase: whatever the network brought in this turn of the event loop is in the same group. As long as turns bring
   * more, one more is worth waiting for: it is far shorter than a disk's answer.
   */
  private gather(before: number, turns: number): void {
    setImmediate(() => {
      const { length } = this.waiting;
      if (length > before && length < groupMax && turns > 1) return this.gather(length, turns - 1);
      this.scheduled = false;
      this.flush();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private flush(): void {
    const group = this.waiting.splice(0, groupMax);
    if (group.length === 0) return;
    let outcomes: readonly Outcome[];
    try {
      outcomes = this.write(group);
    } catch (error) {
      this.undo();
      const unavailable = new StoreUnavailable(`${this.database.name} could not be written`, error);
      for (const { reject } of group) reject(unavailable);
      return;
    }
    this.observer.afterCommit?.();
    group.forEach((waiting, n) => answer(waiting, outcomes[n]));
  }

  private write(group: readonly Waiting[]): readonly Outcome[] {
    this.begin.run();
    const outcomes = group.map(({ work }) => attempt(work));
    this.observer.beforeCommit?.();
    this.commit.run();
    return outcomes;
  }

  private undo(): void {
    // SQLite has already rolled back by itself after some errors (a full disk, for one).
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
    this.observer.afterRollback?.();
  }
}

const attempt = (work: () => unknown): Outcome => {
  try {
    return { value: work() };
  } catch (error) {
    if (sqliteCode(error) !== undefined || !(error instanceof Error)) throw error;
    return { refused: error };
  }
};

const answer = ({ resolve, reject }: Waiting, outcome: Outcome | undefined): void => {
  if (outcome === undefined) reject(new StoreUnavailable('no outcome'));
  else if ('refused' in outcome) reject(outcome.refused);
  else resolve(outcome.value);
};
