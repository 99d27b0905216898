import { ReadPreference, type AnyBulkWriteOperation, type Collection, type Db } from 'mongodb';
import { declaredQuery } from '../../application/documents/declared-query.js';
import { unpacked } from '../../application/packing/packed-document.js';
import { DocumentRefused, DuplicateKey } from '../../application/ports/documents.js';
import type {
  CollectionDeclaration,
  DocumentQuery,
  Documents,
  PackedDocument,
  StoredDocument,
} from '../../application/ports/documents.js';
import type { JsonObject } from '../../domain/json.js';
import { filterOf } from './document-filter.js';
import { ensureIndexes, indexesOf } from './indexes.js';
import { duplicatesIn, isDuplicate, refusalIn, unlessUnavailable } from './mongo-errors.js';
import { fromStoredObject, storedPath, toStoredDocument } from './stored-values.js';

/** A document with its fields beside the id and the revision of the last event in it: what a MongoDB shell shows. */
interface Stored extends Fields {
  _id: string;
}

interface Fields {
  revision: number;
  [field: string]: unknown;
}

/** A copy may answer what may lag (R12.4), though not one that has lost touch; 90 s is the least that MongoDB can tell. */
const lagging = new ReadPreference('secondaryPreferred', undefined, { maxStalenessSeconds: 90 });

/** A stale write is told from a taken unique value by looking; who was merely overtaken while inserting succeeds the second time. */
const writesMax = 3;

/** Each write waits for a majority, so they are few. */
const loadedAtOnce = 1_000;
const clearedAtOnce = 1_000;

/** Documents in MongoDB, a collection each, with their indexes made before the first use. */
export class MongoDocuments implements Documents {
  private readonly ready = new Map<CollectionDeclaration, Promise<Collection<Stored>>>();

  /** @param answerWithinMs after which a connection that does not answer is given up */
  constructor(
    private readonly database: Db,
    private readonly answerWithinMs: number,
  ) {}

  /** Makes the indexes of collections that will be used, so that nobody waits for them later. @throws IndexConflict */
  async prepare(collections: readonly CollectionDeclaration[]): Promise<void> {
    await unlessUnavailable(() => Promise.all(collections.map((collection) => this.open(collection))));
  }

  get(collection: CollectionDeclaration, id: string, atLeast?: number): Promise<StoredDocument | undefined> {
    return unlessUnavailable(async () => {
      const stored = await this.open(collection);
      if (atLeast !== undefined) {
        const copy = await stored.findOne({ _id: id }, { readPreference: lagging });
        if (copy !== null && copy.revision >= atLeast) return toDocument(copy);
      }
      const newest = await stored.findOne({ _id: id });
      return newest === null ? undefined : toDocument(newest);
    });
  }

  getMany(collection: CollectionDeclaration, ids: readonly string[]): Promise<readonly StoredDocument[]> {
    return unlessUnavailable(async () => {
      if (ids.length === 0) return [];
      const stored = await this.open(collection);
      const found = stored.find({ _id: { $in: [...ids] } }, { batchSize: ids.length + 1 });
      return found.map(toDocument).toArray();
    });
  }

  find<Shapes extends string>(
    collection: CollectionDeclaration<Shapes>,
    query: DocumentQuery<Shapes>,
  ): Promise<readonly StoredDocument[]> {
    return unlessUnavailable(async () => {
      const { shape } = declaredQuery(collection, query);
      const stored = await this.open(collection);
      const found = stored.find(filterOf(shape, query), {
        sort: shape.sort.map(({ field, order }) => [storedPath(field), order] as [string, 'asc' | 'desc']),
        limit: query.limit,
        batchSize: query.limit + 1,
        // Narrowed by what no index serves, a query may go through a whole collection: the server stops too when nobody waits any more.
        maxTimeMS: Math.ceil(this.answerWithinMs * 0.9),
        ...(query.mayLag && { readPreference: lagging }),
      });
      return found.map(toDocument).toArray();
    });
  }

  write(collection: CollectionDeclaration, batch: readonly StoredDocument[]): Promise<void> {
    return unlessUnavailable(async () => {
      const stored = await this.open(collection);
      let left = batch;
      for (let n = 0; n < writesMax && left.length > 0; n += 1)
        left = await newerThanStored(stored, await refusedOf(stored, left));
      if (left[0] !== undefined) throw new DuplicateKey(collection.name, left[0].id);
    });
  }

  insertIfAbsent(collection: CollectionDeclaration, document: StoredDocument): Promise<boolean> {
    return unlessUnavailable(async () => {
      const stored = await this.open(collection);
      try {
        await stored.insertOne({ _id: document.id, ...fieldsOf(document) });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      const before = await stored.findOne({ _id: document.id }, { projection: { _id: 1 } });
      if (before === null) throw new DuplicateKey(collection.name, document.id);
      return false;
    });
  }

  replace(collection: CollectionDeclaration, document: StoredDocument, seen: number): Promise<boolean> {
    return unlessUnavailable(async () => {
      const stored = await this.open(collection);
      try {
        const { matchedCount } = await stored.replaceOne({ _id: document.id, revision: seen }, fieldsOf(document));
        return matchedCount === 1;
      } catch (error) {
        if (isDuplicate(error)) throw new DuplicateKey(collection.name, document.id);
        throw error;
      }
    });
  }

  /** In steps, each of which is answered in time however many there are. */
  async clear(collection: CollectionDeclaration): Promise<void> {
    while (await unlessUnavailable(async () => clearSome(await this.open(collection))));
  }

  /** As `write` does it: MongoDB keeps its indexes up in any case. */
  async replaceAll(
    collection: CollectionDeclaration,
    batches: AsyncIterable<readonly PackedDocument[]>,
  ): Promise<void> {
    await this.clear(collection);
    let waiting: readonly StoredDocument[] = [];
    for await (const batch of batches) {
      waiting = [...waiting, ...batch.map(unpacked)];
      if (waiting.length < loadedAtOnce) continue;
      await this.write(collection, waiting);
      waiting = [];
    }
    await this.write(collection, waiting);
  }

  private open(collection: CollectionDeclaration): Promise<Collection<Stored>> {
    const known = this.ready.get(collection);
    if (known !== undefined) return known;
    const opening = this.withIndexes(collection);
    this.ready.set(collection, opening);
    opening.catch(() => this.ready.delete(collection));
    return opening;
  }

  private async withIndexes(collection: CollectionDeclaration): Promise<Collection<Stored>> {
    await ensureIndexes(this.database.collection(collection.name), indexesOf(collection));
    return this.database.collection<Stored>(collection.name);
  }
}

const fieldsOf = ({ revision, document }: StoredDocument): Fields => ({
  ...toStoredDocument(document),
  revision,
});

const toDocument = ({ _id, revision, ...fields }: Stored): StoredDocument => ({
  id: _id,
  revision,
  document: fromStoredObject(fields as JsonObject),
});

/** Replaces what is older and inserts what is missing. What is as new finds no older one, tries to insert, and is refused for its id. */
const guarded = (one: StoredDocument): AnyBulkWriteOperation<Stored> => ({
  replaceOne: { filter: { _id: one.id, revision: { $lt: one.revision } }, replacement: fieldsOf(one), upsert: true },
});

const refusedOf = async (
  stored: Collection<Stored>,
  batch: readonly StoredDocument[],
): Promise<readonly StoredDocument[]> => {
  try {
    await stored.bulkWrite(batch.map(guarded), { ordered: false });
    return [];
  } catch (error) {
    const why = refusalIn(error);
    if (why !== undefined) throw new DocumentRefused(stored.collectionName, why, error);
    const refused = duplicatesIn(error);
    if (refused === undefined) throw error;
    return refused.flatMap((index) => batch[index] ?? []);
  }
};

/** false: nothing is left. */
const clearSome = async (stored: Collection<Stored>): Promise<boolean> => {
  const first = stored.find({}, { projection: { _id: 1 }, sort: { _id: 1 }, limit: clearedAtOnce });
  const last = (await first.toArray()).at(-1);
  if (last === undefined) return false;
  await stored.deleteMany({ _id: { $lte: last._id } });
  return true;
};

const newerThanStored = async (
  stored: Collection<Stored>,
  refused: readonly StoredDocument[],
): Promise<readonly StoredDocument[]> => {
  if (refused.length === 0) return [];
  const ids = refused.map(({ id }) => id);
  const found = await stored.find({ _id: { $in: ids } }, { projection: { revision: 1 } }).toArray();
  const revisions = new Map(found.map(({ _id, revision }) => [_id, revision]));
  return refused.filter(({ id, revision }) => revision > (revisions.get(id) ?? -1));
};
