import { withoutCardNumbers } from '../../domain/cards/card-number.js';

const replacements: readonly (readonly [shape: RegExp, shown: string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  // JSON Web Tokens without their scheme.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\b(?:SB-)?Mid-server-[\w-]+/g, '[redacted]'],
  // Begins where a word begins: tried at every character, it would take ten times as long.
  [/(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
];

/** A text for the log: without tokens, keys, e-mail addresses and card numbers. The order ids of R11.3 pass unchanged. */
export const withoutSecrets = (text: string): string =>
  withoutCardNumbers(
    mayHoldOne.test(text)
      ? replacements.reduce((shown, [shape, instead]) => shown.replace(shape, instead), text)
      : text,
  );

/** Cheap, and false for most texts: something of each shape above. */
const mayHoldOne = /bearer|basic|eyJ|Mid-server-|@/i;

/** Fields whose values are never shown, whoever passes them. */
const secretFields =
  /authorization|password|secret|server_?key|signature|token|cookie|e_?mail|phone|first_name|last_name|customer_details|api_?key/i;

export const isSecretField = (name: string): boolean => secretFields.test(name);
