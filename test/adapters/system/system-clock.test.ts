import { describe, expect, it } from '@jest/globals';
import { getMaxListeners } from 'node:events';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';

describe('the system clock', () => {
  const clock = new SystemClock();

  it('tells the time in UTC with milliseconds', () => {
    const before = new Date().toISOString();
    const now = clock.now();
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect([before, now, new Date().toISOString()].sort()[1]).toBe(now);
  });

  it('sleeps for at least the time asked for', async () => {
    const before = clock.monotonicMs();
    await clock.sleep(30);
    expect(clock.monotonicMs() - before).toBeGreaterThanOrEqual(30);
  });

  it('does not sleep for no time, nor when it is told to stop before', async () => {
    const before = clock.monotonicMs();
    await clock.sleep(0);
    await clock.sleep(-5);
    await clock.sleep(60_000, AbortSignal.abort());
    expect(clock.monotonicMs() - before).toBeLessThan(1_000);
  });

  it('wakes up at once when it is told to stop, also from a sleep of months', async () => {
    const before = clock.monotonicMs();
    const stop = new AbortController();
    const sleeping = [clock.sleep(60_000, stop.signal), clock.sleep(10_000_000_000, stop.signal)];
    setTimeout(() => stop.abort(), 20);
    await Promise.all(sleeping);
    expect(clock.monotonicMs() - before).toBeLessThan(1_000);
  });

  it('takes hundreds who wait for one signal for no leak to warn of', async () => {
    const stop = new AbortController();
    const sleeping = Array.from({ length: 200 }, () => clock.sleep(60_000, stop.signal));
    expect(getMaxListeners(stop.signal)).toBe(Infinity);
    stop.abort();
    await Promise.all(sleeping);
  });
});
