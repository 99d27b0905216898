import type { Collection, Db } from 'mongodb';
import type { Lease, Leases } from '../../application/ports/leases.js';
import { isDuplicate, unlessUnavailable } from './mongo-errors.js';

interface Stored {
  _id: string;
  holder: string;
  epoch: number;
  beat: number;
}

/** Leases, a document each; every change names what it changes, so of many at once one finds it. */
export class MongoLeases implements Leases {
  private readonly leases: Collection<Stored>;

  constructor(database: Db) {
    this.leases = database.collection('leases');
  }

  read(names: readonly string[]): Promise<ReadonlyMap<string, Lease>> {
    return unlessUnavailable(async () => {
      const found = await this.leases.find({ _id: { $in: [...names] } }, { batchSize: names.length + 1 }).toArray();
      return new Map(found.map(({ _id, holder, epoch, beat }) => [_id, { holder, epoch, beat }]));
    });
  }

  take(name: string, holder: string, seen: Lease | undefined, above = 0): Promise<Lease | undefined> {
    const epoch = Math.max(seen?.epoch ?? 0, above) + 1;
    return unlessUnavailable(() =>
      seen === undefined ? this.begin(name, { holder, epoch, beat: 1 }) : this.takeOver(name, { holder, epoch }, seen),
    );
  }

  beat(name: string, holder: string, epoch: number): Promise<Lease | undefined> {
    return unlessUnavailable(async () =>
      toLease(
        await this.leases.findOneAndUpdate(
          { _id: name, holder, epoch },
          { $inc: { beat: 1 } },
          { returnDocument: 'after' },
        ),
      ),
    );
  }

  async release(name: string, holder: string, epoch: number): Promise<void> {
    await unlessUnavailable(() => this.leases.updateOne({ _id: name, holder, epoch }, { $set: { holder: '' } }));
  }

  private async begin(name: string, lease: Lease): Promise<Lease | undefined> {
    try {
      await this.leases.insertOne({ _id: name, ...lease });
      return lease;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  private async takeOver(name: string, next: Pick<Lease, 'holder' | 'epoch'>, seen: Lease): Promise<Lease | undefined> {
    const asSeen = { _id: name, holder: seen.holder, epoch: seen.epoch, beat: seen.beat };
    const taken = { $set: next, $inc: { beat: 1 } };
    return toLease(await this.leases.findOneAndUpdate(asSeen, taken, { returnDocument: 'after' }));
  }
}

const toLease = (stored: Stored | null): Lease | undefined =>
  stored === null ? undefined : { holder: stored.holder, epoch: stored.epoch, beat: stored.beat };
