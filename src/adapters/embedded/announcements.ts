/** Tells waiting followers that the log has grown. */
export class Announcements {
  /** Counts the announcements, so that one made between looking and waiting is not missed. */
  heard = 0;
  private readonly waiting = new Set<() => void>();

  announce(): void {
    this.heard += 1;
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake();
  }

  /** Resolves at the first announcement after the one counted as `heard`, or when `signal` aborts. */
  after(heard: number, signal: AbortSignal): Promise<void> {
    if (this.heard !== heard || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
