import { declaredQuery } from '../../application/documents/declared-query.js';
import type {
  CollectionDeclaration,
  Condition,
  DocumentQuery,
  Scalar,
  ShapeDeclaration,
} from '../../application/ports/documents.js';
import type { CollectionSchema } from './document-schema.js';
import { indexName, quoted } from './document-schema.js';
import { columnValue, nothing, textBegins, textEnds } from './document-values.js';
import type { ColumnValue } from './document-values.js';

/** SQL with a question mark for each of `values`, in order. */
export interface Sql {
  readonly sql: string;
  readonly values: readonly ColumnValue[];
}

/** @throws UndeclaredQuery */
export const toSql = (collection: CollectionDeclaration, schema: CollectionSchema, query: DocumentQuery): Sql => {
  const { shape, index } = declaredQuery(collection, query);
  // The declared index is used, whatever the planner thinks of the others.
  const from = index.eachElement
    ? sourceByElement(schema, index.fields[0]?.field, query.where)
    : literal(`${schema.table} c INDEXED BY ${indexName(collection.name, index.name)}`);
  const conditions = [
    ...query.where.map((one) => condition(schema, one)),
    ...(query.after ? [pageAfter(shape.sort, query.after)] : []),
  ];
  const where = conditions.length === 0 ? literal('TRUE') : joined(conditions, ' AND ');
  const order = shape.sort.map(({ field, order: direction }) => `c.${quoted(field)} ${direction}`).join(', ');
  return {
    sql: `SELECT c._id, c._revision, c._document FROM ${from.sql} WHERE ${where.sql} ORDER BY ${order} LIMIT ?`,
    values: [...from.values, ...where.values, query.limit],
  };
};

const literal = (sql: string): Sql => ({ sql, values: [] });

const joined = (parts: readonly Sql[], by: string): Sql => ({
  sql: parts.map(({ sql }) => sql).join(by),
  values: parts.flatMap(({ values }) => values),
});

/** Few documents share an element, so they are looked up first. */
const sourceByElement = (
  { table, elements }: CollectionSchema,
  field: string | undefined,
  where: readonly Condition[],
): Sql => {
  const wanted = where.find((one) => one.field === field && 'is' in one);
  return {
    sql: `${elements} e CROSS JOIN ${table} c ON e.field = ? AND e.value = ? AND c.rowid = e.document`,
    values: [field ?? '', wanted && 'is' in wanted ? columnValue(wanted.is) : nothing],
  };
};

const condition = ({ columns, elements }: CollectionSchema, one: Condition): Sql => {
  if (!('is' in one)) return range(`c.${quoted(one.field)}`, one.from, one.to);
  if (columns.some(({ field, holdsArray }) => holdsArray && field === one.field)) {
    const sql = `EXISTS (SELECT 1 FROM ${elements} x WHERE x.field = ? AND x.value = ? AND x.document = c.rowid)`;
    return { sql, values: [one.field, columnValue(one.is)] };
  }
  return { sql: `c.${quoted(one.field)} = ?`, values: [columnValue(one.is)] };
};

/** An open end stops where the values of the other end's kind stop: text is compared with text only, numbers with numbers. */
const range = (column: string, from: string | number | undefined, to: string | number | undefined): Sql => {
  if (from === undefined && to === undefined) return literal('TRUE');
  const isText = typeof (from ?? to) === 'string';
  const lower = from ?? (isText ? textBegins : -Number.MAX_VALUE);
  const upper = to ?? (isText ? textEnds : textBegins);
  return { sql: `${column} >= ? AND ${column} ${to === undefined ? '<' : '<='} ?`, values: [lower, upper] };
};

/**
 * What sorts after the last document of the page before. The bound on the first field, which the rest implies, is what the index
 * can begin at.
 */
const pageAfter = (sort: ShapeDeclaration['sort'], after: readonly Scalar[]): Sql => {
  const [first, ...rest] = sort;
  if (first === undefined) return literal('FALSE');
  const column = `c.${quoted(first.field)}`;
  const beyond = first.order === 'asc' ? '>' : '<';
  const value = columnValue(after[0]);
  const tied = pageAfter(rest, after.slice(1));
  return {
    sql: `${column} ${beyond}= ? AND (${column} ${beyond} ? OR (${column} = ? AND ${tied.sql}))`,
    values: [value, value, value, ...tied.values],
  };
};
