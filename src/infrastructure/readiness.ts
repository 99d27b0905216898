import { request } from 'undici';
import type { Readiness } from '../adapters/http/http-parts.js';
import type { Follower } from '../application/followers/follower.js';
import type { ParkedKeys } from '../application/parking/parked-keys.js';
import { paymentCollection } from '../application/payments/payment-collection.js';
import type { Documents } from '../application/ports/documents.js';
import type { EventFeed } from '../application/ports/event-feed.js';
import type { EventLog } from '../application/ports/event-log.js';

/** Farther behind than this and reads would be too old (api.md 3). */
const lagMax = 1_000;
/** All are asked at once, so that a balancer has its answer within two seconds whatever is missing. */
const answersWithinMs = 1_500;
/** More than so many are not counted. */
const parkedCounted = 100;

export interface ReadinessParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
  readonly documents: Documents;
  readonly parkedKeys: ParkedKeys;
  readonly followers: readonly Follower[];
  /** Under `mock`; null otherwise. */
  readonly simulatorUrl: string | null;
}

/** Asks one part; rejects with what keeps it from its work. */
type Check<T = unknown> = readonly [part: string, ask: () => Promise<T>];

/** Whether the service should be given work now. However often it is asked, one look is under way. */
export const readinessOf = (parts: ReadinessParts): (() => Promise<Readiness>) => {
  const checks = checksOf(parts).map(onceAtATime);
  const parked = onceAtATime<number>(['records', () => parts.parkedKeys.count(parkedCounted)]);
  let looking: Promise<Readiness> | undefined;
  return () => {
    looking ??= look(checks, parked).finally(() => (looking = undefined));
    return looking;
  };
};

const checksOf = ({ eventLog, eventFeed, documents, followers, simulatorUrl }: ReadinessParts): readonly Check[] => [
  // On EventStoreDB log and feed have a connection each, perhaps to different nodes.
  ['event log', () => eventLog.read('readiness', { limit: 1 })],
  ['event feed', () => eventFeed.countAfter('start', { streamPrefixes: [] }, 1)],
  ['documents', () => documents.get(paymentCollection, 'readiness')],
  ...followers.map((follower): Check => [follower.name, () => refuseLag(follower)]),
  ...(simulatorUrl === null ? [] : [['simulator', () => askSimulator(simulatorUrl)] as const]),
];

const look = async (checks: readonly Check[], parked: Check<number>): Promise<Readiness> => {
  const [counted, ...others] = await Promise.all([asked(parked), ...checks.map(asked)]);
  const reasons = [...others, counted].flatMap(({ reason }) => reason ?? []);
  return { reasons, parkedKeys: counted.found ?? 0 };
};

/** What was found, or why it was not: one line, with the name of the part in front. */
type Asked<T> =
  { readonly found: T; readonly reason?: undefined } | { readonly reason: string; readonly found?: undefined };

const asked = async <T>([part, ask]: Check<T>): Promise<Asked<T>> => {
  try {
    return { found: await inTime(ask()) };
  } catch (error) {
    return { reason: `${part}: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/** What is asked may go on trying; its answer is not waited for. */
const inTime = async <T>(answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answersWithinMs} ms`)), answersWithinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** What is still being asked is not asked again: looks that were given up would pile up behind a store that is slow. */
const onceAtATime = <T>([part, ask]: Check<T>): Check<T> => {
  let asking: Promise<T> | undefined;
  return [part, () => (asking ??= ask().finally(() => (asking = undefined)))];
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
