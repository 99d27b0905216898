/**
 * Whose key seals: a customer (`customer:<user id>`), a day for raw notifications (`day:2026-11-23`, UTC), or a payment method's
 * configuration (`method:<provider>`).
 */
export type KeyOwner = `customer:${string}` | `day:${string}` | `method:${string}`;

/** The key of one owner, at hand. Synchronous, so that sealing costs no turn of the event loop. */
export interface Seal {
  /**
   * Text (base64url and dots) that names format version and key, and opens only with the same `boundTo`.
   * AES-256-GCM; `boundTo` is authenticated, not stored.
   */
  seal(plain: string | Uint8Array, boundTo: string): string;
  /** Keyed hash (HMAC-SHA256, hex) of a text: equal texts of one owner are seen as equal, and nothing else is told. */
  fingerprint(text: string): string;
}

/** Reads what was sealed (design D10). */
export interface PersonalDataReader {
  /**
   * What was sealed. undefined: its key is destroyed, the data erased. Keys are cached for 30 s at most.
   * @throws SealBroken when the text, or what it was bound to, is not what was sealed, or its key is missing though not destroyed
   */
  open(sealed: string, boundTo: string): Promise<Uint8Array | undefined>;
}

/** Personal data at rest (design D10). */
export interface PersonalData extends PersonalDataReader {
  /** The owner's key, made and durably stored before this resolves when there is none yet. @throws KeyDestroyed */
  sealFor(owner: KeyOwner): Promise<Seal>;
}

export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';
  constructor(readonly owner: KeyOwner) {
    super(`The key of ${owner} was destroyed: this customer's personal data is erased and no more can be kept`);
  }
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  /** @param owner whose key the text names; null: it names none */
  constructor(
    message: string,
    readonly owner: KeyOwner | null,
  ) {
    super(message);
  }
}
