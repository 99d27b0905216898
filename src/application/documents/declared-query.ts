import { UndeclaredQuery } from '../ports/documents.js';
import type {
  CollectionDeclaration,
  Condition,
  DocumentQuery,
  FieldPath,
  IndexDeclaration,
  ShapeDeclaration,
} from '../ports/documents.js';

/** A query together with the declarations that serve it. */
export interface DeclaredQuery {
  readonly shape: ShapeDeclaration;
  readonly index: IndexDeclaration;
}

/**
 * Holds a query against what is declared beside its collection; the same for every adapter, so that a query which one store
 * happens to answer does not surprise on another.
 * @throws UndeclaredQuery
 */
export const declaredQuery = (collection: CollectionDeclaration, query: DocumentQuery): DeclaredQuery => {
  const refuse = (why: string): never => {
    throw new UndeclaredQuery(collection.name, why);
  };
  const shape = collection.shapes[query.shape] ?? refuse(`no shape ${query.shape}`);
  const index = collection.indexes.find(({ name }) => name === shape.index) ?? refuse(`no index ${shape.index}`);
  const problem =
    problemOfShape(shape) ??
    problemOfConditions(shape, query.where) ??
    problemOfArrays(arrayFields(collection), query.where) ??
    problemOfPage(shape, query);
  return problem === undefined ? { shape, index } : refuse(problem);
};

/** Fields that hold arrays of strings. */
export const arrayFields = (collection: CollectionDeclaration): readonly FieldPath[] =>
  collection.indexes.filter(({ eachElement }) => eachElement).flatMap(({ fields }) => fields.map(({ field }) => field));

const problemOfShape = ({ sort }: ShapeDeclaration): string | undefined =>
  sort.at(-1)?.field === '_id' ? undefined : 'its sort does not end with _id';

const problemOfConditions = (shape: ShapeDeclaration, where: readonly Condition[]): string | undefined => {
  const missing = shape.equals.find((field) => where.filter((one) => one.field === field && 'is' in one).length !== 1);
  if (missing !== undefined) return `it needs exactly one value for ${missing}`;
  const foreign = where.find(
    (one) => !shape.optional.includes(one.field) && !(shape.equals.includes(one.field) && 'is' in one),
  );
  if (foreign !== undefined) return `${foreign.field} is no field of the shape, or asked for in another way`;
  const repeated = where.find((one, n) => where.findIndex(({ field }) => field === one.field) < n);
  return repeated && `${repeated.field} is asked for twice; a range has both its ends`;
};

const problemOfArrays = (arrays: readonly FieldPath[], where: readonly Condition[]): string | undefined => {
  const other = where.find((one) => arrays.includes(one.field) && !('is' in one && typeof one.is === 'string'));
  return other && `${other.field} holds arrays of text and is asked for by one text`;
};

const problemOfPage = ({ sort }: ShapeDeclaration, { limit, after }: DocumentQuery): string | undefined => {
  if (!Number.isSafeInteger(limit) || limit < 1) return `${limit} is no page size`;
  if (after !== undefined && after.length !== sort.length)
    return `a page begins after ${sort.length} values, one for each sort field`;
  return undefined;
};
