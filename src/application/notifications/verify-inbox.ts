import { isBeyond, type EventFeed, type FeedPosition } from '../ports/event-feed.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../ports/event-log.js';
import type { EventsSeen, StreamFinding } from '../projections/verify-read-model.js';
import { inboxStreamOf, inboxStreams, storedNotification } from './inbox-events.js';

export interface VerifyInboxParts {
  readonly eventLog: EventLog;
  readonly eventFeed: EventFeed;
}

/** An inbox stream is as long as the log is old, so it is read piece by piece. */
const pageEvents = 500;

/**
 * Looks at every notification that is kept: none missing, each in the stream of its order and readable as far as it is not sealed.
 * Works beside running services: what comes meanwhile is left for the next time.
 * @throws StoreUnavailable
 */
export async function* verifyInbox({
  eventLog,
  eventFeed,
}: VerifyInboxParts): AsyncGenerator<StreamFinding | EventsSeen, void> {
  const end = await eventFeed.end();
  let done = 0;
  for (const stream of inboxStreams)
    for await (const piece of piecesOf(stream, end, eventLog)) {
      for (const message of piece.problems) yield { type: 'finding', stream, message };
      yield { type: 'progress', done: (done += piece.events) };
    }
}

interface Piece {
  readonly events: number;
  readonly problems: readonly string[];
}

async function* piecesOf(stream: string, end: FeedPosition, eventLog: EventLog): AsyncGenerator<Piece, void> {
  let next = 0;
  for (let atEnd = false; !atEnd;) {
    const read = await readFrom(next, stream, eventLog);
    if (read.type === 'unreadable') {
      yield { events: 0, problems: [read.message] };
      return;
    }
    const { events } = read;
    yield { events: events.length, problems: events.flatMap((event, n) => problemsOf(event, events[n - 1], next)) };
    const last = events.at(-1);
    if (last) next = Math.max(next + events.length, last.revision + 1);
    // A page with a hole in it is short as well.
    atEnd = last === undefined || !isBeyond(end, last.position);
  }
}

type Read =
  | { readonly type: 'events'; readonly events: readonly StoredEvent[] }
  | { readonly type: 'unreadable'; readonly message: string };

const readFrom = async (revision: number, stream: string, eventLog: EventLog): Promise<Read> => {
  try {
    return { type: 'events', events: await eventLog.read(stream, { from: revision, limit: pageEvents }) };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return { type: 'unreadable', message: `cannot be read from revision ${revision} on: ${messageOf(error)}` };
  }
};

/** @param first the revision that a page has to begin with */
const problemsOf = (event: StoredEvent, before: StoredEvent | undefined, first: number): readonly string[] => {
  const { revision, stream, type } = event;
  const expected = before ? before.revision + 1 : first;
  const gap = revision === expected ? [] : [`revision ${revision} stands where ${expected} should`];
  try {
    const home = inboxStreamOf(storedNotification(event).order_id);
    return home === stream ? gap : [...gap, `revision ${revision} is of an order whose notifications are in ${home}`];
  } catch (error) {
    return [...gap, `revision ${revision} (${type}) cannot be read: ${messageOf(error)}`];
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
