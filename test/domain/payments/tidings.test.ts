import { describe, expect, it } from '@jest/globals';
import { durations } from '../../../src/domain/payments/durations.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import { tidingsOf, type Tidings } from '../../../src/domain/payments/tidings.js';
import { firstMoment, givenPayment, type Step } from './payment-story.js';
import { charged, lookedUp, observed, observedRefund, refundStatus, transaction } from './wishes-and-reports.js';

/** What an unconfirmed status would mean for a payment with this history. */
const told = (observation: GatewayObservation, ...history: readonly Step[]): Tidings =>
  tidingsOf(observation, givenPayment(...history).payment, firstMoment, durations);

describe('what a notification says, were it true,', () => {
  it('is news when it is further than the payment has come, or of a transaction unknown so far', () => {
    expect(told(transaction('settlement', 'gopay'), ...charged('pending', 'gopay'))).toBe('news');
    expect(told(transaction('deny', 'gopay'), ...charged('pending', 'gopay'))).toBe('news');
    expect(
      told(refundStatus('partial_refund', [observedRefund('r-1', 4_000)]), ...charged('settlement', 'gopay')),
    ).toBe('news');
    expect(told({ ...transaction('pending'), status: 'unknown', statusWord: 'new' }, ...charged('pending'))).toBe(
      'news',
    );
  });

  it.each([
    ['deny', 'settlement'],
    ['cancel', 'settlement'],
    ['expire', 'settlement'],
    ['failure', 'settlement'],
    ['cancel', 'expire'],
    ['expire', 'cancel'],
    ['deny', 'failure'],
  ] as const)('is a contradiction when it is %s and we have %s', (status, ours) => {
    expect(told(transaction(status, 'gopay'), ...charged(ours, 'gopay'))).toBe('contradiction');
  });

  it('is news, and no contradiction, when a method knows reversals and it is a deny', () =>
    expect(told(transaction('deny', 'permata'), ...charged('settlement', 'permata'))).toBe('news'));

  it.each([
    ['pending', 'settlement'],
    ['pending', 'expire'],
    ['authorize', 'capture'],
    ['capture', 'settlement'],
    ['settlement', 'settlement'],
    ['cancel', 'cancel'],
    ['deny', 'deny'],
  ] as const)('is nothing when it is a %s, late or again, and we have %s', (status, ours) => {
    expect(told(transaction(status, 'credit_card'), ...charged(ours, 'credit_card'))).toBe('nothing');
  });

  it('is nothing when it is a settlement from before a refund', () =>
    expect(
      told(
        transaction('settlement', 'gopay'),
        ...charged('settlement', 'gopay'),
        observed(refundStatus('refund', [observedRefund('r-1', 10_000)])),
      ),
    ).toBe('nothing'));

  it('is less refunded when it tells of less than is known, and nothing when it tells of the same', () => {
    const [first, second] = [observedRefund('r-1', 4_000), observedRefund('r-2', 3_000)];
    const refunded = [...charged('settlement', 'gopay'), observed(refundStatus('partial_refund', [first, second]))];
    expect(told(refundStatus('partial_refund', [first]), ...refunded)).toBe('less_refunded');
    expect(told(refundStatus('partial_refund', [first, second]), ...refunded)).toBe('nothing');
  });

  it('is nothing once the contradiction is on record', () => {
    const denied = transaction('deny', 'gopay');
    expect(told(denied, ...charged('settlement', 'gopay'), lookedUp(denied, 'settlement'))).toBe('nothing');
  });
});
