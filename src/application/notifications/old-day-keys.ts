import { after } from '../../domain/time/instant.js';
import type { Clock } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { WrappedKeys } from '../ports/wrapped-keys.js';
import { dayKeyOf } from './inbox-events.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What was received is readable for so long (design D10). */
const keptMs = 90 * dayMs;
/** Asked for at once. */
const keysAtOnce = 100;

/** Before every day that there is. */
const firstOfAll = 'day:';

/** Destroys the keys of days that are more than 90 days past: the raw notifications sealed with them are erased thereby (design D10). */
export class OldDayKeys {
  constructor(
    private readonly wrappedKeys: WrappedKeys,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Looks every hour until `signal` aborts. Several processes may do so at once: destroyed is destroyed. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.destroy(signal);
      } catch (error) {
        this.journal.error('Old day keys were not all destroyed; they will be in an hour', {}, error);
      }
      await this.clock.sleep(hourMs, signal);
    }
  }

  /** All that are old enough now. @throws StoreUnavailable */
  async destroy(signal: AbortSignal): Promise<void> {
    // The day that was 90 days ago is not over yet for its last notification.
    const oldestKept = dayKeyOf(after(this.clock.now(), -keptMs));
    for (;;) {
      const old = await this.wrappedKeys.idsBetween(firstOfAll, oldestKept, keysAtOnce);
      for (const id of old) {
        if (signal.aborted) return;
        await this.wrappedKeys.destroy(id);
        this.journal.info('The raw notifications of a day are erased: its key is destroyed', { key: id });
      }
      if (old.length < keysAtOnce) return;
    }
  }
}
