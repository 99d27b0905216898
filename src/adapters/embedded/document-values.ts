import type { Json } from '../../domain/json.js';

/**
 * A field's value as a column holds it, so that SQLite orders and compares as MongoDB does: nothing (null or missing) before
 * numbers before text before booleans. SQLite's own order is numbers, text, blobs; nothing is minus infinity, which JSON does
 * not have, so a column never holds NULL and comparing needs no special cases.
 */
export type ColumnValue = number | string | Buffer;

export const nothing = -Infinity;
/** Stands between the last number and every text. */
export const textBegins = '';
/** Stands between the last text and every boolean. */
export const textEnds = Buffer.alloc(0);
const [no, yes] = [Buffer.of(0), Buffer.of(1)];

export const columnValue = (value: Json | undefined): ColumnValue => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? yes : no;
  // Their elements stand in a table of their own; here they only show whether they have changed.
  if (isArray(value)) return Buffer.from(JSON.stringify(value));
  return nothing;
};

export const sameValue = (one: ColumnValue, other: ColumnValue | undefined): boolean =>
  one === other || (typeof one === 'object' && typeof other === 'object' && one.equals(other));

/** The texts that a field's value, as a column holds it, is found by: of an array each, once. */
export const elementsOf = (value: ColumnValue): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || value.length <= yes.length) return [];
  const elements = JSON.parse(value.toString()) as readonly Json[];
  return [...new Set(elements.filter((element) => typeof element === 'string'))];
};

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
