import { MongoServerError, type Collection } from 'mongodb';
import { indexedFields } from '../../application/documents/indexed-fields.js';
import type { CollectionDeclaration, IndexDeclaration } from '../../application/ports/documents.js';
import { storedPath } from './stored-values.js';

/** Fields in order: 1 is ascending, -1 descending. */
export type IndexKeys = Readonly<Record<string, 1 | -1>>;

export const indexKeys = (collection: CollectionDeclaration, index: IndexDeclaration): IndexKeys =>
  Object.fromEntries(
    indexedFields(collection, index).map(({ field, order }) => [storedPath(field), order === 'asc' ? 1 : -1]),
  );

/** An index of this name has other fields; it is not ours to drop on a collection that may be large and in use. */
export class IndexConflict extends Error {
  override readonly name = 'IndexConflict';
  constructor(collection: string, index: string, cause: Error) {
    super(
      `MongoDB has another index in the way of ${collection}.${index} (${cause.message}). ` +
        `Look at db.${collection}.getIndexes(), drop the old one, and start again`,
      { cause },
    );
  }
}

const indexOptionsConflict = 85;
const indexKeySpecsConflict = 86;

/** Makes the declared indexes that are not there yet. @throws IndexConflict */
export const ensureIndexes = async (stored: Collection, declaration: CollectionDeclaration): Promise<void> => {
  for (const index of declaration.indexes) await ensureIndex(stored, index, indexKeys(declaration, index));
};

export const ensureIndex = async (
  stored: Collection,
  { name, unique }: Pick<IndexDeclaration, 'name' | 'unique'>,
  keys: IndexKeys,
): Promise<void> => {
  try {
    await stored.createIndex({ ...keys }, { name, ...(unique && { unique }) });
  } catch (error) {
    const conflicts = error instanceof MongoServerError && [indexOptionsConflict, indexKeySpecsConflict];
    if (conflicts && conflicts.some((code) => error.code === code))
      throw new IndexConflict(stored.collectionName, name, error);
    throw error;
  }
};
