import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/** What each kind of value is called by people who send JSON. All our numbers are whole. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be a URL',
  datetime: 'must be an ISO 8601 time with its offset, such as 2026-11-23T05:49:00Z',
};

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? `must be ${String(values[0])}` : `must be one of ${values.join(', ')}`;

const wrongType = ({ expected, input }: Extract<Issue, { code: 'invalid_type' }>): string =>
  Array.isArray(input) ? `must be ${kinds[expected]}, not a list` : `must be ${kinds[expected] ?? expected}`;

/** Of texts the length, of lists the number of entries. */
const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

const tooSmall = ({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string => {
  const unit = units[origin];
  if (unit !== undefined) return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} ${unit}`;
  return inclusive ? `must be ${minimum} or more` : `must be more than ${minimum}`;
};

const tooBig = ({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string => {
  const unit = units[origin];
  return unit === undefined ? `must be ${maximum} or less` : `must have at most ${maximum} ${unit}`;
};

/** The names that could have been given instead. */
const knownNames = ({ inst }: Issue): readonly unknown[] => {
  if (inst instanceof z.ZodObject) return Object.keys(inst.shape);
  return inst instanceof z.ZodRecord && inst.keyType instanceof z.ZodEnum ? inst.keyType.options : [];
};

const unknownName = (issue: Issue): string => {
  const known = knownNames(issue);
  return known.length === 0 ? 'is not known here' : `is not known here; known are ${known.join(', ')}`;
};

/** The values of the field by which a shape is chosen. */
const shapesOf = ({ inst, discriminator }: Extract<Issue, { code: 'invalid_union' }>): readonly unknown[] =>
  inst instanceof z.ZodDiscriminatedUnion
    ? inst.options.flatMap((option) => [...(option._zod.propValues?.[String(discriminator)] ?? [])])
    : [];

/** Of a union, the field by which a shape is chosen. */
const isMissing = (issue: Issue): boolean => {
  const { input } = issue;
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return input === undefined;
  return typeof input === 'object' && input !== null && !Object.hasOwn(input, issue.discriminator);
};

const requirement = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return oneOf(shapesOf(issue));
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return formats[issue.format] ?? `must be a valid ${issue.format}`;
    case 'unrecognized_keys':
      return unknownName(issue);
    case 'invalid_key':
      return `has a name that ${issue.issues[0]?.message ?? 'is not allowed'}`;
    default:
      return 'is not valid';
  }
};

/**
 * What is wrong and what is allowed, to be read after the name of the field: "must be …". Used where a schema has no better words of its
 * own. What was sent is never repeated: it may be personal.
 */
export const whatIsWrong = (issue: Issue): string => {
  const required = requirement(issue);
  return isMissing(issue) ? `is missing; it ${required}` : required;
};
