import { after, earliest, epochMs, type Instant } from '../time/instant.js';
import type { Durations } from './durations.js';
import { pageWaits } from './page.js';
import type { KnownPayment, OpenWish } from './state.js';

const offsetOf = (looks: number, { lookAfterMs, lookEveryMs }: Durations): number => {
  const planned = lookAfterMs[looks];
  if (planned !== undefined) return planned;
  return (lookAfterMs.at(-1) ?? 0) + (looks - lookAfterMs.length + 1) * lookEveryMs;
};

/** When this wish may be looked at next: never before its caller's time is up (design D3). */
const wishDue = (wish: OpenWish, durations: Durations): Instant => {
  const planned = after(wish.firstAnswerBy, offsetOf(wish.looks, durations));
  return planned > wish.answerBy ? planned : wish.answerBy;
};

const chargeDue = ({ charge, initiatedAt }: KnownPayment, durations: Durations): Instant | null => {
  switch (charge.phase) {
    case 'calling': {
      const again = charge.absentSince && after(charge.absentSince, durations.absenceRepeatedAfterMs);
      return earliest([wishDue(charge.wish, durations), again]);
    }
    case 'not_sent':
      return after(initiatedAt, durations.chargeRetriesForMs);
    default:
      return null;
  }
};

/** A page ends without a word from Midtrans (midtrans-facts 4.3), and a last try may not have been heard of: somebody has to ask. */
const pageDue = (payment: KnownPayment, durations: Durations): Instant | null =>
  pageWaits(payment) ? after(payment.expiresAt, durations.pageGoneAfterMs) : null;

/** An earlier send of this wish may have been carried out, so that a later one's "no" does not settle it. */
export const mayHaveBeenCarriedOut = ({ sends, unanswered }: OpenWish): boolean => sends > 1 || unanswered;

/** The answer to the send with this `answerBy` says nothing of this wish: it has been sent again, or wished anew, since. */
export const sentSince = (wish: OpenWish, answerBy: Instant): boolean => wish.answerBy !== answerBy;

/** When somebody has to look after this payment; null: nothing is in doubt. */
export const nextLookAt = (payment: KnownPayment, durations: Durations): Instant | null =>
  earliest([
    chargeDue(payment, durations),
    pageDue(payment, durations),
    payment.action && wishDue(payment.action.wish, durations),
    ...payment.refunds.map(({ wish, abandoned }) => (wish && !abandoned ? wishDue(wish, durations) : null)),
  ]);

/**
 * When somebody has to look, be it only because a doubt has grown old enough for an alarm: extra looks put off the planned ones, and
 * not the alarm.
 * @param lastEventAt what a person was told is told by an event at or after that time: the look that went with it
 */
export const nextVisitAt = (payment: KnownPayment, lastEventAt: Instant, durations: Durations): Instant | null => {
  const since = doubtSince(payment);
  const alarmAt = since && after(since, durations.alarmAfterMs);
  return earliest([nextLookAt(payment, durations), alarmAt && alarmAt > lastEventAt ? alarmAt : null]);
};

/** Since when the oldest wish without an outcome has been open; null: there is none. */
export const doubtSince = ({ charge, action, refunds }: KnownPayment): Instant | null =>
  earliest([
    charge.phase === 'calling' ? charge.wish.firstAnswerBy : null,
    action && action.wish.firstAnswerBy,
    ...refunds.map(({ wish }) => wish && wish.firstAnswerBy),
  ]);

/** Missing at Midtrans says something only when its idempotency window since the last send is over. */
export const absenceCounts = (wish: OpenWish, at: Instant, { absenceCountsAfterMs }: Durations): boolean =>
  epochMs(at) - epochMs(wish.sentAt) >= absenceCountsAfterMs;
