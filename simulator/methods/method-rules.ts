const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export interface RefundRule {
  readonly partial: boolean;
  readonly windowMs: number;
  /** Whether `/refund/online/direct` works too. For cards the acquirer decides (midtrans-facts 3.2). */
  readonly direct: boolean;
}

export interface MethodRule {
  /** For people. */
  readonly label: string;
  /** As Core answers it. */
  readonly paymentType: string;
  /** Rupiah, both included (midtrans-facts 2.1); null is no limit. */
  readonly amount: { readonly min: number; readonly max: number | null };
  readonly expiryMs: number;
  /** Null where `custom_expiry` is not for this method. */
  readonly customExpiry: { readonly minMs: number; readonly maxMs: number } | null;
  readonly refund: RefundRule | null;
  /** Settlement can turn into deny within minutes (midtrans-facts 4.3). */
  readonly reversible: boolean;
  /** Whether a charge takes part in `Idempotency-Key` (midtrans-facts 1.4). */
  readonly idempotent: boolean;
  /** False where paths know the transaction by its id only (midtrans-facts 2.2). */
  readonly orderIdInPath: boolean;
  readonly hasFraudStatus: boolean;
  /** False where a payment that fails inside the app stays pending, and nobody is told (midtrans-facts 3.5). */
  readonly tellsRefusal: boolean;
}

const transfer: Pick<
  MethodRule,
  | 'paymentType'
  | 'expiryMs'
  | 'customExpiry'
  | 'refund'
  | 'reversible'
  | 'idempotent'
  | 'orderIdInPath'
  | 'hasFraudStatus'
  | 'tellsRefusal'
> = {
  paymentType: 'bank_transfer',
  expiryMs: 24 * hour,
  customExpiry: { minMs: 20 * second, maxMs: 180 * day },
  refund: null,
  reversible: false,
  idempotent: true,
  orderIdInPath: true,
  hasFraudStatus: true,
  tellsRefusal: true,
};

const store = { ...transfer, paymentType: 'cstore' };
const wallet = { ...transfer, expiryMs: 15 * minute, customExpiry: { minMs: 20 * second, maxMs: 7 * day } };
const directDebit = { ...transfer, expiryMs: 2 * hour, customExpiry: null, amount: { min: 1, max: null } };
const unlimited = null;

/** What each payment method allows: midtrans-facts 2.1 (amounts), 3.2 (expiry, refunds), 1.4, 2.2 and 4.3, as data. */
export const methodRules = {
  credit_card: {
    ...transfer,
    label: 'Card',
    paymentType: 'credit_card',
    amount: { min: 10_000, max: 999_999_999 },
    expiryMs: 10 * minute,
    customExpiry: null,
    refund: { partial: true, windowMs: 180 * day, direct: true },
  },
  bca_va: { ...transfer, label: 'BCA virtual account', amount: { min: 10_000, max: 20_000_000_000 } },
  bni_va: { ...transfer, label: 'BNI virtual account', amount: { min: 1, max: unlimited } },
  bri_va: { ...transfer, label: 'BRI virtual account', amount: { min: 1, max: 20_000_000_000 } },
  cimb_va: { ...transfer, label: 'CIMB Niaga virtual account', amount: { min: 1, max: 250_000_000 } },
  permata_va: {
    ...transfer,
    label: 'Permata virtual account',
    amount: { min: 1, max: 9_999_999_999 },
    reversible: true,
    idempotent: false,
  },
  danamon_va: {
    ...transfer,
    label: 'Danamon virtual account',
    amount: { min: 1, max: unlimited },
    orderIdInPath: false,
  },
  bsi_va: { ...transfer, label: 'BSI virtual account', amount: { min: 1_000, max: unlimited } },
  seabank_va: {
    ...transfer,
    label: 'SeaBank virtual account',
    amount: { min: 10_000, max: 100_000_000 },
    orderIdInPath: false,
  },
  saqu_va: { ...transfer, label: 'Saqu virtual account', amount: { min: 1, max: unlimited } },
  echannel: {
    ...transfer,
    label: 'Mandiri Bill',
    paymentType: 'echannel',
    amount: { min: 1, max: 50_000_000_000 },
    reversible: true,
  },
  gopay: {
    ...wallet,
    label: 'GoPay',
    paymentType: 'gopay',
    amount: { min: 1, max: 20_000_000 },
    tellsRefusal: false,
    refund: { partial: true, windowMs: 180 * day, direct: true },
  },
  qris: {
    ...wallet,
    label: 'QRIS',
    paymentType: 'qris',
    amount: { min: 1, max: 10_000_000 },
    refund: { partial: true, windowMs: 45 * day, direct: true },
  },
  qris_shopee: {
    ...wallet,
    label: 'QRIS (ShopeePay)',
    paymentType: 'qris',
    amount: { min: 1, max: 10_000_000 },
    customExpiry: { minMs: 20 * second, maxMs: 5 * day },
    refund: { partial: false, windowMs: 365 * day, direct: true },
  },
  shopeepay: {
    ...wallet,
    label: 'ShopeePay',
    paymentType: 'shopeepay',
    amount: { min: 1, max: 20_000_000 },
    customExpiry: { minMs: 20 * second, maxMs: 5 * day },
    refund: { partial: false, windowMs: 365 * day, direct: true },
  },
  dana: {
    ...wallet,
    label: 'DANA',
    paymentType: 'dana',
    amount: { min: 1, max: 20_000_000 },
    customExpiry: { minMs: 15 * minute, maxMs: day },
    refund: { partial: true, windowMs: 45 * day, direct: false },
    orderIdInPath: false,
  },
  ovo: {
    ...wallet,
    label: 'OVO',
    paymentType: 'ovo',
    amount: { min: 1, max: 99_999_999 },
    expiryMs: 65 * second,
    customExpiry: null,
    refund: { partial: false, windowMs: 7 * day, direct: false },
  },
  indomaret: {
    ...store,
    label: 'Indomaret',
    amount: { min: 10_000, max: 5_000_000 },
    reversible: true,
    idempotent: false,
    hasFraudStatus: false,
  },
  alfamart: { ...store, label: 'Alfamart', amount: { min: 1, max: 5_000_000 } },
  akulaku: {
    ...transfer,
    label: 'Akulaku PayLater',
    paymentType: 'akulaku',
    amount: { min: 5_000, max: unlimited },
    expiryMs: 2 * hour,
    refund: { partial: true, windowMs: 180 * day, direct: true },
  },
  kredivo: {
    ...transfer,
    label: 'Kredivo',
    paymentType: 'kredivo',
    amount: { min: 1, max: unlimited },
    refund: { partial: true, windowMs: 14 * day, direct: true },
  },
  bca_klikpay: { ...directDebit, label: 'BCA KlikPay', paymentType: 'bca_klikpay' },
  bca_klikbca: { ...directDebit, label: 'KlikBCA', paymentType: 'bca_klikbca', idempotent: false },
  cimb_clicks: { ...directDebit, label: 'CIMB Clicks (OCTO)', paymentType: 'cimb_clicks', idempotent: false },
  danamon_online: { ...directDebit, label: 'Danamon Online', paymentType: 'danamon_online' },
  bri_epay: { ...directDebit, label: 'BRImo', paymentType: 'bri_epay' },
  uob_ezpay: { ...directDebit, label: 'UOB EZ Pay', paymentType: 'uob_ezpay' },
} as const satisfies Record<string, MethodRule>;

export type Method = keyof typeof methodRules;

export const ruleOf = (method: Method): MethodRule => methodRules[method];

/** After a hold: 7 days to capture, gone after 8 (midtrans-facts 3.2). */
export const authorizationExpiryMs = 8 * day;

/** Acquirers that take a direct refund of a card (midtrans-facts 3.2). */
export const directRefundAcquirers: ReadonlySet<string> = new Set(['bca', 'maybank', 'bni', 'bri']);
