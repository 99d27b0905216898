import { rupiah, type Rupiah } from '../money/rupiah.js';

/** R3.3: `_id` of a payment method and its `provider`. */
export const providers = [
  'credit_card', 'google_pay', 'bca', 'bni', 'bri', 'cimb', 'permata', 'mandiri', 'gopay', 'qris', 'shopeepay', 'dana', 'ovo',
  'indomaret', 'alfamart', 'akulaku', 'kredivo', 'bca_klikpay', 'bca_klikbca', 'cimb_clicks', 'danamon_online', 'bri_epay', 'uob_ezpay', 'snap',
] as const; // prettier-ignore

export type Provider = (typeof providers)[number];

export type MethodType =
  'card' | 'bank_transfer' | 'ewallet' | 'qris' | 'cstore' | 'paylater' | 'direct_debit' | 'hosted_page';

/** Our `payment_type` of `POST /payments` (api.md 3); Midtrans' word except `snap` and `dana`'s own way. */
export type PaymentType =
  | 'credit_card' | 'bank_transfer' | 'echannel' | 'gopay' | 'qris' | 'shopeepay' | 'dana' | 'ovo' | 'cstore' | 'akulaku' | 'kredivo'
  | 'bca_klikpay' | 'bca_klikbca' | 'cimb_clicks' | 'danamon_online' | 'bri_epay' | 'uob_ezpay' | 'snap'; // prettier-ignore

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** As long as six months can be: which ones they are is for Midtrans to say. */
const sixMonths = 184 * day;

/** How long a payment may wait, in ms: by default, and between which bounds a caller may choose (midtrans-facts 3.2). */
export interface ExpiryRule {
  readonly defaultMs: number;
  /** null: the method knows no custom expiry. */
  readonly custom: ExpiryBounds | null;
  /** Of an acquirer with bounds of its own. */
  readonly byAcquirer?: Readonly<Record<string, ExpiryBounds>>;
}

interface ExpiryBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface RefundRule {
  /** `full`: only the whole captured amount at once. */
  readonly kind: 'none' | 'full' | 'partial';
  /** How long after settlement; the longest documented, since Midtrans has the last word. null without refund. */
  readonly windowMs: number | null;
  /** Takes a direct refund too: synchronous, with the bank's word for an answer (midtrans-facts 5.6). Of cards some acquirers (3.2). */
  readonly direct: boolean;
}

/** What one method allows (midtrans-facts 2.1, 3.1, 3.2, 4.3), as data. */
export interface MethodRules {
  readonly provider: Provider;
  readonly type: MethodType;
  readonly paymentType: PaymentType;
  readonly amount: { readonly min: Rupiah; readonly max: Rupiah | null };
  readonly expiry: ExpiryRule;
  readonly refund: RefundRule;
  /** Through the API while pending. OVO: not stated, so not offered. */
  readonly cancelPending: boolean;
  readonly expirePending: boolean;
  /** Settlement may turn into deny within minutes (midtrans-facts 4.3). */
  readonly reversal: boolean;
  /** GET status and notifications bring back `custom_field3`, in which our wish is (midtrans-facts 2.4; docs/decisions/0022). */
  readonly echoesWish: boolean;
}

const upTo180Days: ExpiryRule['custom'] = { minMs: 20 * second, maxMs: 180 * day };
const noRefund: RefundRule = { kind: 'none', windowMs: null, direct: false };
const refund = (kind: 'full' | 'partial', windowMs: number): RefundRule => ({ kind, windowMs, direct: false });
const directToo = (rule: RefundRule): RefundRule => ({ ...rule, direct: true });
const range = (min: number, max: number | null) => ({ min: rupiah(min), max: max === null ? null : rupiah(max) });
const expiry = (defaultMs: number, custom: ExpiryRule['custom'] = null): ExpiryRule => ({ defaultMs, custom });

const pendingEnds = { cancelPending: true, expirePending: true, reversal: false } as const;

/** All that is charged through `/v2/charge` (midtrans-facts 2.4) or picked on a page (5.12, 7.4); of none do the facts say otherwise. */
const echoes = { echoesWish: true } as const;

const bankTransfer = (provider: Provider, min: number, max: number | null, reversal = false): MethodRules => ({
  provider, type: 'bank_transfer', paymentType: provider === 'mandiri' ? 'echannel' : 'bank_transfer', amount: range(min, max),
  expiry: expiry(24 * hour, upTo180Days), refund: noRefund, ...pendingEnds, ...echoes, reversal,
}); // prettier-ignore

const card = (provider: Provider): MethodRules => ({
  provider, type: 'card', paymentType: 'credit_card', amount: range(10_000, 999_999_999),
  expiry: expiry(10 * minute), refund: directToo(refund('partial', sixMonths)), ...pendingEnds, ...echoes,
}); // prettier-ignore

const cstore = (provider: Provider, min: number, reversal: boolean): MethodRules => ({
  provider, type: 'cstore', paymentType: 'cstore', amount: range(min, 5_000_000),
  expiry: expiry(24 * hour, upTo180Days), refund: noRefund, ...pendingEnds, ...echoes, reversal,
}); // prettier-ignore

const directDebit = (provider: Provider & PaymentType): MethodRules => ({
  provider, type: 'direct_debit', paymentType: provider, amount: range(1, null),
  expiry: expiry(2 * hour), refund: noRefund, ...pendingEnds, ...echoes,
}); // prettier-ignore

const rows: readonly MethodRules[] = [
  card('credit_card'),
  card('google_pay'),
  bankTransfer('bca', 10_000, 20_000_000_000),
  bankTransfer('bni', 1, null),
  bankTransfer('bri', 1, 20_000_000_000),
  bankTransfer('cimb', 1, 250_000_000),
  bankTransfer('permata', 1, 9_999_999_999, true),
  bankTransfer('mandiri', 1, 50_000_000_000, true),
  {
    provider: 'gopay', type: 'ewallet', paymentType: 'gopay', amount: range(1, 20_000_000),
    expiry: expiry(15 * minute, { minMs: 20 * second, maxMs: 7 * day }), refund: directToo(refund('partial', 180 * day)), ...pendingEnds, ...echoes,
  },
  {
    provider: 'qris', type: 'qris', paymentType: 'qris', amount: range(1, 10_000_000),
    expiry: {
      ...expiry(15 * minute, { minMs: 20 * second, maxMs: 7 * day }),
      byAcquirer: { 'airpay shopee': { minMs: 20 * second, maxMs: 5 * day } },
    },
    refund: directToo(refund('partial', 365 * day)), ...pendingEnds, ...echoes,
  },
  // Midtrans' own pages contradict each other on partial refunds of ShopeePay; the API page says no, and so do we (midtrans-facts 3.2).
  {
    provider: 'shopeepay', type: 'ewallet', paymentType: 'shopeepay', amount: range(1, 20_000_000),
    expiry: expiry(15 * minute, { minMs: 20 * second, maxMs: 5 * day }), refund: directToo(refund('full', 365 * day)), ...pendingEnds, ...echoes,
  },
  {
    provider: 'dana', type: 'ewallet', paymentType: 'dana', amount: range(1, 20_000_000),
    expiry: expiry(15 * minute, { minMs: 15 * minute, maxMs: day }), refund: refund('partial', 45 * day), ...pendingEnds, ...echoes,
  },
  {
    provider: 'ovo', type: 'ewallet', paymentType: 'ovo', amount: range(1, 99_999_999),
    expiry: expiry(65 * second), refund: refund('full', 180 * day), cancelPending: false, expirePending: true, reversal: false, ...echoes,
  },
  cstore('indomaret', 10_000, true),
  cstore('alfamart', 1, false),
  {
    provider: 'akulaku', type: 'paylater', paymentType: 'akulaku', amount: range(5_000, null),
    expiry: expiry(2 * hour, upTo180Days), refund: directToo(refund('partial', sixMonths)), ...pendingEnds, ...echoes,
  },
  {
    provider: 'kredivo', type: 'paylater', paymentType: 'kredivo', amount: range(1, null),
    expiry: expiry(24 * hour, upTo180Days), refund: directToo(refund('partial', 14 * day)), ...pendingEnds, ...echoes,
  },
  directDebit('bca_klikpay'),
  directDebit('bca_klikbca'),
  directDebit('cimb_clicks'),
  directDebit('danamon_online'),
  directDebit('bri_epay'),
  directDebit('uob_ezpay'),
  // The page itself: what is paid on it follows the rules of the method that the customer picks.
  {
    provider: 'snap', type: 'hosted_page', paymentType: 'snap', amount: range(1, null),
    expiry: expiry(24 * hour, { minMs: 20 * second, maxMs: 7 * day }), refund: noRefund, ...pendingEnds, ...echoes,
  },
]; // prettier-ignore

export const methodRules: ReadonlyMap<Provider, MethodRules> = new Map(rows.map((row) => [row.provider, row]));

/** Between which bounds a caller may choose how long this payment waits; null: it may not. */
export const customExpiryOf = (provider: Provider, acquirer: string | null): ExpiryBounds | null => {
  const { custom, byAcquirer = {} } = rulesOf(provider).expiry;
  return (acquirer === null ? undefined : byAcquirer[acquirer]) ?? custom;
};

export const rulesOf = (provider: Provider): MethodRules => {
  const rules = methodRules.get(provider);
  if (rules === undefined) throw new Error(`No rules for the payment method ${provider}`);
  return rules;
};
