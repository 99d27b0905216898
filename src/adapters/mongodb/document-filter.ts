import type { Condition, DocumentQuery, Scalar, ShapeDeclaration } from '../../application/ports/documents.js';
import { storedPath } from './stored-values.js';

/** A filter as the driver takes it, made of equality, `$gt(e)`, `$lt(e)`, `$in` and `$or` only. */
export type MongoFilter = { readonly [path: string]: MongoCondition | readonly MongoFilter[] };
type MongoCondition = Scalar | { readonly [operator: string]: Scalar | readonly Scalar[] };

type Order = ShapeDeclaration['sort'][number]['order'];

/** What a page of a query holds. Of each field there is one condition at most (declaredQuery sees to it). */
export const filterOf = ({ sort }: ShapeDeclaration, { where, after }: DocumentQuery): MongoFilter => ({
  ...Object.fromEntries(where.filter(narrows).map((one) => [storedPath(one.field), conditionOf(one)])),
  ...(after && { $or: pageAfter(sort, after) }),
});

const narrows = (one: Condition): boolean => 'is' in one || one.from !== undefined || one.to !== undefined;

const conditionOf = (one: Condition): MongoCondition =>
  'is' in one
    ? one.is
    : { ...(one.from !== undefined && { $gte: one.from }), ...(one.to !== undefined && { $lte: one.to }) };

/** What sorts after the last document of the page before: equal in the first fields, beyond it in the next. */
const pageAfter = (sort: ShapeDeclaration['sort'], after: readonly Scalar[]): readonly MongoFilter[] =>
  sort.flatMap(({ field, order }, n) => {
    const tied = Object.fromEntries(sort.slice(0, n).map((before, m) => [storedPath(before.field), after[m] ?? null]));
    return beyond(field, order, after[n] ?? null).map((condition) => ({ ...tied, [storedPath(field)]: condition }));
  });

/** Kinds of values in MongoDB's order, each with what finds all of it; null finds what is missing as well. */
const kinds = [
  { isOf: (value: Scalar) => value === null, all: null },
  { isOf: (value: Scalar) => typeof value === 'number', all: { $gte: -Infinity } },
  { isOf: (value: Scalar) => typeof value === 'string', all: { $gte: '' } },
  { isOf: (value: Scalar) => typeof value === 'boolean', all: { $in: [false, true] } },
] as const;

/** Sorting goes through all kinds, while a comparison finds only values of its own: the kinds beyond are asked for one by one. */
const beyond = (field: string, order: Order, value: Scalar): readonly MongoCondition[] => {
  const kind = kinds.findIndex(({ isOf }) => isOf(value));
  const ofSameKind = value === null ? [] : [{ [order === 'asc' ? '$gt' : '$lt']: value }];
  if (field === '_id') return ofSameKind;
  const further = order === 'asc' ? kinds.slice(kind + 1) : kinds.slice(0, kind);
  return [...ofSameKind, ...further.map(({ all }) => all)];
};
