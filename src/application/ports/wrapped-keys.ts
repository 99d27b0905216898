/** A data key, encrypted with the master key (`ENCRYPTION_KEY`), as it is stored. Text, opaque to the store. */
export type WrappedKey = string;

/** The key ring's store (design D10). A destroyed key stays destroyed, whatever comes later. */
export interface WrappedKeys {
  load(id: string): Promise<WrappedKey | 'destroyed' | undefined>;
  /** Durable before it resolves. Answers what is stored now: of many at once, all get the same one. */
  addIfAbsent(id: string, wrapped: WrappedKey): Promise<WrappedKey | 'destroyed'>;
  /** Ids from `from` on and before `before`, in text order, whose keys are not destroyed; `limit` of them at most. */
  idsBetween(from: string, before: string, limit: number): Promise<readonly string[]>;
  /** Also for an id never seen, so that an old backup cannot bring the key back. */
  destroy(id: string): Promise<void>;
}
