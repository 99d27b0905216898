/** A moment as ISO 8601 in UTC with milliseconds (`2026-11-23T05:49:00.000Z`), so that text order is time order. */
export type Instant = string;

export const instant = (epochMs: number): Instant => new Date(epochMs).toISOString();

export const epochMs = (at: Instant): number => Date.parse(at);

export const after = (at: Instant, ms: number): Instant => instant(epochMs(at) + ms);

/** Milliseconds from `from` to `to`; negative when `to` came first. */
export const msBetween = (from: Instant, to: Instant): number => epochMs(to) - epochMs(from);

export const earliest = (moments: readonly (Instant | null)[]): Instant | null =>
  moments.reduce<Instant | null>((found, at) => (at !== null && (found === null || at < found) ? at : found), null);
