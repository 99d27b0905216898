import { BACKWARDS, END } from '@eventstore/db-client';
import { FeedInterrupted } from '../../application/ports/event-feed.js';
import type { EventFeed, FeedBatch, FeedFilter, FeedPosition } from '../../application/ports/event-feed.js';
import type { StoredEvent } from '../../application/ports/event-log.js';
import type { Connection } from './connection.js';
import { storedEventOf } from './event-json.js';
import type { Recorded } from './event-json.js';
import { isKnown, positionText, readPositionOf } from './position.js';
import { visit } from './reading.js';
import { passes } from './stream-names.js';
import type { StreamNames } from './stream-names.js';
import { takenFrom } from './subscription.js';
import type { CheckpointReached } from './subscription.js';

const batchMaxDefault = 1_000;
/** Events of $all looked at in one page, ours or not. */
const pageEventsMin = 1_000;
/** Events that the server looks at before it tells how far it has come. */
const searchWindow = 500;
/** Events that wait here for a slow consumer; further ones wait at the server. */
const waitingMax = 1_000;

/** $all of EventStoreDB, as far as it is ours, from any node. What others wrote, and what EventStoreDB writes itself, is left out. */
export class EventStoreDbEventFeed implements EventFeed {
  constructor(
    private readonly connection: Connection,
    private readonly names: StreamNames,
    /** Knows the end; another node may be a little behind. */
    private readonly leader: Connection,
  ) {}

  async readAfter(after: FeedPosition, filter: FeedFilter, limit = batchMaxDefault): Promise<FeedBatch> {
    const { patience, requiresLeader } = this.connection;
    const fromPosition = readPositionOf(after);
    // A read begins with the event at the position that it is given.
    const maxCount = Math.max(limit, pageEventsMin) + 1;
    return this.connection.answered('read the feed', async (client) => {
      const events: StoredEvent[] = [];
      let position = after;
      let lookedAt = 0;
      let isFull = false;
      await visit(client.readAll({ fromPosition, maxCount, requiresLeader }), patience.tryMs, (recorded) => {
        lookedAt += 1;
        if (!isAfter(recorded, after)) return true;
        isFull = events.length === limit;
        if (isFull) return false;
        position = placeOf(recorded);
        events.push(...this.passing(recorded, filter));
        return true;
      });
      return { events, position, atEnd: !isFull && lookedAt < maxCount };
    });
  }

  async *follow(
    after: FeedPosition,
    filter: FeedFilter,
    signal: AbortSignal,
    batchMax = batchMaxDefault,
  ): AsyncGenerator<FeedBatch, void> {
    const { patience, requiresLeader } = this.connection;
    const fromPosition = readPositionOf(after);
    const subscribe = (checkpointReached: CheckpointReached) => {
      const serverFilter = this.names.filter(filter.streamPrefixes, {
        maxSearchWindow: searchWindow,
        checkpointReached,
      });
      const options = { fromPosition, requiresLeader, filter: serverFilter };
      return this.connection.subscribed((client) => client.subscribeToAll(options));
    };
    const batches = takenFrom(subscribe, { signal, batchMax, waitingMax, confirmedWithinMs: patience.answerWithinMs });
    try {
      for await (const { recorded, reached, atEnd } of batches) {
        const events = recorded.flatMap((event) => this.passing(event, filter));
        yield { events, position: positionText(reached), atEnd };
      }
    } catch (error) {
      throw new FeedInterrupted(error);
    }
  }

  async countAfter(after: FeedPosition, filter: FeedFilter, atMost: number): Promise<number> {
    const { patience, requiresLeader } = this.connection;
    const fromPosition = readPositionOf(after);
    if (atMost <= 0) return 0;
    return this.connection.answered('count the feed', async (client) => {
      let count = 0;
      await visit(client.readAll({ fromPosition, requiresLeader }), patience.tryMs, (recorded) => {
        if (isAfter(recorded, after)) count += this.passing(recorded, filter).length;
        return count < atMost;
      });
      return count;
    });
  }

  async end(): Promise<FeedPosition> {
    const { patience } = this.leader;
    return this.leader.answered('read the end of the feed', async (client) => {
      let end: FeedPosition = 'start';
      const last = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true });
      await visit(last, patience.tryMs, (recorded) => {
        end = placeOf(recorded);
        return true;
      });
      return end;
    });
  }

  /** The event as ours, or nothing: the client's reads know no filter, and a server's filter not everything that is not ours. */
  private passing(recorded: Recorded, { streamPrefixes }: FeedFilter): readonly StoredEvent[] {
    const stream = this.names.own(recorded.streamId);
    if (stream === undefined || !passes(stream, streamPrefixes)) return [];
    const event = storedEventOf(recorded, stream);
    return event ? [event] : [];
  }
}

const placeOf = ({ position, streamId, revision }: Recorded): string => {
  if (!isKnown(position)) throw new Error(`EventStoreDB tells no position of event ${revision} of ${streamId}`);
  return positionText(position);
};

const isAfter = (recorded: Recorded, after: FeedPosition): boolean => after === 'start' || placeOf(recorded) > after;
