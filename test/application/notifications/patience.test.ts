import { describe, expect, it } from '@jest/globals';
import { Patience } from '../../../src/application/notifications/patience.js';
import { NotNow } from '../../../src/application/notifications/settle-notifications.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { hours, minutes, seconds } from '../../domain/payments/payment-story.js';

const unanswered = new NotNow({ type: 'unknown', message: 'Midtrans says 503' });

/** One notification, from one try to the next: a minute apart, Midtrans answering others half a minute before each. */
const tried = (isCrowded = false) => {
  const answers = { lastMs: -Infinity };
  const patience = new Patience(durations, answers);
  let nowMs = 0;
  const after = (ms: number, error: Error, answered = true): number | null => {
    nowMs += ms;
    if (answered) answers.lastMs = nowMs - ms / 2;
    return patience.afterFailure(error, nowMs, isCrowded);
  };
  return { patience, after };
};

describe('the patience with a notification', () => {
  it('is over after an hour in which Midtrans answers others and not this one', () => {
    const { after } = tried();
    for (let n = 0; n < 60; n += 1) expect(after(minutes(1), unanswered)).not.toBeNull();
    expect(after(minutes(1), unanswered)).toBeNull();
  });

  it('is over after a minute of that where too many wait', () => {
    const { after } = tried(true);
    for (const pause of [250, 500]) expect(after(seconds(30), unanswered)).toBe(pause);
    expect(after(seconds(30), unanswered)).toBeNull();
  });

  it('does not end while Midtrans answers nobody, before or after it answered others', () => {
    const { after } = tried();
    for (let n = 0; n < 50; n += 1) expect(after(minutes(1), unanswered)).not.toBeNull();
    for (let n = 0; n < 600; n += 1) expect(after(minutes(1), unanswered, false)).not.toBeNull();
    for (let n = 0; n < 10; n += 1) expect(after(minutes(1), unanswered)).not.toBeNull();
    expect(after(minutes(1), unanswered)).toBeNull();
  });

  it('does not count the time in which a store does not answer', () => {
    const { after } = tried();
    expect(after(minutes(1), unanswered)).not.toBeNull();
    expect(after(hours(2), new StoreUnavailable('away'))).not.toBeNull();
    expect(after(hours(2), unanswered)).not.toBeNull();
  });

  it('begins anew once Midtrans has answered it', () => {
    const { patience, after } = tried();
    for (let n = 0; n < 60; n += 1) after(minutes(1), unanswered);
    expect(patience.afterLook()).toBe(seconds(2));
    for (let n = 0; n < 60; n += 1) expect(after(minutes(1), unanswered)).not.toBeNull();
    expect(after(minutes(1), unanswered)).toBeNull();
  });

  it('is over after five faults of its own, and never for the outage of a store', () => {
    const { after } = tried();
    for (let n = 0; n < 100; n += 1) expect(after(seconds(1), new StoreUnavailable('away'))).not.toBeNull();
    for (let n = 0; n < 4; n += 1) expect(after(seconds(1), new Error('unreadable'))).not.toBeNull();
    expect(after(seconds(1), new Error('unreadable'))).toBeNull();
  });

  it('looks again after 2, 8 and 20 seconds at what Midtrans does not confirm', () => {
    const { patience } = tried();
    const pauses: number[] = [];
    while (patience.looksAgain) pauses.push(patience.afterLook());
    expect(pauses).toEqual([seconds(2), seconds(8), seconds(20)]);
  });
});
