import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { Lease, Leases } from '../ports/leases.js';

/** In ms (design D6). */
export interface LeaseTiming {
  /** Between two signs of life. */
  readonly beatMs: number;
  /** A holder that gave no sign of life for so long, by the watcher's own clock, is dead. */
  readonly deadAfterMs: number;
}

export const leaseTiming: LeaseTiming = { beatMs: 2_000, deadAfterMs: 8_000 };

export interface LeaseHolderParts {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly timing: LeaseTiming;
}

/** Works only while it holds a lease, so that of many processes one does. The epoch tells its writes from those of the dead. */
export class LeaseHolder {
  constructor(
    private readonly name: string,
    private readonly holder: string,
    private readonly parts: LeaseHolderParts,
  ) {}

  /**
   * Until `signal` aborts: waits for the lease, works while it is held, and waits again when it is lost.
   * @param work ends when its own signal aborts: the lease is lost, or is not sure any more
   */
  async run(signal: AbortSignal, work: (epoch: number, signal: AbortSignal) => Promise<void>): Promise<void> {
    const { journal } = this.parts;
    while (!signal.aborted) {
      const lease = await this.acquire(signal);
      if (lease === undefined) return;
      journal.info(`This process works on ${this.name} now`, { epoch: lease.epoch });
      await this.hold(lease.epoch, signal, work);
      if (!signal.aborted)
        journal.warn(`This process has lost ${this.name}; another may have it`, { epoch: lease.epoch });
    }
  }

  /** undefined: the service stops. */
  private async acquire(signal: AbortSignal): Promise<Lease | undefined> {
    const { leases, clock, timing, journal } = this.parts;
    let seen: { readonly lease: Lease; readonly sinceMs: number } | undefined;
    while (!signal.aborted) {
      try {
        const lease = await leases.read(this.name);
        const now = clock.monotonicMs();
        if (lease && !(seen && isSame(seen.lease, lease))) seen = { lease, sinceMs: now };
        const isFree = !lease || lease.holder === '' || (seen && now - seen.sinceMs >= timing.deadAfterMs);
        const taken = isFree ? await leases.take(this.name, this.holder, lease) : undefined;
        if (taken) return taken;
      } catch (error) {
        journal.warn(`The lease of ${this.name} cannot be read; it will be tried again`, { error: messageOf(error) });
      }
      await clock.sleep(timing.beatMs, signal);
    }
    return undefined;
  }

  private async hold(
    epoch: number,
    signal: AbortSignal,
    work: (epoch: number, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const lost = new AbortController();
    const working = work(epoch, AbortSignal.any([signal, lost.signal]));
    await this.beatWhileHeld(epoch, signal);
    lost.abort();
    await working;
    await this.release(epoch);
  }

  /** Resolves when the lease is lost, or when it was not confirmed for so long that others may think us dead soon. */
  private async beatWhileHeld(epoch: number, signal: AbortSignal): Promise<void> {
    const { leases, clock, timing } = this.parts;
    let confirmedAtMs = clock.monotonicMs();
    for (;;) {
      await clock.sleep(timing.beatMs, signal);
      if (signal.aborted) return;
      const askedAtMs = clock.monotonicMs();
      try {
        if (!(await leases.beat(this.name, this.holder, epoch))) return;
        confirmedAtMs = askedAtMs;
      } catch {
        if (clock.monotonicMs() - confirmedAtMs > timing.deadAfterMs - timing.beatMs) return;
      }
    }
  }

  /** So that nobody has to wait for a death. */
  private async release(epoch: number): Promise<void> {
    try {
      await this.parts.leases.release(this.name, this.holder, epoch);
    } catch (error) {
      this.parts.journal.warn(`The lease of ${this.name} was not given up; others take it over in a while`, {
        error: messageOf(error),
      });
    }
  }
}

const isSame = (a: Lease, b: Lease): boolean => a.epoch === b.epoch && a.beat === b.beat;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
