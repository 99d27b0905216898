import { randomFillSync } from 'node:crypto';
import type { Ids } from '../../application/ports/ids.js';

/** Counted within a millisecond in the 12 bits after the time and the 14 after the variant (RFC 9562, 6.2, method 1). */
const counterMax = 2 ** 26 - 1;
/** A millisecond begins counting anywhere in the lower half, so that two processes rarely make neighbours. */
const counterStartMask = 2 ** 25 - 1;
const randomBytesPerId = 6;
const poolBytes = 6_144;

/**
 * UUIDv7 in growing order within this process, also when many are made in one millisecond or the clock is set back: the time
 * in an id then stays at the latest one seen.
 */
export class SystemIds implements Ids {
  private ms = 0;
  private counter = 0;
  private time = '';
  private readonly pool = Buffer.alloc(poolBytes);
  private used = poolBytes;

  /** `epochMs`: the time of day; replaced in tests. */
  constructor(private readonly epochMs: () => number = Date.now) {}

  next(): string {
    const now = this.epochMs();
    if (now > this.ms) this.begin(now);
    else if (this.counter === counterMax) this.begin(this.ms + 1);
    else this.counter += 1;
    const high = 0x7000 | (this.counter >>> 14);
    const low = 0x8000 | (this.counter & 0x3fff);
    return `${this.time}-${high.toString(16)}-${low.toString(16)}-${this.random()}`;
  }

  private begin(ms: number): void {
    this.ms = ms;
    const hex = ms.toString(16).padStart(12, '0');
    this.time = `${hex.slice(0, 8)}-${hex.slice(8)}`;
    this.counter = this.randomNumber() & counterStartMask;
  }

  private random(): string {
    const at = this.take();
    return this.pool.toString('hex', at, at + randomBytesPerId);
  }

  private randomNumber(): number {
    return this.pool.readUInt32BE(this.take());
  }

  /** Random bytes are drawn a thousand ids at a time, which is many times faster. Answers where six fresh ones begin. */
  private take(): number {
    if (this.used === poolBytes) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const at = this.used;
    this.used += randomBytesPerId;
    return at;
  }
}
