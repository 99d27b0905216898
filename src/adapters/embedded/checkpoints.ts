import type Database from 'better-sqlite3';
import type { Checkpoint, Checkpoints } from '../../application/ports/checkpoints.js';
import type { FeedPosition } from '../../application/ports/event-feed.js';
import type { GroupCommit } from './group-commit.js';
import { readFrom } from './reading.js';

interface Row {
  readonly partition: number;
  readonly logId: string;
  readonly position: string;
  readonly epoch: number;
}

/** Checkpoints beside what they are about: of projections in `documents.db`, of workers in `state.db`. */
export class EmbeddedCheckpoints implements Checkpoints {
  private readonly statements: ReturnType<typeof prepareStatements>;

  constructor(
    private readonly database: Database.Database,
    private readonly group: GroupCommit,
  ) {
    this.statements = prepareStatements(database);
  }

  load(follower: string): Promise<ReadonlyMap<number, Checkpoint>> {
    return readFrom(this.database, () => {
      const rows = this.statements.load.all(follower);
      return new Map(
        rows.map(({ partition, position, ...row }) => [partition, { ...row, position: fromText(position) }]),
      );
    });
  }

  save(follower: string, partition: number, { logId, position, epoch }: Checkpoint): Promise<'saved' | 'stale'> {
    return this.group.run(() => {
      const { changes } = this.statements.save.run(follower, partition, logId, toText(position), epoch);
      return changes === 1 ? 'saved' : 'stale';
    });
  }

  async forget(follower: string): Promise<void> {
    await this.group.run(() => this.statements.forget.run(follower));
  }
}

/** `start` is before every position, and the empty text before every other. */
const toText = (position: FeedPosition): string => (position === 'start' ? '' : position);
const fromText = (text: string): FeedPosition => (text === '' ? 'start' : text);

const prepareStatements = (database: Database.Database) => ({
  load: database.prepare<[string], Row>(
    'SELECT partition, log_id AS logId, position, epoch FROM checkpoints WHERE follower = ?',
  ),
  save: database.prepare<[string, number, string, string, number]>(
    `INSERT INTO checkpoints (follower, partition, log_id, position, epoch) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET log_id = excluded.log_id, position = excluded.position, epoch = excluded.epoch
     WHERE epoch <= excluded.epoch AND (log_id <> excluded.log_id OR position <= excluded.position)`,
  ),
  forget: database.prepare<[string]>('DELETE FROM checkpoints WHERE follower = ?'),
});
