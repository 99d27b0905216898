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
  private unanswered = { sinceMs: Infinity, whileOthersWereMs: 0 };

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
    return this.durations.confirmAgainAfterMs[this.looks++] ?? 0;
  }

  /** How long to wait before the next try; null: it is of no use. */
  afterFailure(error: unknown, nowMs: number, isCrowded: boolean): number | null {
    this.tries += 1;
    if (error instanceof NotNow) this.notAnswered(nowMs);
    else if (!(error instanceof StoreUnavailable)) this.faults += 1;
    const { unansweredForMs } = this.durations;
    const most = isCrowded ? Math.min(leastUnansweredMs, unansweredForMs) : unansweredForMs;
    const isOver = this.faults >= faultsMax || this.unanswered.whileOthersWereMs >= most;
    return isOver ? null : backoffMs(this.failures++, firstPauseMs, longestPauseMs);
  }

  /** Time counts only where Midtrans has answered somebody in it: while it answers nobody, everybody waits. */
  private notAnswered(nowMs: number): void {
    const { sinceMs } = this.unanswered;
    if (this.answers.lastMs > sinceMs) this.unanswered.whileOthersWereMs += nowMs - sinceMs;
    this.unanswered.sinceMs = nowMs;
  }
}
