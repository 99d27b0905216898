import type { Json, JsonObject } from '../../domain/json.js';
import type { CollectionDeclaration, FieldPath } from '../ports/documents.js';

/** What a store has to know of each document beside its id: the fields that an index or a shape names, always in the same order. */
export const declaredFields = ({ indexes, shapes }: CollectionDeclaration): readonly FieldPath[] => {
  const fields = new Set([
    ...indexes.flatMap((index) => index.fields.map(({ field }) => field)),
    ...Object.values(shapes).flatMap(({ equals, optional, sort }) => [
      ...equals,
      ...optional,
      ...sort.map(({ field }) => field),
    ]),
  ]);
  fields.delete('_id');
  return [...fields].sort();
};

/** Finds what a path such as `customer.city` leads to; undefined where it leads nowhere. */
export const fieldReader = (path: FieldPath): ((document: JsonObject) => Json | undefined) => {
  const steps = path.split('.');
  if (steps.length === 1) return (document) => document[path];
  return (document) =>
    steps.reduce<Json | undefined>((value, step) => (isObject(value) ? value[step] : undefined), document);
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
