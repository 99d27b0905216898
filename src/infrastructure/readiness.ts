import { request } from 'undici';
import type { Follower } from '../application/followers/follower.js';
import { paymentCollection } from '../application/payments/payment-collection.js';
import type { Documents } from '../application/ports/documents.js';
import type { EventFeed } from '../application/ports/event-feed.js';
import type { EventLog } from '../application/ports/event-log.js';

/** Farther behind than this and reads would be too old (api.md 3). */
const lagMax = 1_000;
/** All are asked at once, so that a balancer has its answer within two seconds whatever is missing. */
const answersWithinMs = 1_500;

export interface ReadinessParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly documents: Documents;
  readonly followers: readonly Follower[];
  /** Under `mock`; null otherwise. */
  readonly simulatorUrl: string | null;
}

/** Asks one part; rejects with what keeps it from its work. */
type Check = readonly [part: string, ask: () => Promise<unknown>];

/**
 * Why the service should not be given work now; none: it is ready. One line for each part that is missing, with its name in front.
 * However often it is asked, one look is under way.
 */
export const readinessOf = (parts: ReadinessParts): (() => Promise<readonly string[]>) => {
  const checks = checksOf(parts);
  let looking: Promise<readonly string[]> | undefined;
  return () => {
    looking ??= reasonsOf(checks).finally(() => (looking = undefined));
    return looking;
  };
};

const checksOf = ({ eventLog, eventFeed, documents, followers, simulatorUrl }: ReadinessParts): readonly Check[] => [
  // On EventStoreDB log and feed have a connection each, perhaps to different nodes.
  ['event log', () => eventLog.read('readiness', { limit: 1 })],
  ['event feed', () => eventFeed.readAfter('start', { streamPrefixes: [] }, 1)],
  ['documents', () => documents.get(paymentCollection, 'readiness')],
  ...followers.map((follower): Check => [follower.name, () => refuseLag(follower)]),
  ...(simulatorUrl === null ? [] : [['simulator', () => askSimulator(simulatorUrl)] as const]),
];

const reasonsOf = async (checks: readonly Check[]): Promise<readonly string[]> =>
  (await Promise.all(checks.map(reasonOf))).filter((reason) => reason !== undefined);

const reasonOf = async ([part, ask]: Check): Promise<string | undefined> => {
  try {
    await inTime(ask());
    return undefined;
  } catch (error) {
    return `${part}: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** What is asked may go on trying; its answer is not waited for. */
const inTime = async (answer: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answersWithinMs} ms`)), answersWithinMs);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

const refuseLag = async (follower: Follower): Promise<void> => {
  if ((await follower.lag(lagMax + 1)) > lagMax) throw new Error(`more than ${lagMax} events behind`);
};

const askSimulator = async (url: string): Promise<void> => {
  try {
    const { body } = await request(`${url}/_simulator/clock`, { signal: AbortSignal.timeout(answersWithinMs) });
    await body.dump();
  } catch {
    throw new Error(`does not answer on ${url}; start it with: npm run simulator`);
  }
};
