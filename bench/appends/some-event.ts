import type { NewEvent } from '../../src/application/ports/event-log.js';

/** About 700 bytes, as most are. */
const somePaymentPending = (id: string): NewEvent => ({
  id,
  type: 'PaymentPending',
  version: 1,
  data: {
    transaction_id: '9aed5972-5b6a-401e-894b-a32c91ed1a3a',
    payment_type: 'bank_transfer',
    provider: 'bca',
    fraud_status: 'accept',
    transaction_time: '2026-11-23T05:49:00.000Z',
    expires_at: '2026-11-24T05:49:00.000Z',
    details: { va_numbers: [{ bank: 'bca', va_number: '81278500001' }] },
    personal: null,
  },
  metadata: {
    time: '2026-11-23T05:49:00.000Z',
    actor: { kind: 'user', id: 'user-1', roles: ['customer'], address: { sealed: `s1.dXNlci0x.${'A'.repeat(52)}` } },
    $correlationId: id,
    $causationId: id,
    request_id: id,
    trace_parent: null,
  },
});

/** As large as a stored notification of a bank transfer. */
const someNotificationReceived = (id: string): NewEvent => ({
  id,
  type: 'NotificationReceived',
  version: 1,
  data: {
    order_id: 'order-9aed5972-5b6a-401e-894b-a32c91ed1a3a',
    received_at: '2026-11-23T05:49:00.000Z',
    sealed: `s1.ZGF5OjIwMjYtMTEtMjM.${'A'.repeat(1_400)}`,
  },
  metadata: { time: '2026-11-23T05:49:00.000Z', $correlationId: id, $causationId: id },
});

export const someEvents = { PaymentPending: somePaymentPending, NotificationReceived: someNotificationReceived };
export type SomeEvent = keyof typeof someEvents;
