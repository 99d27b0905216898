import type { Collection, Db } from 'mongodb';
import type { WrappedKey, WrappedKeys } from '../../application/ports/wrapped-keys.js';
import { isDuplicate, unlessUnavailable } from './mongo-errors.js';

interface Stored {
  _id: string;
  /** null: destroyed. */
  wrapped: WrappedKey | null;
}

/** The key ring, a document for each owner. */
export class MongoWrappedKeys implements WrappedKeys {
  private readonly keys: Collection<Stored>;

  /** @param isReplicated whether there is a majority to ask (a lone server answers with what it has) */
  constructor(database: Db, isReplicated: boolean) {
    // What is sealed with a key that the majority does not have yet could not be opened after a failover.
    this.keys = database.collection('wrapped_keys', isReplicated ? { readConcern: { level: 'majority' } } : {});
  }

  /** Never had a key, not even one that was destroyed. */
  isEmpty(): Promise<boolean> {
    return unlessUnavailable(async () => (await this.keys.findOne({}, { projection: { _id: 1 } })) === null);
  }

  load(id: string): Promise<WrappedKey | 'destroyed' | undefined> {
    return unlessUnavailable(async () => {
      const stored = await this.keys.findOne({ _id: id });
      return stored === null ? undefined : stateOf(stored);
    });
  }

  /** Writing, though it may change nothing, waits until the majority has what it answers. */
  addIfAbsent(id: string, wrapped: WrappedKey): Promise<WrappedKey | 'destroyed'> {
    return unlessUnavailable(() =>
      onceMore(async () => {
        const added = { $setOnInsert: { wrapped } };
        const stored = await this.keys.findOneAndUpdate({ _id: id }, added, { upsert: true, returnDocument: 'after' });
        return stored === null ? wrapped : stateOf(stored);
      }),
    );
  }

  idsBetween(from: string, before: string, limit: number): Promise<readonly string[]> {
    return unlessUnavailable(async () => {
      const living = this.keys.find({ _id: { $gte: from, $lt: before }, wrapped: { $gt: '' } });
      return (await living.sort({ _id: 1 }).limit(limit).toArray()).map(({ _id }) => _id);
    });
  }

  async destroy(id: string): Promise<void> {
    await unlessUnavailable(() =>
      onceMore(() => this.keys.updateOne({ _id: id }, { $set: { wrapped: null } }, { upsert: true })),
    );
  }
}

const stateOf = ({ wrapped }: Stored): WrappedKey | 'destroyed' => wrapped ?? 'destroyed';

/** Of two who insert at once one is refused; the second time it finds what the other inserted. */
const onceMore = async <T>(upsert: () => Promise<T>): Promise<T> => {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return upsert();
  }
};
