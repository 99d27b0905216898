import { MongoServerError, type Collection } from 'mongodb';
import { indexedFields } from '../../application/documents/indexed-fields.js';
import { StoreRefused } from '../../application/ports/event-log.js';
import type { CollectionDeclaration } from '../../application/ports/documents.js';
import { storedPath } from './stored-values.js';

/** An index as MongoDB has it. `keys`: fields in order, 1 ascending, -1 descending. */
export interface MongoIndex {
  readonly name: string;
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly unique: boolean;
}

export const indexesOf = (collection: CollectionDeclaration): readonly MongoIndex[] =>
  collection.indexes.map((index) => ({
    name: index.name,
    keys: Object.fromEntries(
      indexedFields(collection, index).map(({ field, order }) => [storedPath(field), order === 'asc' ? 1 : -1]),
    ),
    unique: index.unique ?? false,
  }));

/** Another index is in the way; it is not ours to drop on a collection that may be large and in use. */
export class IndexConflict extends StoreRefused {
  override readonly name = 'IndexConflict';
  constructor(collection: string, index: string, why: string) {
    super(
      `${collection}.${index} cannot be made: ${why}. See db.${collection}.getIndexes(), drop the old one, start again`,
    );
  }
}

/** Makes those that are not there yet. @throws IndexConflict */
export const ensureIndexes = async (collection: Collection, wanted: readonly MongoIndex[]): Promise<void> => {
  const present = new Map((await presentIn(collection)).map((index) => [index.name, index]));
  for (const index of wanted) {
    const same = present.get(index.name);
    if (same === undefined) await make(collection, index);
    else if (JSON.stringify(same) !== JSON.stringify(index))
      throw new IndexConflict(collection.collectionName, index.name, 'one of this name has other fields');
  }
};

const namespaceNotFound = 26;
const indexOptionsConflict = 85;

const presentIn = async (collection: Collection): Promise<readonly MongoIndex[]> => {
  try {
    const indexes = await collection.indexes();
    return indexes.map(({ name = '', key, unique = false }) => ({ name, keys: key as MongoIndex['keys'], unique }));
  } catch (error) {
    if (hasCode(error, namespaceNotFound)) return [];
    throw error;
  }
};

const make = async (collection: Collection, { name, keys, unique }: MongoIndex): Promise<void> => {
  try {
    await collection.createIndex({ ...keys }, { name, ...(unique && { unique }) });
  } catch (error) {
    if (!hasCode(error, indexOptionsConflict)) throw error;
    throw new IndexConflict(collection.collectionName, name, 'another one has the same fields');
  }
};

const hasCode = (error: unknown, code: number): boolean => error instanceof MongoServerError && error.code === code;
