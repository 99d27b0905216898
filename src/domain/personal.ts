import type { JsonObject } from './json.js';

/** Ciphertext as it stands in the log (design D10). The rules never look inside. */
export interface Sealed {
  readonly sealed: string;
}

/** Personal or secret fields: open when an event is decided, sealed in every event that was read back. null: there are none. */
export type Personal = JsonObject | Sealed | null;

export const isSealed = (personal: Personal): personal is Sealed =>
  personal !== null && typeof personal['sealed'] === 'string';
