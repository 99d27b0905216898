import type { Fields, Json } from './transaction.js';

/** The text under a name; undefined when there is none. */
export const textIn = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
};

/** The objects of a list under a name; none when there is no such list. */
export const objectsIn = (fields: Fields, name: string): Fields[] => {
  const value = fields[name];
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
};

const isObject = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
