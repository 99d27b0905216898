import { z } from 'zod';
import { requestTimeSchema } from '../methods/charge-request.js';
import { customerDetailsSchema } from '../methods/charge-request.js';

const intervalUnit = z.enum(['day', 'week', 'month']);
const metadataBytesMax = 1_024;

const amountSchema = z
  .union([z.string().regex(/^0*[1-9]\d*(\.00)?$/, 'must be a whole amount of at least 1'), z.int().min(1)])
  .transform((amount) => String(amount).replace(/\.00$/, ''));

const scheduleSchema = z.looseObject({
  interval: z.int().min(1),
  interval_unit: intervalUnit,
  max_interval: z.int().min(0).nullish(),
  start_time: requestTimeSchema.nullish(),
});

/** POST /v1/subscriptions (midtrans-facts 5.11). */
export const subscriptionSchema = z
  .looseObject({
    name: z
      .string()
      .min(1)
      .max(40)
      .regex(/^[A-Za-z0-9\-_~.]+$/, 'may only contain letters, digits, dash, underscore, tilde and dot'),
    amount: amountSchema,
    currency: z.literal('IDR'),
    payment_type: z.enum(['credit_card', 'gopay']),
    token: z.string().min(1),
    schedule: scheduleSchema,
    retry_schedule: z
      .looseObject({ interval: z.int().min(1), interval_unit: intervalUnit, max_interval: z.int().min(1) })
      .nullish(),
    metadata: z
      .record(z.string(), z.json())
      .refine((metadata) => JSON.stringify(metadata).length < metadataBytesMax, 'is too large')
      .nullish(),
    customer_details: customerDetailsSchema.nullish(),
    gopay: z.looseObject({ account_id: z.string().min(1) }).nullish(),
  })
  .refine(({ payment_type, gopay }) => payment_type !== 'gopay' || gopay, {
    path: ['gopay', 'account_id'],
    message: 'is required',
  });

/** PATCH: what may be changed. */
export const subscriptionPatchSchema = z.looseObject({
  name: z.string().min(1).max(40).optional(),
  amount: amountSchema.optional(),
  token: z.string().min(1).optional(),
  schedule: z.looseObject({ interval: z.int().min(1).optional(), interval_unit: intervalUnit.optional() }).optional(),
});
