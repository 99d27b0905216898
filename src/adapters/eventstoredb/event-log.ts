import {
  BACKWARDS,
  END,
  MaxAppendSizeExceededError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { ReadStreamOptions } from '@eventstore/db-client';
import type {
  AppendResult,
  EventLog,
  ExpectedRevision,
  NewEvent,
  StoredEvent,
} from '../../application/ports/event-log.js';
import { appendBytesMax, AppendTooLarge, StoreUnavailable } from '../../application/ports/event-log.js';
import type { Connection, Reader } from './connection.js';
import { countedEventOf, storedEventOf } from './event-json.js';
import type { EventBytes, Recorded } from './event-json.js';
import { isKnown, positionText } from './position.js';
import { eventsOf } from './reading.js';
import type { StreamNames } from './stream-names.js';

/** How far back from the end of a stream an unanswered append is looked for when no place was expected. */
const lookBackEvents = 1_000;

/** The event log in EventStoreDB (design D1). Reads and appends go to the leader: decisions rest on them. */
export class EventStoreDbEventLog implements EventLog {
  constructor(
    readonly logId: string,
    private readonly connection: Connection,
    private readonly names: StreamNames,
  ) {}

  async read(
    stream: string,
    { from = 0, limit = Number.MAX_SAFE_INTEGER }: { readonly from?: number; readonly limit?: number } = {},
  ): Promise<readonly StoredEvent[]> {
    if (limit <= 0) return [];
    const range = { fromRevision: BigInt(from), maxCount: limit };
    const recorded = await this.connection.answered(`read ${stream}`, (client) => this.recorded(client, stream, range));
    return recorded.map((event) => ownEventOf(event, stream));
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    if (events.length === 0) throw new RangeError(`An append to ${stream} without events`);
    const sent = events.map(countedEventOf);
    const bytes = sent.reduce((sum, { countedBytes }) => sum + countedBytes, 0);
    if (bytes > appendBytesMax) throw new AppendTooLarge(stream, bytes);
    try {
      return await this.send(stream, sent, expected);
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return conflictWith(error);
      if (error instanceof MaxAppendSizeExceededError) throw new AppendTooLarge(stream, bytes);
      // The answers were lost, or the events.
      const found = error instanceof StoreUnavailable && (await this.findAppended(stream, events, expected));
      if (found) return found;
      throw error;
    }
  }

  private async send(stream: string, events: readonly EventBytes[], expected: ExpectedRevision): Promise<AppendResult> {
    const { revision, position } = await this.connection.append({
      stream: this.names.stored(stream),
      events,
      expected,
    });
    if (isKnown(position)) return { type: 'appended', revision, position: positionText(position) };
    // Of a repeat EventStoreDB may not tell the position.
    const [last] = await this.read(stream, { from: revision, limit: 1 });
    if (!last) throw new Error(`Event ${revision} of ${stream} was appended and is not there`);
    return { type: 'appended', revision, position: last.position };
  }

  /** Looks once for an append that was never answered; undefined: not there so far, or no answer again. */
  private async findAppended(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult | undefined> {
    const recorded = await this.connection
      .once((client) => this.recorded(client, stream, placeOf(expected, events.length)))
      .catch((): readonly Recorded[] => []);
    // Where no place was expected they were read backwards.
    const inOrder = expected === 'any' ? recorded.toReversed() : recorded;
    const first = inOrder.findIndex(({ id }) => id === events[0]?.id);
    const last = inOrder[first + events.length - 1];
    const isThere = first >= 0 && events.every(({ id }, n) => inOrder[first + n]?.id === id);
    if (!isThere || !last || !isKnown(last.position)) return undefined;
    return { type: 'appended', revision: Number(last.revision), position: positionText(last.position) };
  }

  private async recorded(client: Reader, stream: string, range: ReadStreamOptions): Promise<readonly Recorded[]> {
    const { patience, requiresLeader } = this.connection;
    try {
      const reading = client.readStream(this.names.stored(stream), { ...range, requiresLeader });
      return await eventsOf(reading, patience.tryMs);
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw error;
    }
  }
}

/** A history with holes decides nothing. */
const ownEventOf = (recorded: Recorded, stream: string): StoredEvent => {
  const event = storedEventOf(recorded, stream);
  if (!event) throw new Error(`Event ${recorded.revision} of ${stream} was not written by this service`);
  return event;
};

/** Where the events of an append stand, if anywhere. */
const placeOf = (expected: ExpectedRevision, count: number): ReadStreamOptions => {
  if (expected === 'any') return { direction: BACKWARDS, fromRevision: END, maxCount: count + lookBackEvents };
  return { fromRevision: expected === 'none' ? 0n : BigInt(expected + 1), maxCount: count };
};

const conflictWith = ({ actualVersion }: WrongExpectedVersionError): AppendResult => ({
  type: 'conflict',
  actual: typeof actualVersion === 'bigint' ? Number(actualVersion) : 'none',
});
