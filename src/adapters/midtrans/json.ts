import { isSafeNumber, parse } from 'lossless-json';
import type { Json, JsonObject } from '../../domain/json.js';

/** Only a number this long can lose digits in a double. Looks inside strings too: that costs time, not correctness. */
const longNumber = /[:,[]\s*-?[\d.eE+-]{16,}/;

const exactNumber = (digits: string): number | string => (isSafeNumber(digits) ? Number(digits) : digits);

/**
 * JSON as plain data. A number that a double cannot hold exactly (`refund_chargeback_id`, midtrans-facts 5.6) stays exact as
 * the text of its digits. Of a repeated key the last value counts, as in `JSON.parse`.
 * @throws SyntaxError
 */
export const parseJson = (text: string): Json => {
  if (!longNumber.test(text)) return JSON.parse(text) as Json;
  return parse(text, null, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
};

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object that the text is; undefined for anything else: HTML, nothing, a list, half an answer. */
export const jsonObjectIn = (text: string): JsonObject | undefined => {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
