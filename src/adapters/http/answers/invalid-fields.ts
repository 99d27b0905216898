import type { z } from 'zod';
import { HttpRefusal, invalidItem, type ErrorItem } from './http-refusal.js';
import { whatIsWrong } from './what-is-wrong.js';

const pathOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** One item for each bad field. */
const itemsOf = (issue: z.core.$ZodIssue): readonly ErrorItem[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => invalidItem(pathOf([...issue.path, key]), issue.message))
    : [invalidItem(pathOf(issue.path), issue.message)];

/** The first thing that is wrong with each field. */
const onePerField = (items: readonly ErrorItem[]): readonly ErrorItem[] =>
  [...new Map([...items].reverse().map((one) => [one.field, one])).values()].reverse();

export const invalidFields = ({ issues }: z.ZodError): HttpRefusal => {
  const errors = onePerField(issues.flatMap(itemsOf));
  const fields = errors.map(({ field }) => field).filter((field) => field !== undefined);
  const message = fields.length === 0 ? 'The request is not valid' : `Not valid: ${fields.join(', ')}`;
  return new HttpRefusal(400, { message, errors });
};

/** @throws HttpRefusal 400 with one item for each bad field */
export const parsed = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> => {
  const read = schema.safeParse(input, { error: whatIsWrong });
  if (read.success) return read.data;
  throw invalidFields(read.error);
};
