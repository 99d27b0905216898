import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { NotificationFaults } from '../faults/notification-faults.js';
import type { Collection, Store } from '../store/store.js';
import type { Delivery } from './delivery.js';
import type { Attempt, Notification } from './notification.js';
import type { Pace } from './pace.js';
import { isDelivered, retryDelayMs } from './retry-policy.js';

/** A notification leaves this long after its cause. */
const leavesAfterMs = 10;
const duplicateFollowsAfterMs = 20;
/** A notification that is to be overtaken waits this long for the one that overtakes it. */
const heldForMs = 1_000;
const finishedKept = 20_000;

export type Message = Pick<Notification, 'kind' | 'subjectId' | 'orderId' | 'event' | 'body'>;

/** Sends what happened to the merchant and repeats it by Midtrans' schedule; remembers every attempt. */
export class Outbox {
  private readonly notifications: Collection<Notification>;
  private readonly held = new Map<string, string>();
  /** Ids of those that need nothing more, oldest first. */
  private readonly finished: string[] = [];
  private lastId = 0;

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
    private readonly delivery: Delivery,
    private readonly faults: NotificationFaults,
    private readonly pace: Pace,
  ) {
    this.notifications = store.collection('notifications');
    for (const notification of this.notifications.values()) {
      this.lastId = Math.max(this.lastId, Number(notification.id));
      if (notification.dueAt === null) this.finished.push(notification.id);
      this.schedule(notification);
    }
  }

  /** Oldest first. */
  all(): Notification[] {
    return [...this.notifications.values()];
  }

  get(id: string): Notification | undefined {
    return this.notifications.get(id);
  }

  send(message: Message, urls: readonly string[]): void {
    for (const url of urls) this.sendTo(url, message);
  }

  /** Sends it now, whatever became of it before. Undefined when there is none. */
  async resend(id: string): Promise<Notification | undefined> {
    const notification = this.notifications.get(id);
    return notification && this.attempt(notification);
  }

  /** After everything was forgotten; ids go on, so that late answers find nothing. */
  forget(): void {
    this.held.clear();
    this.finished.length = 0;
  }

  private sendTo(url: string, message: Message): void {
    const { lose, duplicate, delayMs, reorder } = this.faults.draw();
    if (lose) return this.keep(this.drawUp(message, url, null, 'lost'));

    const leavesAt = this.clock.now() + leavesAfterMs + delayMs + this.pace.delayMs(message.event);
    const overtaken = this.takeHeld(message.subjectId, url);
    const held = reorder && !overtaken;
    const notification = this.drawUp(message, url, held ? leavesAt + heldForMs : leavesAt, 'due');
    this.keep(notification);
    this.schedule(notification);
    if (held) this.held.set(holdKey(message.subjectId, url), notification.id);
    if (overtaken) this.postpone(overtaken, leavesAt + duplicateFollowsAfterMs);
    if (duplicate) this.clock.at(leavesAt + duplicateFollowsAfterMs, () => this.repeat(notification.id));
  }

  private drawUp(message: Message, url: string, dueAt: number | null, state: Notification['state']): Notification {
    const id = String(++this.lastId);
    return { ...message, id, url, createdAt: this.clock.now(), dueAt, state, attempts: [] };
  }

  private takeHeld(subjectId: string, url: string): Notification | undefined {
    const key = holdKey(subjectId, url);
    const notification = this.notifications.get(this.held.get(key) ?? '');
    this.held.delete(key);
    return notification?.attempts.length === 0 ? notification : undefined;
  }

  private postpone(notification: Notification, dueAt: number): void {
    const later = { ...notification, dueAt };
    this.keep(later);
    this.schedule(later);
  }

  private async repeat(id: string): Promise<void> {
    const notification = this.notifications.get(id);
    if (notification) await this.attempt(notification);
  }

  private schedule({ id, dueAt }: Notification): void {
    if (dueAt === null) return;
    this.clock.at(dueAt, async () => {
      const notification = this.notifications.get(id);
      if (notification?.dueAt === dueAt) await this.attempt(notification);
    });
  }

  private async attempt({ id, url, body }: Notification): Promise<Notification | undefined> {
    const at = this.clock.now();
    const started = performance.now();
    const answer = await this.delivery.post(url, body);
    const attempt = { at, ...answer, tookMs: Math.round(performance.now() - started) };
    const notification = this.notifications.get(id);
    if (!notification) return undefined;
    const tried = afterAttempt(notification, attempt, this.clock.now(), this.pace);
    this.keep(tried);
    this.schedule(tried);
    return tried;
  }

  private keep(notification: Notification): void {
    const before = this.notifications.get(notification.id);
    this.notifications.put(notification.id, notification);
    const endsNow = notification.dueAt === null && (!before || before.dueAt !== null);
    if (endsNow) this.finish(notification.id);
  }

  private finish(id: string): void {
    this.finished.push(id);
    const oldest = this.finished.length > finishedKept ? this.finished.shift() : undefined;
    if (oldest !== undefined) this.notifications.delete(oldest);
  }
}

const holdKey = (subjectId: string, url: string): string => `${subjectId} ${url}`;

/** What is on record after one more attempt. A notification once delivered stays so, whatever a repetition is answered. */
const afterAttempt = (notification: Notification, attempt: Attempt, now: number, pace: Pace): Notification => {
  const attempts = [...notification.attempts, attempt];
  if (notification.state === 'delivered' || isDelivered(attempt.status))
    return { ...notification, attempts, dueAt: null, state: 'delivered' };
  const delayMs = retryDelayMs(attempt.status, attempts.length);
  if (delayMs === undefined) return { ...notification, attempts, dueAt: null, state: 'failed' };
  return { ...notification, attempts, dueAt: now + pace.shiftedMs(delayMs), state: 'due' };
};
