import type { Collection } from '../store/store.js';
import { Agenda } from './agenda.js';

const timerMsMax = 2_147_483_647;

/**
 * The one clock of the simulator: real time plus what it was advanced by. Everything with a time (expiry, retries of
 * notifications, the settlement batch, the idempotency window, the life of tokens) reads it or stands on its agenda.
 */
export class SimulatorClock {
  private readonly agenda = new Agenda();
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private advancing: Promise<void> = Promise.resolve();
  private paused = false;
  private offsetMs: number;

  /** `memory` keeps how far ahead the clock is, so that a restart does not turn it back. */
  constructor(
    private readonly memory: Collection<number>,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.offsetMs = memory.get('ahead_ms') ?? 0;
  }

  /** Milliseconds since 1970 on this clock. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** How far this clock is ahead of real time, in milliseconds. */
  get aheadMs(): number {
    return this.offsetMs;
  }

  /** Runs `run` once the clock shows `dueAt`. There is no taking back: a task checks whether it still applies. */
  at(dueAt: number, run: () => void | Promise<void>): void {
    this.agenda.add({ dueAt, run });
    if (this.agenda.next()?.dueAt === dueAt) this.arm();
  }

  /**
   * Moves the clock and does all that became due, in order of due time, each at its own time and one after the other,
   * before it resolves. What was already being done is finished first. Two advances run one after the other.
   */
  advance(ms: number): Promise<void> {
    const advanced = this.advancing.then(() => this.advanceNow(ms));
    this.advancing = advanced.catch(() => undefined);
    return advanced;
  }

  /** Forgets all tasks, lets what is running end, and returns to real time. */
  async reset(): Promise<void> {
    this.agenda.clear();
    await this.advancing;
    await this.settled();
    this.agenda.clear();
    this.offsetMs = 0;
    this.arm();
  }

  /** Fires nothing any more and waits for what is running. */
  async stop(): Promise<void> {
    this.paused = true;
    this.agenda.clear();
    clearTimeout(this.timer);
    await this.settled();
  }

  private async advanceNow(ms: number): Promise<void> {
    this.paused = true;
    try {
      await this.settled();
      const target = this.now() + ms;
      // Real time goes on meanwhile, and may overtake the target.
      const takeDue = () => this.agenda.takeDue(Math.max(target, this.now()));
      for (let task = takeDue(); task; task = takeDue()) {
        this.jumpTo(task.dueAt);
        await this.run(task.run);
      }
      this.jumpTo(target);
    } finally {
      this.paused = false;
      this.arm();
    }
  }

  private jumpTo(epochMs: number): void {
    const aheadMs = epochMs - this.now();
    if (aheadMs <= 0) return;
    this.offsetMs += aheadMs;
    this.memory.put('ahead_ms', this.offsetMs);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.agenda.next();
    if (!next || this.paused) return;
    const waitMs = Math.min(Math.max(next.dueAt - this.now(), 0), timerMsMax);
    this.timer = setTimeout(() => this.tick(), waitMs);
  }

  private tick(): void {
    if (this.paused) return;
    for (let task = this.agenda.takeDue(this.now()); task; task = this.agenda.takeDue(this.now())) {
      const work = this.run(task.run);
      this.running.add(work);
      void work.finally(() => this.running.delete(work));
    }
    this.arm();
  }

  private async run(task: () => void | Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.onFailure(error);
    }
  }

  private async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
