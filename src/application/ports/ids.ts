/** Fresh ids (design D8). */
export interface Ids {
  /** UUIDv7: grows with time, unique everywhere. */
  next(): string;
}
