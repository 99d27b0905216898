import { createHash } from 'node:crypto';
import { wibTime } from '../clock/wib-time.js';
import { rupiahText } from '../transactions/rupiah-text.js';
import type { Fields, Transaction } from '../transactions/transaction.js';
import type { Method } from './method-rules.js';

type FieldsOf = (transaction: Transaction, now: number) => Fields;

/** Digits that look drawn but belong to the transaction, so that they survive being asked twice. */
const reference = ({ id }: Transaction, purpose: string, length: number): string =>
  BigInt(`0x${createHash('sha256').update(`${purpose}:${id}`).digest('hex')}`)
    .toString()
    .slice(0, length);

const approval: FieldsOf = (transaction) => ({ approval_code: reference(transaction, 'approval', 12) });
const wallet: FieldsOf = () => ({ payment_option_type: 'GOPAY_WALLET' });
const shopee: FieldsOf = (transaction) => ({
  shopeepay_reference_number: reference(transaction, 'shopeepay', 16),
  reference_id: reference(transaction, 'reference', 12),
});
const qris =
  (issuer: string): FieldsOf =>
  (transaction) => ({
    transaction_type: 'on-us',
    issuer,
    merchant_cross_reference_id: transaction.id,
  });

/** What each method adds to status and notifications once the money came (midtrans-facts 7.4). */
const fieldsByMethod: Partial<Record<Method, FieldsOf>> = {
  bni_va: ({ grossAmount }, now) => ({ payment_amounts: [{ paid_at: wibTime(now), amount: rupiahText(grossAmount) }] }),
  gopay: wallet,
  qris: qris('gopay'),
  qris_shopee: (transaction, now) => ({ ...qris('airpay shopee')(transaction, now), ...shopee(transaction, now) }),
  shopeepay: shopee,
  ovo: (transaction) => ({ merchant_invoice: `INV${reference(transaction, 'invoice', 10)}` }),
  indomaret: approval,
  bca_klikpay: approval,
  bca_klikbca: approval,
  cimb_clicks: approval,
  danamon_online: approval,
  bri_epay: approval,
  uob_ezpay: approval,
};

export const settlementFields: FieldsOf = (transaction, now) =>
  fieldsByMethod[transaction.method]?.(transaction, now) ?? {};
