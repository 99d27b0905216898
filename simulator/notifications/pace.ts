import type { Switches } from '../switches.js';

/** How long Midtrans may take to tell (midtrans-facts 7.2). */
const slaMs: Partial<Record<string, number>> = { settlement: 20_000, expire: 90_000 };

/** How punctual notifications are; to the letter unless switched otherwise. */
export class Pace {
  constructor(
    private readonly switches: Pick<Switches, 'randomShifts' | 'slaDelays'>,
    private readonly random: () => number,
  ) {}

  /** How much later a notification of this event leaves, in milliseconds. */
  delayMs(event: string): number {
    return this.switches.slaDelays ? Math.floor(this.random() * (slaMs[event] ?? 0)) : 0;
  }

  /** The delay before a repeat: as the table has it, or some part of it. */
  shiftedMs(delayMs: number): number {
    return this.switches.randomShifts ? Math.ceil((1 - this.random() * 0.75) * delayMs) : delayMs;
  }
}
