import type { Json, JsonObject } from '../../domain/json.js';

type Value = Json | undefined;

/** The fields in which two documents differ, as paths such as `state.refunds`; a list is one field. Says nothing of their values. */
export const differingFields = (one: JsonObject, other: JsonObject, path = ''): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].sort().flatMap((name) => {
    const [a, b] = [one[name], other[name]];
    if (isObject(a) && isObject(b)) return differingFields(a, b, `${path}${name}.`);
    return isSame(a, b) ? [] : [path + name];
  });

/** In whatever order the fields stand. */
const isSame = (a: Value, b: Value): boolean => {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((value, n) => isSame(value, b[n]));
  if (isObject(a) && isObject(b)) return differingFields(a, b).length === 0;
  return a === b;
};

const isList = (value: Value): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Value): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);
