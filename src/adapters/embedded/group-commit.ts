import type Database from 'better-sqlite3';
import { StoreUnavailable } from '../../application/ports/event-log.js';
import { sqliteCode } from './sqlite-errors.js';
import type { DiskSync } from './wal-sync.js';

/** Told about each group. */
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

/** A group that is committed and waits for the disk. */
interface Committed {
  readonly group: readonly Waiting[];
  readonly outcomes: readonly Outcome[];
}

/** A group holds up the event loop while it is written, so the next one starts in a turn of its own. */
const groupMax = 512;
/** Turns of the event loop that a group waits at most. */
const gatherTurnsMax = 32;

/**
 * Work that arrives together is written in one transaction and answered only after its commit is durable (design D7): one wait
 * for the disk for all of it. Runs synchronously, so nobody on this connection ever sees an open transaction. With a `DiskSync`
 * the wait itself holds nobody up; the next group is begun when it is over, so that none is built on what a power cut may take.
 *
 * A piece of work must look before it writes: when it throws, it alone is refused and nothing of it may have been written.
 * An error of SQLite itself takes the whole group down, with StoreUnavailable.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private scheduled = false;
  /** Why nothing is taken any more. */
  private closed: string | undefined;
  private syncing: Committed | undefined;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;

  constructor(
    private readonly database: Database.Database,
    private readonly observer: GroupObserver = {},
    private readonly disk?: DiskSync,
  ) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
  }

  /** @throws StoreUnavailable when the group could not be committed */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const { name, readonly } = this.database;
      if (this.closed !== undefined) return reject(new StoreUnavailable(`${name} ${this.closed}`));
      if (readonly) return reject(new StoreUnavailable(`${name} is open for reading only`));
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.schedule();
    });
  }

  /** Writes what is waiting; everything later is refused. */
  close(): void {
    this.closed ??= 'is closed';
    this.syncNow();
    while (this.waiting.length > 0) {
      this.flush();
      this.syncNow();
    }
  }

  private schedule(): void {
    if (this.scheduled || this.syncing !== undefined) return;
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
      if (this.syncing !== undefined) return;
      this.flush();
      void this.sync();
    });
  }

  private flush(): void {
    const group = this.waiting.splice(0, groupMax);
    if (group.length === 0) return;
    try {
      this.syncing = { group, outcomes: this.write(group) };
    } catch (error) {
      this.undo();
      this.refuse(group, error);
    }
  }

  private async sync(): Promise<void> {
    const { syncing } = this;
    if (syncing !== undefined && this.disk !== undefined) {
      const failure = await this.disk.sync().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      // Closed meanwhile, which has waited for the disk itself.
      if (this.syncing !== syncing) return;
      if (failure) return this.breakOff(syncing, failure.error);
    }
    this.settle();
  }

  private syncNow(): void {
    const { syncing } = this;
    if (syncing === undefined) return;
    try {
      this.disk?.syncNow();
      this.settle();
    } catch (error) {
      this.breakOff(syncing, error);
    }
  }

  /** What was committed last is durable: its callers are answered, and the next group begins. */
  private settle(): void {
    const { syncing } = this;
    this.syncing = undefined;
    if (syncing !== undefined) {
      this.observer.afterCommit?.();
      syncing.group.forEach((waiting, n) => answer(waiting, syncing.outcomes[n]));
    }
    if (this.waiting.length > 0 && this.closed === undefined) this.schedule();
  }

  /** Whether the group stands is not known, and after a failed sync the system may call lost pages clean: only a restart tells. */
  private breakOff({ group }: Committed, error: unknown): void {
    this.syncing = undefined;
    this.closed = 'could not be synced; restart the service';
    this.refuse([...group, ...this.waiting.splice(0)], error);
  }

  private refuse(group: readonly Waiting[], error: unknown): void {
    const unavailable = new StoreUnavailable(`${this.database.name} could not be written`, error);
    for (const { reject } of group) reject(unavailable);
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
