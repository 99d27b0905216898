import type { Clock } from '../ports/clock.js';
import type { EventFeed, FeedFilter } from '../ports/event-feed.js';
import type { Journal } from '../ports/journal.js';
import { backoffMs } from './backoff.js';

/** What a process remembers of the log. It is bounded in time by itself; the feed only makes it forget sooner (R12.5). */
export interface LogCache {
  readonly streamPrefixes: readonly string[];
  /** This event was appended to this stream, here or by another process. */
  forget(stream: string, revision: number): void;
  /** Something may have been appended unheard. */
  forgetAll(): void;
}

export interface CacheFollowerParts {
  readonly eventFeed: EventFeed;
  readonly clock: Clock;
  readonly journal: Journal;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/**
 * Listens to the log from now on, in every process and for all its caches at once, so that none is older here than elsewhere. Works
 * on nothing, so it keeps no checkpoint.
 */
export class CacheFollower {
  private readonly filter: FeedFilter;

  constructor(
    private readonly caches: readonly LogCache[],
    private readonly parts: CacheFollowerParts,
  ) {
    this.filter = { streamPrefixes: caches.flatMap(({ streamPrefixes }) => streamPrefixes) };
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, journal } = this.parts;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await this.listen(signal, () => (failures = 0));
      } catch (error) {
        if (failures === 0)
          journal.warn('A cache does not hear of changes for a while; what it holds ends by its age', {
            error: error instanceof Error ? error.message : String(error),
          });
      }
      this.forgetAll();
      await clock.sleep(backoffMs(failures, firstPauseMs, longestPauseMs), signal);
    }
  }

  private async listen(signal: AbortSignal, heard: () => void): Promise<void> {
    const { eventFeed } = this.parts;
    const from = await eventFeed.end();
    // What was read before `from` was known may lack what stands there.
    this.forgetAll();
    for await (const { events } of eventFeed.follow(from, this.filter, signal)) {
      heard();
      for (const { stream, revision } of events)
        for (const cache of this.caches)
          if (cache.streamPrefixes.some((prefix) => stream.startsWith(prefix))) cache.forget(stream, revision);
    }
  }

  private forgetAll(): void {
    for (const cache of this.caches) cache.forgetAll();
  }
}
