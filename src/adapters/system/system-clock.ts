import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../application/ports/clock.js';
import { instant } from '../../domain/time/instant.js';
import type { Instant } from '../../domain/time/instant.js';

/** What a timer of Node can wait for; a longer one would fire at once. */
const timerMaxMs = 2_147_483_647;

/** This machine's clock and timers. */
export class SystemClock implements Clock {
  private told = { ms: 0, text: instant(0) };

  /** Written once in a millisecond, since writing it costs more than asking for it. */
  now(): Instant {
    const ms = Date.now();
    if (ms !== this.told.ms) this.told = { ms, text: instant(ms) };
    return this.told.text;
  }

  monotonicMs(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.monotonicMs() + ms;
    while (!isAborted(signal) && this.monotonicMs() < end) await pause(end - this.monotonicMs(), signal);
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted ?? false;

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    // Rounded up: a timer may fire a fraction of a millisecond early.
    const timer = setTimeout(done, Math.min(Math.ceil(ms), timerMaxMs));
    if (signal === undefined) return;
    // Many wait for one signal, a worker for each order that Midtrans does not answer for: no leak to be warned of.
    setMaxListeners(Infinity, signal);
    signal.addEventListener('abort', done);
  });
