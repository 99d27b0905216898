import type { Method } from '../methods/method-rules.js';
import { ruleOf } from '../methods/method-rules.js';
import type { SnapRequest } from './snap-request.js';

/** What a customer can pick on the page, as `enabled_payments` names it, with the Core method behind it. */
export const snapMethods = {
  credit_card: 'credit_card',
  google_pay: 'credit_card',
  bca_va: 'bca_va',
  bni_va: 'bni_va',
  bri_va: 'bri_va',
  permata_va: 'permata_va',
  cimb_va: 'cimb_va',
  danamon_va: 'danamon_va',
  bsi_va: 'bsi_va',
  seabank_va: 'seabank_va',
  saqu_va: 'saqu_va',
  echannel: 'echannel',
  gopay: 'gopay',
  shopeepay: 'shopeepay',
  other_qris: 'qris',
  dana: 'dana',
  ovo: 'ovo',
  indomaret: 'indomaret',
  alfamart: 'alfamart',
  akulaku: 'akulaku',
  kredivo: 'kredivo',
  bca_klikpay: 'bca_klikpay',
  bca_klikbca: 'bca_klikbca',
  cimb_clicks: 'cimb_clicks',
  danamon_online: 'danamon_online',
  bri_epay: 'bri_epay',
  uob_ezpay: 'uob_ezpay',
} as const satisfies Record<string, Method>;

export type SnapMethod = keyof typeof snapMethods;

const transfers = [
  'bca_va',
  'bni_va',
  'bri_va',
  'permata_va',
  'cimb_va',
  'danamon_va',
  'bsi_va',
  'seabank_va',
  'saqu_va',
] as const;

export type TransferMethod = (typeof transfers)[number];

/** `other_va` stands for an account at one of these, which must be enabled too (midtrans-facts 3.1). */
const behindOtherVa = ['permata_va', 'bni_va', 'bri_va', 'cimb_va', 'danamon_va'] as const;

const aliases: Readonly<Record<string, readonly SnapMethod[]>> = {
  bank_transfer: transfers,
  cstore: ['indomaret', 'alfamart'],
  qris: ['other_qris'],
};

const aliasOf = (name: string): readonly SnapMethod[] | undefined =>
  Object.hasOwn(aliases, name) ? aliases[name] : undefined;

export const isSnapMethod = (name: string): name is SnapMethod => Object.hasOwn(snapMethods, name);

/** Methods of the page in the merchant's order; `bca_va` first when nothing was asked for. */
export const enabledMethods = ({ enabled_payments: asked }: Pick<SnapRequest, 'enabled_payments'>): SnapMethod[] => {
  if (!asked || asked.length === 0) return ['bca_va', ...allBut('bca_va')];
  const named = asked.flatMap((name) => aliasOf(name) ?? (isSnapMethod(name) ? [name] : []));
  return [...new Set(named)];
};

const allBut = (left: SnapMethod): SnapMethod[] =>
  Object.keys(snapMethods)
    .filter(isSnapMethod)
    .filter((name) => name !== left);

/** Why a list of `enabled_payments` is refused, or undefined. */
export const enabledPaymentsComplaint = ({ enabled_payments: asked }: Pick<SnapRequest, 'enabled_payments'>) => {
  if (!asked || asked.length === 0) return undefined;
  if (asked.includes('other_va') && !behindOtherVa.some((name) => asked.includes(name)))
    return `enabled_payments with other_va must include one of ${behindOtherVa.join(', ')}`;
  return enabledMethods({ enabled_payments: asked }).length === 0
    ? 'enabled_payments has no supported payment'
    : undefined;
};

/** The page's method for a wish in Snap's or in Core's words; undefined when the page does not offer it. */
export const offeredMethod = (enabled: readonly SnapMethod[], wish: string | undefined): SnapMethod | undefined => {
  if (wish === undefined) return enabled[0];
  const asCore = aliasOf(wish)?.find((name) => enabled.includes(name));
  const asNamed = enabled.find((name) => name === wish || ruleOf(snapMethods[name]).paymentType === wish);
  // QRIS is how GoPay and ShopeePay are paid on a desktop (midtrans-facts 3.1).
  const throughWallet = wish === 'qris' ? enabled.find((name) => name === 'gopay' || name === 'shopeepay') : undefined;
  return asCore ?? asNamed ?? throughWallet;
};

export const fitsAmount = (method: SnapMethod, amount: number): boolean => {
  const { min, max } = ruleOf(snapMethods[method]).amount;
  return amount >= min && (max === null || amount <= max);
};
