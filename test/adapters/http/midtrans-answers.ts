import type { JsonObject } from '../../../src/domain/json.js';

/** A BCA account as Midtrans answers it (midtrans-facts 3.3). */
export const pending = (orderId: string, more: JsonObject = {}): JsonObject => ({
  status_code: '201',
  status_message: 'Success, Bank Transfer transaction is created',
  transaction_id: 'be03df7d-2f97-4c8c-a53c-8959f1b67295',
  order_id: orderId,
  merchant_id: 'G812785002',
  gross_amount: '50000.00',
  currency: 'IDR',
  payment_type: 'bank_transfer',
  transaction_time: '2026-11-23 16:33:49',
  transaction_status: 'pending',
  va_numbers: [{ bank: 'bca', va_number: '812785002530231' }],
  fraud_status: 'accept',
  ...more,
});

export const settled = (orderId: string, more: JsonObject = {}): JsonObject =>
  pending(orderId, {
    status_code: '200',
    transaction_status: 'settlement',
    settlement_time: '2026-11-23 16:40:00',
    ...more,
  });

export const refusal = (statusCode: string, message: string): JsonObject => ({
  status_code: statusCode,
  status_message: message,
  id: '0f5a8a3e-8f2d-4f0f-9d9f-7b6a7d0c8f11',
});
