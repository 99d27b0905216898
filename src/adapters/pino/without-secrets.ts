import { withoutCardNumbers } from '../../domain/cards/card-number.js';

/** Whole secrets only: an order id may begin like one, and is searched for (R11.3). */
const replacements: readonly (readonly [shape: RegExp, shown: string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  // JSON Web Tokens without their scheme: the shortest signature, that of HS256, has 43 characters.
  [/\beyJ[\w-]{10,}\.eyJ[\w-]+\.[\w-]{43,}/g, '[redacted]'],
  // Server keys of Midtrans.
  [/(?<![\w-])(?:SB-)?Mid-server-[\w-]{24}(?![\w-])/g, '[redacted]'],
  // Who logs in, in a connection string.
  [/(?<=:\/\/)[^\s/@]+@/g, '[redacted]@'],
  // Begins where a word begins: tried at every character, it would take ten times as long.
  [/(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
];

/**
 * A text for the log: without tokens, keys, e-mail addresses and card numbers. The order ids of R11.3 pass unchanged.
 * @param inUse whatever their shape
 */
export const withoutSecrets = (text: string, inUse: readonly string[]): string =>
  withoutCardNumbers(withoutShapes(inUse.reduce(without, text)));

const without = (text: string, secret: string): string =>
  text.includes(secret) ? text.replaceAll(secret, '[redacted]') : text;

const withoutShapes = (text: string): string =>
  mayHoldOne.test(text) ? replacements.reduce((shown, [shape, instead]) => shown.replace(shape, instead), text) : text;

/** Cheap, and false for most texts: something of each shape above. */
const mayHoldOne = /bearer|basic|eyJ|Mid-server-|@/i;

/** Fields whose values are never shown, whoever passes them. */
const secretFields =
  /authorization|password|secret|server_?key|signature|token|cookie|e_?mail|phone|first_name|last_name|customer_details|api_?key/i;

export const isSecretField = (name: string): boolean => secretFields.test(name);
