import type { Instant } from '../../domain/time/instant.js';

/** Time as the application sees it (design D8). */
export interface Clock {
  now(): Instant;
  /** Milliseconds that only ever grow, unrelated to the time of day: for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
