import type { Instant } from '../../domain/time/instant.js';
import { backoffMs } from '../followers/backoff.js';
import type { FollowerWork } from '../followers/follower.js';
import type { ParkedKeys } from '../parking/parked-keys.js';
import type { Resumable } from '../parking/resume-parked-key.js';
import type { Clock } from '../ports/clock.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../ports/event-log.js';
import { inboxIdOf, inboxPartitionOf, inboxStreamPrefix, orderOfInboxEvent } from './inbox-events.js';
import { NotNow, type SettleNotifications } from './settle-notifications.js';

export interface NotificationWorkerParts {
  readonly settleNotifications: SettleNotifications;
  readonly parkedKeys: ParkedKeys;
  readonly clock: Clock;
}

const follower = 'notifications:1';

const firstPauseMs = 250;
const longestPauseMs = 60_000;
/** Tries before something that is nobody's outage is put aside for a person. */
const triesMax = 5;

/**
 * Turns stored notifications into what they say, confirmed by GET status, since their status is not signed (design D4). In order
 * within an order, many orders at once; those of one order that wait together share one look.
 */
export class NotificationWorker implements FollowerWork {
  readonly name = follower;
  readonly streamPrefixes = [inboxStreamPrefix];
  readonly batchMax = 64;
  readonly batchesMax = 32;
  readonly partitionOf = inboxPartitionOf;
  private readonly tails = new Map<string, Promise<void>>();

  constructor(private readonly parts: NotificationWorkerParts) {}

  async handle(events: readonly StoredEvent[], signal: AbortSignal): Promise<void> {
    const byOrder = new Map<string, StoredEvent[]>();
    for (const event of events) {
      const order = orderOfInboxEvent(event);
      const waiting = byOrder.get(order);
      if (waiting) waiting.push(event);
      else byOrder.set(order, [event]);
    }
    await Promise.all(
      [...byOrder].map(([order, waiting]) => this.inLine(order, () => this.handleTogether(waiting, signal))),
    );
  }

  /** One after the other within an order, whichever batch they came in. */
  private async inLine(order: string, work: () => Promise<void>): Promise<void> {
    const before = this.tails.get(order) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.tails.set(order, settled);
    try {
      await mine;
    } finally {
      if (this.tails.get(order) === settled) this.tails.delete(order);
    }
  }

  /** Until it is done or parked. Rejects only when it is to be put down meanwhile. */
  private async handleTogether(events: readonly StoredEvent[], signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    let faults = 0;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.parts.settleNotifications.execute(events);
      } catch (error) {
        if (signal.aborted) throw error;
        const somebodysOutage = error instanceof NotNow || error instanceof StoreUnavailable;
        faults += somebodysOutage ? 0 : 1;
        if (faults >= triesMax) return await this.giveUp(events, error, signal);
        await clock.sleep(backoffMs(failures, firstPauseMs, longestPauseMs), signal);
        if (signal.aborted) throw error;
      }
    }
  }

  /** Of several that waited together, one alone may be at fault: each is tried by itself. */
  private async giveUp(events: readonly StoredEvent[], cause: unknown, signal: AbortSignal): Promise<void> {
    const [first, ...more] = events;
    if (first === undefined) return;
    if (more.length === 0) return this.park(first, cause);
    for (const event of events) await this.handleTogether([event], signal);
  }

  /** Without opening it, which may be just what cannot be done. */
  private async park(event: StoredEvent, error: unknown): Promise<void> {
    const { parkedKeys, settleNotifications } = this.parts;
    const [eventId, key] = [event.id, orderOfInboxEvent(event)];
    await parkedKeys.park({ follower, key, subject: eventId, event, error, tries: triesMax });
    const parked = { eventId, inboxId: inboxIdOf(event), subject: key, receivedAt: timeOf(event) };
    await settleNotifications.keepVerdict([parked], 'parked');
  }
}

const timeOf = ({ metadata }: StoredEvent): Instant => (typeof metadata['time'] === 'string' ? metadata['time'] : '');

/** Takes up one that was parked. Later ones of its order were handled all the same, so nothing else waits for it. */
export const notificationAgain = (settleNotifications: SettleNotifications, eventLog: EventLog): Resumable => ({
  follower,
  async again({ stream, revision, id }) {
    const [event] = await eventLog.read(stream, { from: revision, limit: 1 });
    // In a log that was put back from a backup another may stand there.
    if (event?.id !== id) throw new Error(`${stream}@${revision} is not in the log any more`);
    try {
      await settleNotifications.execute([event]);
      return null;
    } catch (error) {
      if (error instanceof NotNow) return error.failure;
      throw error;
    }
  },
});
