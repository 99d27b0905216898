import { Long } from 'mongodb';
import type { FieldPath } from '../../application/ports/documents.js';
import type { Json, JsonObject } from '../../domain/json.js';

/** JSON as MongoDB keeps it. Whole numbers are 64-bit integers (R3.1), so that nobody adds up rupiah in floating point. */
export type StoredValue = null | boolean | string | number | Long | StoredValue[] | StoredObject;
export type StoredObject = { [name: string]: StoredValue };

const toStored = (value: Json): StoredValue => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? Long.fromNumber(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return isArray(value) ? value.map(toStored) : toStoredObject(value);
};

/** Fields without a value are left out, as in JSON. A loop: each document of a rebuild comes through here. */
export const toStoredObject = (object: JsonObject, nameOf: (name: string) => string = storedName): StoredObject => {
  const stored: StoredObject = {};
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value !== undefined) stored[nameOf(name)] = toStored(value);
  }
  return stored;
};

/** What stands beside `_id` and `revision`. */
export const toStoredDocument = (document: JsonObject): StoredObject => toStoredObject(document, outermostName);

/** Takes what the driver has read, where 64-bit integers are numbers again, exact up to 2^53. */
export const fromStoredObject = (object: JsonObject): JsonObject =>
  holdsEncodedName(object) ? withOriginalNames(object) : object;

/** Where a declared field stands. The id is `_id`, as in the declarations. */
export const storedPath = (path: FieldPath): string =>
  path === '_id'
    ? path
    : path
        .split('.')
        .map((name, depth) => (depth === 0 ? outermostName(name) : storedName(name)))
        .join('.');

/** The adapter's own fields at a document's outermost level; what a document itself calls so is kept under another name. */
const reserved: ReadonlySet<string> = new Set(['_id', 'revision']);

/**
 * Callers choose names too (a payment's `metadata`). MongoDB cannot keep all of them, and the driver and JavaScript read meaning
 * into some: a NUL ends a name, older servers refuse `.` and a `$` in front, `$ref` makes a reference, `_bsontype` a type.
 */
const impossible = /%|\.|\0|^\$|^_(?=bsontype$|_proto__$)/g;
const suspicious = /[%.\0]|^[$_]/;

const storedName = (name: string): string => (suspicious.test(name) ? name.replace(impossible, percentEncoded) : name);

const outermostName = (name: string): string =>
  reserved.has(name) ? percentEncoded(name[0] ?? '') + name.slice(1) : storedName(name);

const percentEncoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

const holdsEncodedName = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) return value.some(holdsEncodedName);
  for (const name of Object.keys(value)) if (name.includes('%') || holdsEncodedName(value[name] ?? null)) return true;
  return false;
};

const withOriginalNames = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [originalName(name), fromStored(value)]));

const fromStored = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  return isArray(value) ? value.map(fromStored) : withOriginalNames(value);
};

const originalName = (name: string): string =>
  name.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
