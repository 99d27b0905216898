import { methodRules, type Provider } from '../methods/providers.js';
import type { FraudStatus, TransactionStatus } from './gateway-status.js';

/**
 * How far one transaction has come. `capture` with fraud_status challenge is a stage of its own; refunds and chargebacks are
 * none: they are amounts on top of a settlement.
 */
export type Stage =
  'pending' | 'authorize' | 'challenge' | 'capture' | 'cancel' | 'expire' | 'failure' | 'deny' | 'settlement';

/**
 * Observations arrive late, twice and in any order; the higher rank wins (design D4). Table 4.2 of the facts is for commands:
 * deciding observations by its edges makes 28 of 69 histories depend on the order of arrival.
 */
const ranks: Readonly<Record<Stage, number>> = {
  pending: 0,
  authorize: 1,
  challenge: 2,
  capture: 3,
  cancel: 4,
  expire: 4,
  failure: 4,
  deny: 4,
  settlement: 5,
};

/** A reversal (midtrans-facts 4.3) comes after settlement, so there a deny outranks it, whether the settlement was seen or not. */
const reversalRank = 6;

const knowsReversal = (provider: Provider | null): boolean =>
  provider !== null && (methodRules.get(provider)?.reversal ?? false);

export const rankOf = (stage: Stage, provider: Provider | null): number =>
  stage === 'deny' && knowsReversal(provider) ? reversalRank : ranks[stage];

/** The stage that a status implies; a refund or chargeback implies the settlement that it passed (design D4). */
export const stageOf = (status: TransactionStatus, fraudStatus: FraudStatus | null): Stage => {
  switch (status) {
    case 'capture':
      if (fraudStatus === 'deny') return 'deny';
      return fraudStatus === 'challenge' ? 'challenge' : 'capture';
    case 'refund':
    case 'partial_refund':
    case 'chargeback':
    case 'partial_chargeback':
      return 'settlement';
    default:
      return status;
  }
};

export const isPaidStage = (stage: Stage): boolean => stage === 'capture' || stage === 'settlement';
export const isOpenStage = (stage: Stage): boolean =>
  stage === 'pending' || stage === 'authorize' || stage === 'challenge';
/** Nothing was paid, or it was given back before it was settled. */
export const isEndStage = (stage: Stage): boolean => !isPaidStage(stage) && !isOpenStage(stage);

/** What a clerk may ask of a transaction; the prefix of its events (`CaptureRequested`, `CaptureRefused`, ...). */
export type ActionName = 'Capture' | 'Cancel' | 'Expiry' | 'Approval' | 'Denial';

interface ActionRule {
  readonly from: readonly Stage[];
  /** Reaching one of these is what was asked for. */
  readonly reaches: readonly Stage[];
}

/** midtrans-facts 4.2: which action from which state. Refunds have rules of their own. */
export const actionRules: Readonly<Record<ActionName, ActionRule>> = {
  Capture: { from: ['authorize'], reaches: ['capture', 'settlement'] },
  Cancel: { from: ['pending', 'authorize', 'challenge', 'capture'], reaches: ['cancel'] },
  Expiry: { from: ['pending'], reaches: ['expire'] },
  Approval: { from: ['challenge'], reaches: ['capture', 'settlement'] },
  Denial: { from: ['challenge'], reaches: ['deny'] },
};
