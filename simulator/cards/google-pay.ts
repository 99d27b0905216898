import { randomUUID } from 'node:crypto';
import type { CardBehaviour } from './test-cards.js';
import type { PresentedCard } from './card-tokens.js';

/** In the sandbox Google Pay is decided by amount (midtrans-facts 8). */
const behaviourByAmount: Readonly<Record<number, CardBehaviour>> = {
  10_001: 'full_deny',
  10_002: 'full_accept',
  10_003: 'attempted_deny_bank',
  10_004: 'attempted_accept',
};

export const googlePayCard = (amount: number): PresentedCard => ({
  face: {
    masked: '48111111-1114',
    behaviour: behaviourByAmount[amount] ?? 'unknown',
    brand: 'visa',
    issuer: null,
    debit: false,
  },
  cvvRight: true,
  transactionId: randomUUID(),
});

/** For the button of Google Pay; nobody checks it here (midtrans-facts 3.10). */
export const googlePayJwt = (now: number): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ iss: 'simulator', iat: Math.floor(now / 1_000) })}.`;
};
