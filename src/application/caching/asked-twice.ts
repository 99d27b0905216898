/**
 * Values by a text, kept once they were asked for a second time, so many at most. Whoever waits for something asks again and again;
 * whoever goes through everything asks once for each, and keeping all that would cost the garbage collector more than it saves.
 */
export class AskedTwice<Value> {
  /** Both in the order in which they came; the first are the first to go. */
  private readonly kept = new Map<string, Value>();
  private readonly once = new Set<string>();

  constructor(private readonly max: number) {}

  get(key: string): Value | undefined {
    return this.kept.get(key);
  }

  /** What was asked for and was not kept, or not fresh enough. */
  offer(key: string, value: Value): void {
    if (this.once.delete(key) || this.kept.delete(key)) {
      makeRoom(this.kept, this.max);
      this.kept.set(key, value);
    } else {
      makeRoom(this.once, this.max);
      this.once.add(key);
    }
  }

  forget(key: string): void {
    this.kept.delete(key);
  }

  clear(): void {
    this.kept.clear();
  }
}

const makeRoom = (keyed: Map<string, unknown> | Set<string>, max: number): void => {
  for (const oldest of keyed.keys()) {
    if (keyed.size < max) return;
    keyed.delete(oldest);
  }
};
