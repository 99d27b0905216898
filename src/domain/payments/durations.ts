const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Every duration that the payment rules know, in ms (design D3). Tests shorten them; production does not. */
export interface Durations {
  /** A caller has so long to bring its answer home before anybody else may act on its wish. */
  readonly answerWithinMs: number;
  /** When to look at Midtrans for a wish in doubt, counted from its first `answerBy`; after the last, every `lookEveryMs`. */
  readonly lookAfterMs: readonly number[];
  readonly lookEveryMs: number;
  /** A doubt older than this is an alarm. */
  readonly alarmAfterMs: number;
  /** "Not found" says something about a charge only so long after the last send (Midtrans' idempotency window is 5 min)... */
  readonly absenceCountsAfterMs: number;
  /** ...and only when seen again so much later. */
  readonly absenceRepeatedAfterMs: number;
  /** A charge that never reached Midtrans may be tried again for so long. */
  readonly chargeRetriesForMs: number;
  /** A refund in doubt is sent again with the same key for so long (Midtrans keeps keys for seven days). */
  readonly refundRetriesForMs: number;
  /** A Snap page that Midtrans does not know so long after its end has expired. */
  readonly pageGoneAfterMs: number;
  /** Midtrans' clock and ours may differ by so much. */
  readonly clocksDifferByMs: number;
  /** When to look again for what a notification says and Midtrans does not confirm at once: each counted from the look before. */
  readonly confirmAgainAfterMs: readonly number[];
  /** A notification about which Midtrans does not answer is put aside for a person once others were answered for so long. */
  readonly unansweredForMs: number;
}

export const durations: Durations = {
  answerWithinMs: 30 * second,
  lookAfterMs: [0, 30 * second, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour],
  lookEveryMs: hour,
  alarmAfterMs: hour,
  absenceCountsAfterMs: 10 * minute,
  absenceRepeatedAfterMs: minute,
  chargeRetriesForMs: day,
  refundRetriesForMs: 6 * day,
  pageGoneAfterMs: 10 * minute,
  clocksDifferByMs: 5 * minute,
  confirmAgainAfterMs: [2 * second, 8 * second, 20 * second],
  unansweredForMs: hour,
};
