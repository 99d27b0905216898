import { checkpointCollections, checkpointIndexes } from '../../../src/adapters/mongodb/checkpoints.js';
import { indexesOf, type MongoIndex } from '../../../src/adapters/mongodb/indexes.js';
import { declaredCollections } from '../../../src/application/documents/declared-collections.js';
import type { CollectionDeclaration, ShapeDeclaration } from '../../../src/application/ports/documents.js';

/** One way in which a collection is asked, with the index that serves it. */
export interface ServedShape {
  readonly collection: CollectionDeclaration;
  readonly name: string;
  readonly shape: ShapeDeclaration;
  readonly index: MongoIndex;
  /** false: what is found is sorted in memory. */
  readonly isSortedByIndex: boolean;
}

/** Behind the fields with one value each, the index must have the sort fields as they are asked for, or all the other way round. */
const sortsBy = ({ keys }: MongoIndex, { equals, sort }: ShapeDeclaration): boolean => {
  const rest = Object.entries(keys).slice(equals.length);
  const wanted = sort.map(({ field, order }) => [field, order === 'asc' ? 1 : -1] as const);
  const matches = (sign: 1 | -1) =>
    rest.length === wanted.length &&
    wanted.every(([field, order], n) => rest[n]?.[0] === field && rest[n]?.[1] === order * sign);
  return matches(1) || matches(-1);
};

export const servedShapes: readonly ServedShape[] = declaredCollections.flatMap((collection) =>
  Object.entries(collection.shapes).map(([name, shape]) => {
    const index = indexesOf(collection).find((one) => one.name === shape.index);
    if (index === undefined) throw new Error(`${collection.name}.${name} names no index of its collection`);
    return { collection, name, shape, index, isSortedByIndex: sortsBy(index, shape) };
  }),
);

/** Every index beside that of `_id`, the adapter's own included. */
export const madeIndexes: readonly (MongoIndex & { readonly collection: string })[] = [
  ...declaredCollections.flatMap((collection) =>
    indexesOf(collection).map((index) => ({ ...index, collection: collection.name })),
  ),
  ...Object.values(checkpointCollections).flatMap((collection) =>
    checkpointIndexes.map((index) => ({ ...index, collection })),
  ),
];
