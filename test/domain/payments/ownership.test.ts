import { describe, expect, it } from '@jest/globals';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { durations } from '../../../src/domain/payments/durations.js';
import { transactionId } from '../../../src/domain/payments/identity.js';
import type { GatewayObservation } from '../../../src/domain/payments/observation.js';
import { looksLikeOurs } from '../../../src/domain/payments/ownership.js';
import { givenPayment, type Step } from './payment-story.js';
import { charged, chargeRefused, initiate, openPage, transaction, unanswered } from './wishes-and-reports.js';

// Of a method that brings no wish back. There is none today (docs/decisions/0022), so the rule is asked directly.

const silent = (provider: Provider | null, change: Partial<GatewayObservation> = {}): GatewayObservation =>
  transaction('pending', provider, { wishId: null, transactionTime: '2026-11-23T04:55:00.000Z', ...change });

const resembles = (steps: readonly Step[], observation: GatewayObservation): boolean =>
  looksLikeOurs(givenPayment(...steps).payment, observation, durations);

const inDoubt = (provider: Provider): readonly Step[] => [initiate(provider), unanswered()];

describe('a transaction that names no wish looks like ours', () => {
  it('when method and amount are the same and it is not older than the wish by more than five minutes', () =>
    expect(resembles(inDoubt('bca'), silent('bca'))).toBe(true));

  it('when we asked for Google Pay and Midtrans calls it a card', () =>
    expect(resembles(inDoubt('google_pay'), silent('credit_card'))).toBe(true));

  it('whatever the customer picked on a page, one try after the other', () => {
    expect(resembles(openPage, silent('gopay'))).toBe(true);
    expect(resembles(openPage, silent(null))).toBe(true);
  });
});

describe('a transaction that names no wish does not look like ours', () => {
  it.each([
    ['of another amount', { grossAmount: rupiah(9_999) }],
    ['more than five minutes older than the wish', { transactionTime: '2026-11-23T04:54:59.999Z' }],
    ['without a time', { transactionTime: null }],
    ['of another type', { paymentType: 'gopay', provider: 'gopay' as const }],
    ['of another bank', { provider: 'bni' as const }],
    ['of a bank that is not told', { provider: null }],
  ])('when it is %s', (_, change) => expect(resembles(inDoubt('bca'), silent('bca', change))).toBe(false));

  it('when Midtrans knew the order id before our charge', () =>
    expect(resembles([initiate('bca'), chargeRefused('conflict', 406)], silent('bca'))).toBe(false));

  it('beside the one transaction that our charge has made', () =>
    expect(resembles(charged('pending'), silent('bca', { transactionId: transactionId('tx-2') }))).toBe(false));
});
