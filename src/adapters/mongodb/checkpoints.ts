import type { Collection, Db, Filter } from 'mongodb';
import type { Checkpoint, Checkpoints } from '../../application/ports/checkpoints.js';
import type { FeedPosition } from '../../application/ports/event-feed.js';
import { ensureIndexes, type MongoIndex } from './indexes.js';
import { isDuplicate, unlessUnavailable } from './mongo-errors.js';

interface Stored {
  _id: string;
  follower: string;
  partition: number;
  log_id: string;
  position: string;
  epoch: number;
}

/** Read models may be dropped with their checkpoints, and are then built anew; what acts on the world outside must not begin again. */
export const checkpointCollections = { projections: 'projection_checkpoints', workers: 'worker_checkpoints' } as const;

export const checkpointIndexes: readonly MongoIndex[] = [{ name: 'of_follower', keys: { follower: 1 }, unique: false }];

/** Checkpoints, a document for each partition of a follower. */
export class MongoCheckpoints implements Checkpoints {
  private readonly checkpoints: Collection<Stored>;

  constructor(
    private readonly database: Db,
    private readonly name: (typeof checkpointCollections)[keyof typeof checkpointCollections],
  ) {
    this.checkpoints = database.collection(name);
  }

  prepare(): Promise<void> {
    return unlessUnavailable(() => ensureIndexes(this.database.collection(this.name), checkpointIndexes));
  }

  load(follower: string): Promise<ReadonlyMap<number, Checkpoint>> {
    return unlessUnavailable(async () => {
      const stored = await this.checkpoints.find({ follower }).toArray();
      return new Map(
        stored.map(({ partition, log_id, position, epoch }) => [
          partition,
          { logId: log_id, position: fromText(position), epoch },
        ]),
      );
    });
  }

  save(follower: string, partition: number, checkpoint: Checkpoint): Promise<'saved' | 'stale'> {
    const { logId, position, epoch } = checkpoint;
    const next = {
      _id: idOf(follower, partition),
      follower,
      partition,
      log_id: logId,
      position: toText(position),
      epoch,
    };
    return unlessUnavailable(async () => {
      const saved = (await this.replace(next)) || (await this.insert(next)) || (await this.replace(next));
      return saved ? 'saved' : 'stale';
    });
  }

  async forget(follower: string): Promise<void> {
    await unlessUnavailable(() => this.checkpoints.deleteMany({ follower }));
  }

  private async replace(next: Stored): Promise<boolean> {
    const { _id, ...fields } = next;
    const { matchedCount } = await this.checkpoints.updateOne(overtakenBy(next), { $set: fields });
    return matchedCount === 1;
  }

  private async insert(next: Stored): Promise<boolean> {
    try {
      await this.checkpoints.insertOne(next);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}

/** Of an epoch that is not later, and of another log (before or after ours in the alphabet) or not farther on. */
const overtakenBy = ({ _id, log_id, position, epoch }: Stored): Filter<Stored> => ({
  _id,
  epoch: { $lte: epoch },
  $or: [{ log_id: { $lt: log_id } }, { log_id: { $gt: log_id } }, { log_id, position: { $lte: position } }],
});

const idOf = (follower: string, partition: number): string => `${follower}/${partition}`;

/** `start` is before every position, and the empty text before every other. */
const toText = (position: FeedPosition): string => (position === 'start' ? '' : position);
const fromText = (text: string): FeedPosition => (text === '' ? 'start' : text);
