import { z } from 'zod';
import { parseRequestTime } from '../clock/wib-time.js';

/** A number is accepted and echoed as text (midtrans-facts 2.2). */
export const orderIdSchema = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string()
    .min(1)
    .max(50)
    .regex(/^[A-Za-z0-9\-_~.]+$/, 'may only contain letters, digits, dash, underscore, tilde and dot'),
);

export const transactionDetailsSchema = z.object({
  order_id: orderIdSchema,
  gross_amount: z.int().min(1),
});

const text = (max: number) => z.string().max(max).nullish();

export const itemDetailsSchema = z.array(
  z.looseObject({
    id: z.union([z.string().max(50), z.number()]).nullish(),
    price: z.int(),
    quantity: z.int().min(1),
    name: z.string().min(1).max(50),
    brand: text(50),
    category: text(50),
    merchant_name: text(50),
    url: text(50),
  }),
);

const addressSchema = z.looseObject({
  first_name: text(255),
  last_name: text(255),
  phone: text(255),
  address: text(255),
  city: text(100),
  postal_code: text(10),
  country_code: text(10),
});

export const customerDetailsSchema = z.looseObject({
  first_name: text(255),
  last_name: text(255),
  email: text(255),
  phone: text(255),
  billing_address: addressSchema.nullish(),
  shipping_address: addressSchema.nullish(),
});

export const requestTimeSchema = z.string().transform((value, context) => {
  const time = parseRequestTime(value);
  if (time !== undefined) return time;
  context.addIssue({ code: 'custom', message: 'must have the format yyyy-MM-dd HH:mm:ss Z' });
  return z.NEVER;
});

/** What may come with any charge and is given back by status and notifications. */
export const echoShape = {
  custom_field1: text(255),
  custom_field2: text(255),
  custom_field3: text(255),
  metadata: z.record(z.string(), z.json()).nullish(),
};

/** The part every charge has in common; the rest is read by its method. */
export const chargeRequestSchema = z.looseObject({
  payment_type: z.string().min(1),
  transaction_details: transactionDetailsSchema,
  item_details: itemDetailsSchema.nullish(),
  customer_details: customerDetailsSchema.nullish(),
  custom_expiry: z
    .object({
      order_time: requestTimeSchema.nullish(),
      expiry_duration: z.int().min(1),
      unit: z.enum(['second', 'minute', 'hour', 'day']).default('minute'),
    })
    .nullish(),
  ...echoShape,
});

/** A subscription's order id is its name and 32 digits, longer than a merchant's may be (midtrans-facts 5.11). */
export const recurringRequestSchema = chargeRequestSchema.extend({
  transaction_details: z.object({ order_id: z.string(), gross_amount: z.int().min(1) }),
});

export type ChargeRequest = z.infer<typeof chargeRequestSchema>;

export const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;
