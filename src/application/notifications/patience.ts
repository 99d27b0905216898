import type { Durations } from '../../domain/payments/durations.js';
import { backoffMs } from '../followers/backoff.js';
import { StoreUnavailable } from '../ports/event-log.js';
import { NotNow } from './settle-notifications.js';

const firstPauseMs = 250;
const longestPauseMs = 60_000;
/** Tries before something that is nobody's outage is put aside for a person. */
const faultsMax = 5;
/** Where too many wait, one that Midtrans does not answer gets no more than this. */
const leastUnansweredMs = 60_000;

/** When Midtrans has answered anybody last, in monotonic ms. */
export interface GatewayAnswers {
  readonly lastMs: number;
}

/** How often and how long one notification is tried before it gets its verdict or is put aside. */
export class Patience {
  tries = 0;
  private faults = 0;
  private failures = 0;
  private looks = 0;
  private unansweredSinceMs = Infinity;
  private unansweredMs = 0;

  constructor(
    private readonly durations: Durations,
    private readonly answers: GatewayAnswers,
  ) {}

  /** Whether what is not confirmed now is looked at again. */
  get looksAgain(): boolean {
    return this.looks < this.durations.confirmAgainAfterMs.length;
  }

  /** How long to wait before the next look. */
  afterLook(): number {
    this.failures = 0;
    this.unansweredMs = 0;
    this.unansweredSinceMs = Infinity;
    return this.durations.confirmAgainAfterMs[this.looks++] ?? 0;
  }

  /** How long to wait before the next try; null: it is of no use. */
  afterFailure(error: unknown, nowMs: number, isCrowded: boolean): number | null {
    this.tries += 1;
    if (!(error instanceof NotNow || error instanceof StoreUnavailable)) this.faults += 1;
    this.countUnanswered(error instanceof NotNow, nowMs);
    const { unansweredForMs } = this.durations;
    const most = isCrowded ? Math.min(leastUnansweredMs, unansweredForMs) : unansweredForMs;
    const isOver = this.faults >= faultsMax || this.unansweredMs >= most;
    return isOver ? null : backoffMs(this.failures++, firstPauseMs, longestPauseMs);
  }

  /** From one try to the next, if Midtrans has answered somebody in between: while it answers nobody, everybody waits. */
  private countUnanswered(isUnanswered: boolean, nowMs: number): void {
    if (isUnanswered && this.answers.lastMs > this.unansweredSinceMs)
      this.unansweredMs += nowMs - this.unansweredSinceMs;
    this.unansweredSinceMs = isUnanswered ? nowMs : Infinity;
  }
}
