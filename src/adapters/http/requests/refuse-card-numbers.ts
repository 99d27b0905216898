import { hasCardNumber } from '../../../domain/cards/card-number.js';
import { refusal, type HttpRefusal } from '../answers/http-refusal.js';
import type { HttpContext } from './http-context.js';

/** `field` is left out when it is not known. The digits are never repeated. */
export const cardNumberRefused = (field: string): HttpRefusal =>
  refusal(
    422,
    'card_number_refused',
    'This looks like a card number; cards are turned into tokens in the browser and their numbers never sent here',
    field === '' ? {} : { field },
  );

const headers = ['idempotency-key', 'x-user-id'] as const;

/** Looks where bodies do not reach: path, query and the headers whose values go further (R8.2). @throws HttpRefusal 422 */
export const refuseCardNumbers = (ctx: HttpContext): void => {
  const field = cardNumberAround(ctx);
  if (field !== undefined) throw cardNumberRefused(field);
};

const cardNumberAround = (ctx: HttpContext): string | undefined => {
  const header = headers.find((name) => hasCardNumber(ctx.get(name)));
  if (header !== undefined) return header;
  if (hasCardNumber(decoded(ctx.path))) return '';
  const pair = [...new URLSearchParams(ctx.querystring)].find(
    ([name, value]) => hasCardNumber(name) || (!looksElsewhere(ctx.path, name) && hasCardNumber(value)),
  );
  return pair && (hasCardNumber(pair[0]) ? '' : pair[0]);
};

/** Cursors are our own texts; what the list is searched for may be an account's number, which it decides itself. */
const looksElsewhere = (path: string, parameter: string): boolean => elsewhere[path]?.includes(parameter) ?? false;

const elsewhere: Readonly<Record<string, readonly string[]>> = {
  '/payments': ['cursor', 'q'],
  '/payments/parked-keys': ['cursor'],
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
