import { z } from 'zod';

export const Health = z.strictObject({ status: z.string() });

export const Readiness = z.strictObject({
  status: z.string(),
  parked_keys: z.int().nonnegative().meta({ description: 'What waits for a person; more than 100 are not counted' }),
});

export const NotificationStored = z.strictObject({ status: z.literal('stored') });

/** Only what is needed to recognise and check one; the rest is Midtrans' business and kept as it came. */
export const NotificationBody = z
  .looseObject({
    order_id: z.string(),
    status_code: z.string(),
    gross_amount: z.string(),
    signature_key: z.string().meta({ description: 'hex(SHA512(order_id + status_code + gross_amount + server key))' }),
    transaction_id: z.string(),
    transaction_status: z.string(),
  })
  .meta({ id: 'MidtransNotification' });
