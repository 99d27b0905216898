import type { z } from 'zod';

/** Midtrans' wording for what zod found, one line per bad field: `transaction_details.order_id is required`. */
export const validationMessages = (error: z.ZodError): string[] =>
  error.issues.map((issue) => `${pathText(issue.path)} ${complaint(issue)}`.trim());

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');

const typeNames: Partial<Record<string, string>> = {
  int: 'an integer',
  number: 'a number',
  string: 'a string',
  object: 'an object',
  array: 'an array',
};

/** For enums: what is missing is `required`, what is there is not `what`. */
export const notSupported =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is required' : `is not a supported ${what}`;

const complaint = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is required'
        : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' ? 'is required' : `must be greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `is too long (maximum is ${issue.maximum} characters)`
        : `must be less than or equal to ${issue.maximum}`;
    default:
      return issue.message;
  }
};
