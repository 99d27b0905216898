import { wibTime } from '../clock/wib-time.js';
import { rupiahText } from './rupiah-text.js';
import { signatureKey } from './signature.js';
import type { Fields, Refund, Transaction } from './transaction.js';
import { refundedAmount } from './transaction.js';
import { deniedByBank, doNotHonour, standingOf } from './transitions.js';
import type { Standing } from './transitions.js';

/** Who speaks: what every message about a transaction is written with. */
export interface Merchant {
  readonly merchantId: string;
  readonly serverKey: string;
  /** Writes `PENDING` for DANA and ShopeePay in GET status, and DANA's odd refund answer (midtrans-facts 3.7). */
  readonly walletQuirks: boolean;
}

/** `status_code` of notifications by standing (midtrans-facts 4.1). */
const notifiedCode: Record<Standing, string> = {
  pending: '201',
  authorize: '200',
  capture_accepted: '200',
  capture_challenged: '201',
  settlement: '200',
  partial_refund: '200',
  refund: '200',
  partial_chargeback: '200',
  chargeback: '200',
  deny: '202',
  cancel: '202',
  expire: '202',
  failure: '202',
};

/** What a notification says of it, and whatever else tells the merchant. */
export const notifiedStatusCode = (transaction: Transaction): string => notifiedCode[standingOf(transaction)];

const statusCode = (transaction: Transaction): string =>
  transaction.status === 'expire' ? '407' : notifiedStatusCode(transaction);

/** The body of a successful charge: 200, 201 or 202 (midtrans-facts 3). */
export const chargeAnswer = (transaction: Transaction, merchant: Merchant): Fields => ({
  status_code: notifiedCode[standingOf(transaction)],
  status_message: transaction.statusMessage,
  ...core(transaction),
  ...variableFields(transaction),
  ...transaction.chargeFields,
  merchant_id: merchant.merchantId,
  ...expiryTime(transaction),
});

/** The body of GET status (midtrans-facts 5.2). */
export const statusAnswer = (transaction: Transaction, merchant: Merchant): Fields => {
  const code = statusCode(transaction);
  return {
    status_code: code,
    status_message: statusMessage(transaction),
    ...core(transaction),
    ...(merchant.walletQuirks && isPendingWallet(transaction) && { transaction_status: 'PENDING' }),
    ...paymentAmounts(transaction),
    ...variableFields(transaction),
    ...(isPendingWallet(transaction) && transaction.chargeFields),
    ...settlementTime(transaction),
    ...refundFields(transaction),
    ...transaction.echo,
    signature_key: signature(transaction, code, merchant),
    merchant_id: merchant.merchantId,
    ...expiryTime(transaction),
  };
};

/** The body of an HTTP notification (midtrans-facts 7.4). */
export const notificationBody = (transaction: Transaction, merchant: Merchant): Fields => {
  const code = notifiedCode[standingOf(transaction)];
  return {
    ...core(transaction),
    status_code: code,
    status_message: 'midtrans payment notification',
    signature_key: signature(transaction, code, merchant),
    merchant_id: merchant.merchantId,
    ...paymentAmounts(transaction),
    ...variableFields(transaction),
    ...settlementTime(transaction),
    ...refundFields(transaction),
    ...transaction.echo,
    ...expiryTime(transaction),
  };
};

/** The answer to an action of the merchant. Only cards show more than the core (VA numbers are left out: VCR). */
export const actionAnswer = (transaction: Transaction, code: string, message: string): Fields => ({
  status_code: code,
  status_message: message,
  ...core(transaction),
  ...(transaction.card && transaction.fields),
});

/** The answer to an accepted refund (midtrans-facts 5.6). `refund_amount` is the sum so far. */
export const refundAnswer = (transaction: Transaction, refund: Refund, merchant: Merchant): Fields => {
  const { transaction_id: _, ...anonymous } = core(transaction);
  const dana = merchant.walletQuirks && transaction.method === 'dana';
  return {
    status_code: '200',
    status_message: 'Success, refund request is approved',
    ...(dana ? { ...anonymous, order_id: transaction.id } : core(transaction)),
    ...(transaction.method === 'ovo' && { ...transaction.fields, ...transaction.settledFields }),
    refund_chargeback_id: BigInt(refund.chargebackId),
    refund_chargeback_uuid: refund.chargebackUuid,
    refund_amount: rupiahText(refundedAmount(transaction)),
    refund_key: refund.key,
  };
};

/** A capture that the bank refused: a denial in this answer only, the hold stays (midtrans-facts 3.4). */
export const captureDeniedAnswer = (transaction: Transaction, amount: number): Fields => ({
  status_code: '202',
  status_message: transaction.card ? deniedByBank(transaction.card, doNotHonour) : 'GoPay transaction is denied',
  ...core(transaction),
  gross_amount: rupiahText(amount),
  transaction_status: 'deny',
  ...(transaction.card && transaction.fields),
  channel_response_code: doNotHonour.responseCode,
  channel_response_message: doNotHonour.responseMessage,
});

/** A refund that the bank refused: nothing became of the transaction (midtrans-facts 5.6). */
export const refundDeniedAnswer = (transaction: Transaction, refundKey: string): Fields => ({
  status_code: '202',
  status_message: 'Refund denied by the bank',
  ...core(transaction),
  refund_amount: rupiahText(refundedAmount(transaction)),
  refund_key: refundKey,
});

const core = (transaction: Transaction) => ({
  transaction_id: transaction.id,
  order_id: transaction.orderId,
  gross_amount: rupiahText(transaction.grossAmount),
  currency: 'IDR',
  payment_type: transaction.paymentType,
  transaction_time: wibTime(transaction.createdAt),
  transaction_status: transaction.status,
  ...(transaction.fraudStatus !== null && { fraud_status: transaction.fraudStatus }),
});

const variableFields = ({ fields, settledFields, settledAt }: Transaction): Fields =>
  settledAt === null ? fields : { ...fields, ...settledFields };

// BNI fills it on payment, the others leave it empty (midtrans-facts 7.4).
const paymentAmounts = ({ fields }: Transaction): Fields => ('va_numbers' in fields ? { payment_amounts: [] } : {});

const settlementTime = ({ settledAt }: Transaction): Fields =>
  settledAt === null ? {} : { settlement_time: wibTime(settledAt) };

const expiryTime = ({ expiresAt }: Transaction): Fields =>
  expiresAt === null ? {} : { expiry_time: wibTime(expiresAt) };

const refundFields = (transaction: Transaction): Fields => {
  const { refunds, chargedBack } = transaction;
  if (refunds.length === 0 && chargedBack === 0) return {};
  return {
    // Under a chargeback, what was charged back in sum; `refunds` go on listing what was refunded before it.
    refund_amount: rupiahText(chargedBack > 0 ? chargedBack : refundedAmount(transaction)),
    ...(refunds.length > 0 && { refunds: refunds.map(refundItem) }),
  };
};

const refundItem = (refund: Refund): Fields => ({
  refund_chargeback_id: BigInt(refund.chargebackId),
  refund_chargeback_uuid: refund.chargebackUuid,
  refund_amount: rupiahText(refund.amount),
  created_at: wibTime(refund.createdAt),
  ...(refund.reason !== null && { reason: refund.reason }),
  refund_key: refund.key,
  refund_method: refund.method,
  ...(refund.bankConfirmedAt !== null && { bank_confirmed_at: wibTime(refund.bankConfirmedAt) }),
});

const statusMessage = (transaction: Transaction): string => {
  if (transaction.refunds.length > 0) return 'Success, refund request is approved by the bank';
  return transaction.card ? transaction.statusMessage : 'Success, transaction is found';
};

const signature = (transaction: Transaction, code: string, merchant: Merchant): string =>
  signatureKey(transaction.orderId, code, rupiahText(transaction.grossAmount), merchant.serverKey);

// Their pending status repeats the actions of the charge (midtrans-facts 3.7).
const isPendingWallet = ({ method, status }: Transaction): boolean =>
  status === 'pending' && (method === 'dana' || method === 'shopeepay');
