import type { CollectionDeclaration, IndexDeclaration } from '../ports/documents.js';

/**
 * The fields of an index as a store has to make it. Sorting ends with the id, so an index that shall serve it does too: the id
 * follows by itself where a declaration leaves it out. Not in a unique index, which it would make worthless, nor beside the
 * elements of an array: few documents share one, and they are sorted when found.
 */
export const indexedFields = (
  { shapes }: CollectionDeclaration,
  { name, fields, unique, eachElement }: IndexDeclaration,
): IndexDeclaration['fields'] => {
  if (unique || eachElement || fields.some(({ field }) => field === '_id')) return fields;
  const served = Object.values(shapes).find(({ index }) => index === name);
  return [...fields, { field: '_id', order: served?.sort.at(-1)?.order ?? 'asc' }];
};
