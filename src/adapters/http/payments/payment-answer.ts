import { z } from 'zod';
import { jsonFields, timeAnswer as time } from '../requests/field-schemas.js';
import { transactionStatuses } from '../../../domain/payments/gateway-status.js';

const rupiah = z.int().nonnegative();

/** `status`: Midtrans' word, or `initiated` before the first answer. */
export const paymentStatuses = ['initiated', ...transactionStatuses] as const;

/** A payment as it is shown (api.md 3). */
export const PaymentAnswer = z
  .strictObject({
    id: z.uuid(),
    order_id: z.string(),
    transaction_id: z.string().nullable(),
    user_id: z.string(),
    payment_type: z.string(),
    status: z.enum(paymentStatuses).meta({ description: "Midtrans' word; `initiated` before the first answer" }),
    fraud_status: z.string().nullable(),
    paid: z.boolean().meta({ description: 'The money is there, or sure to come' }),
    in_doubt: z
      .boolean()
      .meta({ description: 'A call to Midtrans has no known outcome yet; it is found out by itself' }),
    gross_amount: rupiah,
    currency: z.literal('IDR'),
    captured_amount: rupiah,
    refunded_amount: rupiah,
    refundable_amount: rupiah,
    payment_details: jsonFields.meta({ description: 'What was asked for, and everything the customer needs to pay' }),
    customer_details: jsonFields.nullable(),
    item_details: z.array(jsonFields).nullable(),
    metadata: jsonFields.nullable(),
    created_at: time,
    updated_at: time,
    expires_at: time.nullable(),
    paid_at: time.nullable(),
    settled_at: time.nullable(),
    revision: z.int().nonnegative().meta({ description: 'Number of the last event, from 0; also the ETag' }),
  })
  .meta({ id: 'Payment' });

export const PaymentListAnswer = z.strictObject({ data: z.array(PaymentAnswer), next_cursor: z.string().nullable() });

const actor = z.strictObject({
  kind: z.string(),
  id: z.string(),
  roles: z.array(z.string()),
  address: z.string().nullable().meta({ description: 'For auditor, support and finance; null for others' }),
});

export const EventAnswer = z
  .strictObject({
    id: z.uuid(),
    type: z.string(),
    revision: z.int().nonnegative(),
    occurred_at: time,
    actor,
    correlation_id: z.string(),
    causation_id: z.string(),
    request_id: z.string().nullable(),
    data: jsonFields,
    notification: z
      .strictObject({ received_at: time, address: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })
      .nullable()
      .optional()
      .meta({ description: 'What Midtrans sent, as it came in; for auditor, support and finance. null: it is erased' }),
  })
  .meta({ id: 'PaymentEvent' }); // prettier-ignore

export const EventListAnswer = z.strictObject({ data: z.array(EventAnswer), next_cursor: z.null() });
