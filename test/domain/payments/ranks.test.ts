import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../src/domain/methods/providers.js';
import { transactionStatuses } from '../../../src/domain/payments/gateway-status.js';
import {
  actionRules,
  isOpenStage,
  isPaidStage,
  rankOf,
  stageOf,
  type Stage,
} from '../../../src/domain/payments/stages.js';

const stages: readonly Stage[] = [
  'pending', 'authorize', 'challenge', 'capture', 'cancel', 'expire', 'failure', 'deny', 'settlement',
]; // prettier-ignore

// design D4: "pending < authorize < capture with challenge < capture < settlement ...; cancel, expire, failure and deny stand just
// above capture; deny stands above settlement for the methods with reversal (permata, echannel, indomaret)."
const order: readonly (readonly Stage[])[] = [
  ['pending'],
  ['authorize'],
  ['challenge'],
  ['capture'],
  ['cancel', 'expire', 'failure', 'deny'],
  ['settlement'],
];
const orderWithReversal: readonly (readonly Stage[])[] = [
  ['pending'],
  ['authorize'],
  ['challenge'],
  ['capture'],
  ['cancel', 'expire', 'failure'],
  ['settlement'],
  ['deny'],
];

const place = (of: readonly (readonly Stage[])[], stage: Stage): number =>
  of.findIndex((level) => level.includes(stage));

const withReversal: readonly string[] = ['permata', 'mandiri', 'indomaret'];

describe('the ranks of design D4', () => {
  it.each([...providers, null])('order every pair of stages with %s', (provider) => {
    const expected = withReversal.includes(provider ?? '') ? orderWithReversal : order;
    for (const a of stages)
      for (const b of stages)
        expect([a, b, Math.sign(rankOf(a, provider) - rankOf(b, provider))]).toStrictEqual([
          a,
          b,
          Math.sign(place(expected, a) - place(expected, b)),
        ]);
  });
});

describe('stages', () => {
  it('are what a status implies: refunds and chargebacks passed the settlement', () =>
    expect(Object.fromEntries(transactionStatuses.map((status) => [status, stageOf(status, 'accept')]))).toStrictEqual({
      pending: 'pending',
      authorize: 'authorize',
      capture: 'capture',
      settlement: 'settlement',
      partial_refund: 'settlement',
      refund: 'settlement',
      partial_chargeback: 'settlement',
      chargeback: 'settlement',
      deny: 'deny',
      cancel: 'cancel',
      expire: 'expire',
      failure: 'failure',
    }));

  it('split a capture by its fraud status, of which absence counts as accept', () => {
    expect(stageOf('capture', null)).toBe('capture');
    expect(stageOf('capture', 'challenge')).toBe('challenge');
    expect(stageOf('capture', 'deny')).toBe('deny');
  });

  it('are paid from capture on (midtrans-facts 4.1) and open before', () => {
    expect(stages.filter(isPaidStage)).toStrictEqual(['capture', 'settlement']);
    expect(stages.filter(isOpenStage)).toStrictEqual(['pending', 'authorize', 'challenge']);
  });

  it('let themselves be acted on as table 4.2 says', () =>
    expect(actionRules).toStrictEqual({
      Capture: { from: ['authorize'], reaches: ['capture', 'settlement'] },
      Cancel: { from: ['pending', 'authorize', 'challenge', 'capture'], reaches: ['cancel'] },
      Expiry: { from: ['pending'], reaches: ['expire'] },
      Approval: { from: ['challenge'], reaches: ['capture', 'settlement'] },
      Denial: { from: ['challenge'], reaches: ['deny'] },
    }));
});
