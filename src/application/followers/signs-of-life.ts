import type { Lease } from '../ports/leases.js';

interface Sign {
  readonly lease: Lease;
  readonly sinceMs: number;
}

/** Who is alive, judged by nothing but the watcher's own clock and what changed while it was watching (design D6). */
export class SignsOfLife {
  private readonly last = new Map<string, Sign>();
  private watchedAtMs = -Infinity;

  /** @param deadAfterMs without a sign, while watched all the time, before a holder counts as dead */
  constructor(private readonly deadAfterMs: number) {}

  /** @param nowMs monotonic, from before the leases were read */
  see(leases: ReadonlyMap<string, Lease>, nowMs: number): void {
    // Whoever looked away for long cannot tell who was silent meanwhile.
    if (nowMs - this.watchedAtMs > this.deadAfterMs / 2) this.last.clear();
    this.watchedAtMs = nowMs;
    for (const [name, lease] of leases)
      if (!this.isUnchanged(name, lease)) this.last.set(name, { lease, sinceMs: nowMs });
  }

  /** Of a lease that was seen just now. */
  isHeld(name: string): boolean {
    const sign = this.last.get(name);
    return sign !== undefined && sign.lease.holder !== '' && this.watchedAtMs - sign.sinceMs < this.deadAfterMs;
  }

  private isUnchanged(name: string, { epoch, beat, holder }: Lease): boolean {
    const before = this.last.get(name)?.lease;
    return before?.epoch === epoch && before.beat === beat && before.holder === holder;
  }
}
