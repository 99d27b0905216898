import { createHash } from 'node:crypto';

export interface PaidOrder {
  readonly orderId: string;
  readonly transactionId: string;
  /** Whole rupiah. */
  readonly amount: number;
  readonly vaNumber: string;
}

/** What Midtrans posts when a BCA virtual account is paid (midtrans-facts 7.4), signed. */
export const notificationBody = (
  { orderId, transactionId, amount, vaNumber }: PaidOrder,
  serverKey: string,
): string => {
  const [statusCode, grossAmount] = ['200', `${amount}.00`];
  return JSON.stringify({
    va_numbers: [{ va_number: vaNumber, bank: 'bca' }],
    transaction_time: '2026-11-23 12:49:00',
    transaction_status: 'settlement',
    transaction_id: transactionId,
    status_message: 'midtrans payment notification',
    status_code: statusCode,
    signature_key: createHash('sha512').update(`${orderId}${statusCode}${grossAmount}${serverKey}`).digest('hex'),
    settlement_time: '2026-11-23 12:51:00',
    payment_type: 'bank_transfer',
    payment_amounts: [],
    order_id: orderId,
    merchant_id: 'G141532850',
    gross_amount: grossAmount,
    fraud_status: 'accept',
    expiry_time: '2026-11-24 12:49:00',
    currency: 'IDR',
  });
};
