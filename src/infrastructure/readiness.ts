import { request } from 'undici';
import type { Follower } from '../application/followers/follower.js';
import type { EventFeed } from '../application/ports/event-feed.js';

/** Farther behind than this and reads would be too old (api.md 3). */
const lagMax = 1_000;
const simulatorAnswersWithinMs = 2_000;

export interface ReadinessParts {
  readonly eventFeed: EventFeed;
  readonly followers: readonly Follower[];
  /** Under `mock`; null otherwise. */
  readonly simulatorUrl: string | null;
}

/** Why the service should not be given work now; none: it is ready. One line for each reason. */
export const reasonsNotReady = async (parts: ReadinessParts): Promise<readonly string[]> =>
  (await Promise.all([storeReasons(parts), simulatorReasons(parts.simulatorUrl)])).flat();

const storeReasons = async ({ eventFeed, followers }: ReadinessParts): Promise<readonly string[]> => {
  try {
    await eventFeed.readAfter('start', { streamPrefixes: [] }, 1);
    const lags = await Promise.all(
      followers.map(async (follower) => ({ follower, lag: await follower.lag(lagMax + 1) })),
    );
    return lags
      .filter(({ lag }) => lag > lagMax)
      .map(({ follower }) => `${follower.name} is more than ${lagMax} events behind`);
  } catch (error) {
    return [`The event store does not answer: ${error instanceof Error ? error.message : String(error)}`];
  }
};

const simulatorReasons = async (url: string | null): Promise<readonly string[]> => {
  if (url === null) return [];
  try {
    const { body } = await request(`${url}/_simulator/clock`, {
      signal: AbortSignal.timeout(simulatorAnswersWithinMs),
    });
    await body.dump();
    return [];
  } catch {
    return [`The Midtrans simulator does not answer on ${url}; start it with: npm run simulator`];
  }
};
