import type { Action } from '../methods/opening.js';
import { action } from '../methods/opening.js';
import { objectsIn } from '../transactions/json-fields.js';
import type { Fields, Transaction } from '../transactions/transaction.js';

export interface GopayAccount {
  readonly id: string;
  readonly phone: string;
  readonly redirectUrl: string | null;
  readonly status: 'PENDING' | 'ENABLED' | 'DISABLED' | 'EXPIRED';
  readonly createdAt: number;
  /** Tokens handed out, newest last. */
  readonly tokens: readonly OptionToken[];
}

/** What an account can pay with (midtrans-facts 5.10). */
export const paymentOptions = ['GOPAY_WALLET', 'PAY_LATER', 'GOPAY_SAVINGS'] as const;

export type PaymentOption = (typeof paymentOptions)[number];

export interface OptionToken {
  readonly token: string;
  readonly option: PaymentOption;
  /** A subscription pays with it, so it outlives those that were only looked at. */
  readonly held?: boolean;
}

/** Every account holds this much, in rupiah, however much is paid with it. */
export const gopayBalance = 2_000_000;

/** From here on the customer has to type the PIN, unless the charge is a recurring one. Not verified. */
export const pinNeededFrom = 100_000;

/** How long the customer has to link (not verified). */
export const linkWithinMs = 15 * 60_000;

/** Verification links are good for this long (midtrans-facts 3.5). */
export const verifyWithinMs = 5 * 60_000;

const verificationLink = 'verification-link-url';

/** What a customer opens to type the PIN. */
export const verificationActions = (page: string): Action[] => [
  action(verificationLink, 'GET', page),
  action('verification-link-app', 'GET', page),
];

/** Whether a payment's verification links have ended; the payment itself goes on until it expires. */
export const isVerificationOver = ({ chargeFields, createdAt }: Transaction, now: number): boolean =>
  now > createdAt + verifyWithinMs && objectsIn(chargeFields, 'actions').some(({ name }) => name === verificationLink);

const refusedPhones: Readonly<Record<string, { code: string; message: string }>> = {
  '123450001': { code: '105', message: 'User Not Found' },
  '123450002': { code: '112', message: 'Wallet is Blocked' },
};

/** Sandbox phones that cannot be linked (midtrans-facts 5.10); the code of the blocked one is not verified. */
export const phoneRefusal = (phone: string) => (Object.hasOwn(refusedPhones, phone) ? refusedPhones[phone] : undefined);

const statusCodes = { PENDING: '201', ENABLED: '200', DISABLED: '204', EXPIRED: '204' } as const;

/** GET of an account (midtrans-facts 5.10). */
export const accountAnswer = (account: GopayAccount): Fields => ({
  status_code: statusCodes[account.status],
  payment_type: 'gopay',
  account_id: account.id,
  account_status: account.status,
  ...(account.status === 'ENABLED' && { metadata: { payment_options: offeredOptions(account) } }),
});

const offeredOptions = ({ tokens }: GopayAccount): Fields[] =>
  tokens.slice(-paymentOptions.length).map(({ token, option }) => ({
    name: option,
    active: true,
    balance: { value: `${gopayBalance}.00`, currency: 'IDR' },
    metadata: {},
    token,
  }));
