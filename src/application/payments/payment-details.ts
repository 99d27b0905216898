import type { JsonObject } from '../../domain/json.js';

/** Good for one use, or as good as a card: they go to Midtrans and nowhere else (R8.1). */
const tokens: ReadonlySet<string> = new Set(['token_id', 'google_pay_token', 'payment_option_token']);

/** Of people, or as good as money: only ever stored sealed (R8.1, design D10). */
const personal: ReadonlySet<string> = new Set([
  'payer_phone_number',
  'recipient_name',
  'user_id',
  'account_id',
  'saved_token_id',
  'snap_token',
  'seller_details',
]);

const pick = (details: JsonObject, wanted: (field: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(details).filter(([field]) => wanted(field)));

/** What of `payment_details` may be read in the log. */
export const openDetails = (details: JsonObject): JsonObject =>
  pick(details, (field) => !tokens.has(field) && !personal.has(field));

export const personalDetails = (details: JsonObject): JsonObject => pick(details, (field) => personal.has(field));

/** What makes two requests the same: tokens are new at each try (api.md 3). */
export const withoutTokens = (details: JsonObject): JsonObject => pick(details, (field) => !tokens.has(field));

/** Text of a JSON value that does not depend on the order of its fields. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
