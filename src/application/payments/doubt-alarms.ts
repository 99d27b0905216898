import { doubtSince } from '../../domain/payments/doubts.js';
import type { Durations } from '../../domain/payments/durations.js';
import { msBetween } from '../../domain/time/instant.js';
import type { Clock } from '../ports/clock.js';
import type { CollectionDeclaration, Documents } from '../ports/documents.js';
import type { Journal } from '../ports/journal.js';
import type { KnownAt } from './payment-histories.js';

/** Alarms that a person has been given, kept beside the log. `_id`: payment id and the moment from which it is in doubt. */
export const doubtAlarmCollection = {
  name: 'doubt_alarms',
  indexes: [],
  shapes: {},
} as const satisfies CollectionDeclaration;

/** Tells a person of each doubt that has grown old, once: also after a restart, and whichever process looks after it. */
export class DoubtAlarms {
  constructor(
    private readonly records: Pick<Documents, 'get' | 'insertIfAbsent'>,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly durations: Durations,
  ) {}

  /** Another doubt of the same payment is another alarm. @returns whether it was raised now @throws StoreUnavailable */
  async raiseWhenOld({ id, state }: KnownAt): Promise<boolean> {
    const since = doubtSince(state);
    const now = this.clock.now();
    if (since === null || msBetween(since, now) < this.durations.alarmAfterMs) return false;
    const alarmId = `${id}@${since}`;
    if (await this.records.get(doubtAlarmCollection, alarmId)) return false;
    // Before it is on record: a process that dies in between tells it twice, which is better than never.
    this.journal.alarm('in_doubt_too_long', 'Midtrans does not tell what became of a call; look into its dashboard', {
      payment_id: id,
      order_id: state.orderId,
      since,
    });
    const document = { order_id: state.orderId, since, raised_at: now };
    await this.records.insertIfAbsent(doubtAlarmCollection, { id: alarmId, revision: 0, document });
    return true;
  }
}
