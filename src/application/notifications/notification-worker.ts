import type { Durations } from '../../domain/payments/durations.js';
import type { Instant } from '../../domain/time/instant.js';
import type { FollowerWork, PutOff } from '../followers/follower.js';
import type { LeftWork } from '../followers/left-work.js';
import type { ParkedKeys } from '../parking/parked-keys.js';
import type { Resumable } from '../parking/resume-parked-key.js';
import type { Clock } from '../ports/clock.js';
import { StoreUnavailable, type EventLog, type StoredEvent } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import { inboxIdOf, inboxPartitionOf, inboxStreamPrefix, orderOfInboxEvent } from './inbox-events.js';
import { Patience } from './patience.js';
import { NotNow, type Outcome, type SettleNotifications, type ToSettle } from './settle-notifications.js';

export interface NotificationWorkerParts {
  readonly settleNotifications: SettleNotifications;
  readonly parkedKeys: ParkedKeys;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly durations: Durations;
  readonly leftWork: LeftWork;
}

const follower = 'notifications:1';

/** Settled together, of one order. */
const togetherMax = 256;
/** So many of one order are looked at again; while they are, whatever Midtrans comes to say is seen for all others too. */
const lookingAgainMax = 64;
/** With more put off, one that Midtrans does not answer is put aside sooner, to make room. */
const crowdedFrom = 256;
/** Before a notification that could not even be put aside is tried again. */
const notParkedPauseMs = 5_000;

/** What there is to do about one order. */
interface Line {
  readonly waiting: (ToSettle & { readonly settled: (outcome: Outcome) => void })[];
  isAtWork: boolean;
  /** Notifications in hand: without any there is no line. */
  held: number;
  lookingAgain: number;
  isTold: boolean;
}

/** A notification in hand. */
interface Held {
  readonly event: StoredEvent;
  readonly order: string;
  readonly line: Line;
  readonly patience: Patience;
  isLookingAgain: boolean;
}

/** Of one order, to be tried again together. */
interface Left {
  readonly held: Held[];
  readonly pauseMs: number;
}

/** What of a batch was put off. */
interface Batch {
  left: number;
  isPutDown: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Turns stored notifications into what they say, confirmed by GET status, since their status is not signed (design D4). One look at
 * a time within an order, many orders at once; those of one order that wait together share a look. One that has to be tried later
 * is put off, and not even its order waits for it: observations are decided by rank, so their order does not matter.
 */
export class NotificationWorker implements FollowerWork {
  readonly name = follower;
  readonly streamPrefixes = [inboxStreamPrefix];
  readonly batchMax = 64;
  readonly batchesMax = 32;
  readonly partitionOf = inboxPartitionOf;
  private readonly lines = new Map<string, Line>();
  private putOff = 0;
  private readonly answers = { lastMs: -Infinity };
  /** Whose silence was told, and has not ended since. */
  private readonly silent = new Set<'midtrans' | 'store'>();

  constructor(private readonly parts: NotificationWorkerParts) {}

  /** Each is tried once; what then has to be tried again is put off. */
  async handle(events: readonly StoredEvent[], signal: AbortSignal): Promise<PutOff | undefined> {
    const left = await this.untilPutDown(
      events.map((event) => this.takeUp(event)),
      signal,
    );
    if (left === 'left') throw putDown();
    const count = left.reduce((sum, { held }) => sum + held.length, 0);
    if (count === 0) return undefined;
    const done = new Promise<void>((resolve, reject) => {
      const batch = { left: count, isPutDown: false, resolve, reject };
      for (const one of left) void this.later(one, batch, signal);
    });
    return { events: count, done };
  }

  /** What is to be tried again; `left` when that is somebody else's affair by then. */
  private async untilPutDown(inHand: readonly Held[], signal: AbortSignal): Promise<readonly Left[] | 'left'> {
    const tries = this.tryAll(inHand);
    const left = await this.parts.leftWork.untilPutDown(tries, signal);
    if (left === 'left') void tries.then((again) => this.letAllGo(again));
    return left;
  }

  private async tryAll(inHand: readonly Held[]): Promise<readonly Left[]> {
    const left: Left[] = [];
    const tries = inHand.map(async (held) => {
      const pauseMs = await this.tryOnce(held);
      if (pauseMs === null) return this.letGo(held);
      const others = left.find((one) => one.pauseMs === pauseMs && one.held[0]?.line === held.line);
      if (others) others.held.push(held);
      else left.push({ held: [held], pauseMs });
    });
    await Promise.all(tries);
    return left;
  }

  private async later({ held, pauseMs }: Left, batch: Batch, signal: AbortSignal): Promise<void> {
    this.putOff += held.length;
    await this.parts.clock.sleep(pauseMs, signal);
    this.putOff -= held.length;
    if (signal.aborted) {
      batch.isPutDown = true;
      for (const one of held) this.letGo(one);
      return this.finish(held.length, batch);
    }
    const left = await this.untilPutDown(held, signal);
    if (left === 'left') {
      batch.isPutDown = true;
      return this.finish(held.length, batch);
    }
    for (const one of left) void this.later(one, batch, signal);
    this.finish(
      left.reduce((count, one) => count - one.held.length, held.length),
      batch,
    );
  }

  private finish(count: number, batch: Batch): void {
    batch.left -= count;
    if (batch.left > 0) return;
    if (batch.isPutDown) batch.reject(putDown());
    else batch.resolve();
  }

  private takeUp(event: StoredEvent): Held {
    const order = orderOfInboxEvent(event);
    const line = this.lines.get(order) ?? { waiting: [], isAtWork: false, held: 0, lookingAgain: 0, isTold: false };
    this.lines.set(order, line);
    line.held += 1;
    const patience = new Patience(this.parts.durations, this.answers);
    return { event, order, line, patience, isLookingAgain: false };
  }

  private letAllGo(left: readonly Left[]): void {
    for (const { held } of left) for (const one of held) this.letGo(one);
  }

  private letGo({ order, line, isLookingAgain }: Held): undefined {
    line.held -= 1;
    line.lookingAgain -= isLookingAgain ? 1 : 0;
    if (line.held === 0) this.lines.delete(order);
  }

  /** How long to wait before the next try; null: it has its verdict, or is parked. */
  private async tryOnce(held: Held): Promise<number | null> {
    const outcome = await this.inLine(held);
    if (outcome.type === 'settled') return null;
    return outcome.type === 'unconfirmed' ? held.patience.afterLook() : this.failed(held, outcome.error);
  }

  private inLine(held: Held): Promise<Outcome> {
    const { event, line } = held;
    return new Promise((settled) => {
      line.waiting.push({ event, looksAgain: () => this.looksAgain(held), settled });
      if (!line.isAtWork) void this.workOn(line);
    });
  }

  /** One round after the other, each with all that have come by then. */
  private async workOn(line: Line): Promise<void> {
    line.isAtWork = true;
    // What comes in the same breath belongs together.
    await Promise.resolve();
    while (line.waiting.length > 0) {
      const together = line.waiting.splice(0, togetherMax);
      const { outcomes, answered } = await this.parts.settleNotifications.execute(together);
      if (answered) this.midtransAnswers();
      if (outcomes.some(({ type }) => type === 'settled')) this.silent.delete('store');
      for (const [n, { settled }] of together.entries()) settled(outcomes[n] as Outcome);
    }
    line.isAtWork = false;
  }

  private looksAgain(held: Held): boolean {
    if (!held.patience.looksAgain) return false;
    if (!held.isLookingAgain && held.line.lookingAgain < lookingAgainMax) {
      held.isLookingAgain = true;
      held.line.lookingAgain += 1;
    }
    return held.isLookingAgain;
  }

  private midtransAnswers(): void {
    this.answers.lastMs = this.parts.clock.monotonicMs();
    this.silent.delete('midtrans');
  }

  private async failed(held: Held, error: unknown): Promise<number | null> {
    const { patience } = held;
    const pauseMs = patience.afterFailure(error, this.parts.clock.monotonicMs(), this.putOff >= crowdedFrom);
    this.tellOnce(held, error);
    if (pauseMs !== null) return pauseMs;
    try {
      await this.park(held, error);
      return null;
    } catch (notParked) {
      this.tellOnce(held, notParked);
      return notParkedPauseMs;
    }
  }

  /** Without opening it, which may be just what cannot be done. */
  private async park({ event, order, patience }: Held, error: unknown): Promise<void> {
    const { parkedKeys, settleNotifications } = this.parts;
    const { tries } = patience;
    await parkedKeys.park({ follower, key: order, subject: event.id, event, error, tries });
    const parked = { eventId: event.id, inboxId: inboxIdOf(event), subject: order, receivedAt: timeOf(event) };
    await settleNotifications.keepVerdicts([[parked, 'parked']]);
  }

  /** Of an outage once, and of an order once. */
  private tellOnce({ order, line }: Held, error: unknown): void {
    const whose = error instanceof NotNow ? 'midtrans' : error instanceof StoreUnavailable ? 'store' : undefined;
    if (whose === undefined || line.isTold || this.silent.has(whose)) return;
    line.isTold = true;
    this.silent.add(whose);
    const why = error instanceof Error ? error.message : String(error);
    this.parts.journal.warn(waitsBecause[whose], { order_id: order, error: why });
  }
}

const putDown = (): Error => new Error('Notifications were put down before they had their verdict');

const waitsBecause = {
  midtrans:
    'Midtrans does not tell how a transaction stands, so its notification waits and is tried again; if that lasts, look at the order in the dashboard of Midtrans. While Midtrans answers nobody all wait; if it answers others, this one will be parked',
  store: 'A store does not answer, so notifications wait and are tried again; none is lost',
} as const;

const timeOf = ({ metadata }: StoredEvent): Instant => (typeof metadata['time'] === 'string' ? metadata['time'] : '');

/** Takes up one that was parked. Later ones of its order were handled all the same, so nothing else waits for it. */
export const notificationAgain = (settleNotifications: SettleNotifications, eventLog: EventLog): Resumable => ({
  follower,
  async again({ stream, revision, id }) {
    const [event] = await eventLog.read(stream, { from: revision, limit: 1 });
    // In a log that was put back from a backup another may stand there.
    if (event?.id !== id) throw new Error(`${stream}@${revision} is not in the log any more`);
    // A person waits for the answer, and it is not the first time that Midtrans is asked.
    const { outcomes } = await settleNotifications.execute([{ event, looksAgain: () => false }]);
    const [outcome] = outcomes;
    if (outcome?.type !== 'failed') return null;
    if (outcome.error instanceof NotNow) return outcome.error.failure;
    throw outcome.error;
  },
});
