/** Tells when something happens more than `most` times within any `windowMs`: once for each time that it becomes so. */
export class Bursts {
  /** The last times, in monotonic ms: no more of them than it takes to see a burst. */
  private readonly recent: number[] = [];
  private isBurst = false;

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
  ) {}

  /** It has happened at `nowMs`. true: with it a burst begins. */
  beginsAt(nowMs: number): boolean {
    this.recent.push(nowMs);
    if (this.recent.length > this.most + 1) this.recent.shift();
    const [first = nowMs] = this.recent;
    const before = this.isBurst;
    this.isBurst = this.recent.length > this.most && nowMs - first <= this.windowMs;
    return this.isBurst && !before;
  }
}
