import type { Fields } from '../transactions/transaction.js';

export interface GopayAccount {
  readonly id: string;
  readonly phone: string;
  readonly redirectUrl: string | null;
  readonly status: 'PENDING' | 'ENABLED' | 'DISABLED' | 'EXPIRED';
  readonly createdAt: number;
  /** Tokens handed out, newest last, and the payment option each stands for. */
  readonly tokens: readonly { readonly token: string; readonly option: PaymentOption }[];
}

export type PaymentOption = 'GOPAY_WALLET' | 'PAY_LATER';

/** Every account holds this much, in rupiah, however much is paid with it. */
export const gopayBalance = 2_000_000;

/** From here on the customer has to type the PIN, unless the charge is a recurring one. Not verified. */
export const pinNeededFrom = 100_000;

/** How long the customer has to link (not verified). */
export const linkWithinMs = 15 * 60_000;

/** Verification links are good for this long (midtrans-facts 3.5). */
export const verifyWithinMs = 5 * 60_000;

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
  ...(account.status === 'ENABLED' && { metadata: { payment_options: paymentOptions(account) } }),
});

const paymentOptions = ({ tokens }: GopayAccount): Fields[] =>
  tokens.slice(-2).map(({ token, option }) => ({
    name: option,
    active: true,
    balance: { value: `${gopayBalance}.00`, currency: 'IDR' },
    metadata: {},
    token,
  }));
