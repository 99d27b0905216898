import type { CardSide, CardVerdict } from '../transactions/transaction.js';
import type { CardBehaviour, CardFace } from './test-cards.js';

/** A challenge that takes long is answered after this time. */
const slowChallengeMs = 60_000;
export const otpTriesAllowed = 3;

type Liability = 'full' | 'attempted' | 'none';

/** ECI by how far the customer proved to be the cardholder (midtrans-facts 8). */
const eciOf = (brand: CardFace['brand'], liability: Liability): string => {
  const mastercard = brand === 'mastercard';
  if (liability === 'full') return mastercard ? '02' : '05';
  if (liability === 'attempted') return mastercard ? '01' : '06';
  return mastercard ? '00' : '07';
};

interface Script {
  readonly outcome: CardVerdict['outcome'];
  readonly code?: string;
  readonly message?: string;
  readonly liability: Liability;
  /** How 3DS goes: a page that asks, a page that passes at once, or none because it cannot be. */
  readonly threeDs: 'asks' | 'passes' | 'asks_and_pends' | 'impossible';
}

const accept = { outcome: 'accept', liability: 'full' } as const;
const denyByBank = { outcome: 'deny_bank', liability: 'full', code: '05', message: 'Do not honour' } as const;

const scripts: Readonly<Record<CardBehaviour, Script>> = {
  full_accept: { ...accept, threeDs: 'asks' },
  full_deny: { ...denyByBank, threeDs: 'asks' },
  attempted_accept: { ...accept, liability: 'attempted', threeDs: 'passes' },
  attempted_challenge: { outcome: 'challenge', liability: 'attempted', threeDs: 'passes' },
  attempted_deny_fraud: { outcome: 'deny_fraud', liability: 'attempted', threeDs: 'passes' },
  attempted_deny_bank: { ...denyByBank, liability: 'attempted', threeDs: 'passes' },
  frictionless_accept: { ...accept, threeDs: 'passes' },
  frictionless_deny: { ...denyByBank, threeDs: 'passes' },
  challenge_accept: { ...accept, threeDs: 'asks' },
  challenge_deny: { ...denyByBank, threeDs: 'asks' },
  challenge_slow_accept: { ...accept, threeDs: 'asks_and_pends' },
  three_ds_impossible: {
    ...denyByBank,
    liability: 'none',
    message: 'Card is not authenticated.',
    threeDs: 'impossible',
  },
  three_ds_1_only: {
    ...denyByBank,
    liability: 'none',
    message: 'Failed to generate 3D Secure token',
    threeDs: 'impossible',
  },
  offline_only: {
    outcome: 'deny_bank',
    liability: 'none',
    code: '57',
    message: 'Transaction not permitted',
    threeDs: 'asks',
  },
  insufficient_funds: {
    outcome: 'deny_bank',
    liability: 'full',
    code: '51',
    message: 'Insufficient funds',
    threeDs: 'asks',
  },
  insufficient_funds_above_30000: { ...accept, threeDs: 'asks' },
  unknown: { outcome: 'deny_bank', liability: 'none', code: '14', message: 'Invalid card number', threeDs: 'asks' },
};

const insufficientFunds = { outcome: 'deny_bank', code: '51', message: 'Insufficient funds' } as const;
const wrongCvv = { outcome: 'deny_bank', code: '82', message: 'CVV validation error' } as const;

const scriptFor = ({ behaviour }: CardFace, amount: number, cvvRight: boolean): Script => {
  const script = scripts[behaviour];
  if (behaviour === 'insufficient_funds_above_30000' && amount > 30_000) return { ...script, ...insufficientFunds };
  return cvvRight ? script : { ...script, ...wrongCvv };
};

export interface CardPlay {
  readonly verdict: CardVerdict;
  readonly threeDs: CardSide['threeDs'];
}

/** How this card behaves in a charge of `amount` rupiah at `acquirer`, with or without 3DS. */
export const playOf = (
  face: CardFace,
  charge: { amount: number; acquirer: string; authenticate: boolean; cvvRight: boolean },
): CardPlay => {
  const script = scriptFor(face, charge.amount, charge.cvvRight);
  const approvedCode = charge.acquirer === 'bca' ? '0' : '00';
  const verdict = {
    outcome: script.outcome,
    eci: eciOf(face.brand, charge.authenticate ? script.liability : 'none'),
    responseCode: script.code ?? approvedCode,
    responseMessage: script.message ?? 'Approved',
  };
  const page = charge.authenticate && script.threeDs !== 'impossible';
  return { verdict, threeDs: page ? threeDsPage(script) : null };
};

const threeDsPage = ({ threeDs }: Script): CardSide['threeDs'] => ({
  challenge: threeDs !== 'passes',
  pendsMs: threeDs === 'asks_and_pends' ? slowChallengeMs : 0,
  otpTriesLeft: otpTriesAllowed,
});
