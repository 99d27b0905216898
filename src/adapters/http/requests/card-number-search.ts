import { hasCardNumber, isCardNumber } from '../../../domain/cards/card-number.js';

/** A virtual account's number is none, however it looks (api.md 3). */
const accountNumber = 'payment_details.va_number';

/** Tokens hold digits of a card on purpose, and ciphertext whatever chance has put there; elsewhere no name is trusted. */
const tokenPlaces = ['token_id', 'google_pay_token', 'payment_option_token', 'account_id'].map(
  (field) => `payment_details.${field}`,
);

const isInToken = (path: string): boolean =>
  tokenPlaces.some((place) => path === place || path.startsWith(`${place}.`));

const words = /[\w+/=-]+/g;

/** What stands beside letters in one word is part of a token; a word of digits alone is not. */
const withoutTokens = (text: string): string => text.replace(words, (word) => (/[a-z]/i.test(word) ? '#' : word));

/**
 * Where in a JSON value a raw card number stands: a field path, `''` for the value itself; undefined: nowhere. A path that would
 * repeat the digits ends before them.
 */
export const cardNumberIn = (value: unknown, path = ''): string | undefined => {
  if (typeof value === 'string') return isCardText(value, path) ? path : undefined;
  if (typeof value === 'number') return hasCardNumber(String(value)) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [field, inner] of Object.entries(value)) {
    if (hasCardNumber(field)) return path;
    const found = cardNumberIn(inner, path === '' ? field : `${path}.${field}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const isCardText = (text: string, path: string): boolean =>
  path !== accountNumber && hasCardNumber(isInToken(path) ? withoutTokens(text) : text);

const stringLiteral = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Numbers of JSON that are too long for JSON.parse to keep exact; the parsed value would not show them. */
export const hasLongCardNumber = (json: string): boolean => {
  const numbers = json.replace(stringLiteral, '""').match(/\d{16,}/g) ?? [];
  return numbers.some(isCardNumber);
};
