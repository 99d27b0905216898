import { hasCardNumber, isCardNumber } from '../../../domain/cards/card-number.js';

/** A virtual account's number is none, however it looks (api.md 3). */
const accountNumbers: ReadonlySet<string> = new Set(['va_number']);

/** Tokens hold digits of a card on purpose; here only a value that is a card number as a whole is one. */
const tokens: ReadonlySet<string> = new Set([
  'token_id',
  'saved_token_id',
  'google_pay_token',
  'payment_option_token',
  'account_id',
]);

const isWholeCardNumber = (text: string): boolean => isCardNumber(text.replace(/[^0-9]/g, '')) && !/[a-z]/i.test(text);

/**
 * Where in a JSON value a raw card number stands: a field path, `''` for the value itself; undefined: nowhere. A path that would
 * repeat the digits ends before them.
 */
export const cardNumberIn = (value: unknown, path = '', isToken = false): string | undefined => {
  if (typeof value === 'string') return (isToken ? isWholeCardNumber(value) : hasCardNumber(value)) ? path : undefined;
  if (typeof value === 'number') return hasCardNumber(String(value)) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [field, inner] of Object.entries(value)) {
    if (hasCardNumber(field)) return path;
    if (accountNumbers.has(field)) continue;
    const innerPath = path === '' ? field : `${path}.${field}`;
    const found = cardNumberIn(inner, innerPath, isToken || tokens.has(field));
    if (found !== undefined) return found;
  }
  return undefined;
};

const stringLiteral = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Numbers of JSON that are too long for JSON.parse to keep exact; the parsed value would not show them. */
export const hasLongCardNumber = (json: string): boolean => {
  const numbers = json.replace(stringLiteral, '""').match(/\d{16,}/g) ?? [];
  return numbers.some(isCardNumber);
};
