/**
 * Calls to the outside world that are not waited for any more when work is put down: whoever has the work next begins with it at once,
 * and one that loses some goes on with the rest. They go on by themselves, harmlessly: the log is their fence (design D3, D6).
 */
export class LeftWork {
  private readonly underWay = new Set<Promise<unknown>>();

  /** What `work` comes to; `left` as soon as `signal` aborts. What it rejects with then is nobody's. */
  async untilPutDown<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'left'> {
    const ended = work.catch(() => undefined).finally(() => this.underWay.delete(ended));
    this.underWay.add(ended);
    if (signal.aborted) return 'left';
    let leave = (): void => undefined;
    const left = new Promise<'left'>((resolve) => (leave = () => resolve('left')));
    signal.addEventListener('abort', leave);
    try {
      return await Promise.race([work, left]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Resolves when nothing that began before is under way. */
  async ended(): Promise<void> {
    await Promise.all(this.underWay);
  }
}

/** Resolves when it is, or at once when it has been. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
