import { z } from 'zod';
import {
  customerDetailsSchema,
  echoShape,
  itemDetailsSchema,
  requestTimeSchema,
  transactionDetailsSchema,
} from '../methods/charge-request.js';

const unit = z.enum(['second', 'seconds', 'minute', 'minutes', 'hour', 'hours', 'day', 'days']);

const cardOptionsSchema = z.looseObject({
  secure: z.boolean().nullish(),
  save_card: z.boolean().nullish(),
  bank: z.string().nullish(),
  channel: z.string().nullish(),
  type: z.enum(['authorize', 'authorize_capture']).nullish(),
  whitelist_bins: z.array(z.string()).nullish(),
  installment: z
    .looseObject({
      required: z.boolean().nullish(),
      terms: z.record(z.string(), z.array(z.int())).nullish(),
    })
    .nullish(),
});

const accountOption = z.looseObject({ va_number: z.string().nullish() }).nullish();
const callbackOption = z.looseObject({ callback_url: z.string().nullish() }).nullish();

/** POST /snap/v1/transactions (midtrans-facts 5.12). */
export const snapRequestSchema = z.looseObject({
  transaction_details: transactionDetailsSchema,
  item_details: itemDetailsSchema.nullish(),
  customer_details: customerDetailsSchema.nullish(),
  enabled_payments: z.array(z.string()).nullish(),
  credit_card: cardOptionsSchema.nullish(),
  bca_va: accountOption,
  bni_va: accountOption,
  bri_va: accountOption,
  cimb_va: accountOption,
  permata_va: accountOption,
  danamon_va: accountOption,
  bsi_va: accountOption,
  seabank_va: accountOption,
  saqu_va: accountOption,
  echannel: z.looseObject({}).nullish(),
  gopay: callbackOption,
  shopeepay: callbackOption,
  dana: callbackOption,
  uob_ezpay: callbackOption,
  callbacks: z.looseObject({ finish: z.string().nullish(), error: z.string().nullish() }).nullish(),
  expiry: z.object({ start_time: requestTimeSchema.nullish(), duration: z.int().min(1), unit }).nullish(),
  /** For merchants that charge again later; kept, and without effect on the page. */
  recurring: z
    .looseObject({
      required: z.boolean().nullish(),
      start_time: requestTimeSchema.nullish(),
      interval_unit: z.enum(['day', 'week', 'month']).nullish(),
    })
    .nullish(),
  user_id: z.string().nullish(),
  page_expiry: z.object({ duration: z.int().min(1), unit }).nullish(),
  ...echoShape,
});

export type SnapRequest = z.infer<typeof snapRequestSchema>;

const unitMs = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

const durationMs = ({ duration, unit: name }: { duration: number; unit: z.infer<typeof unit> }): number =>
  duration * unitMs[name.replace(/s$/, '') as keyof typeof unitMs];

const pageLifeMs = 24 * 3_600_000;
const pageLifeMsMax = 7 * 24 * 3_600_000;

/** When the page ends if nobody picks a method: `page_expiry`, then `expiry`, then 24 hours; 7 days at most. */
export const pageExpiresAt = (request: SnapRequest, now: number): number => {
  const { page_expiry: page, expiry } = request;
  if (page) return now + Math.min(durationMs(page), pageLifeMsMax);
  if (expiry) return Math.min((expiry.start_time ?? now) + durationMs(expiry), now + pageLifeMsMax);
  return now + pageLifeMs;
};

/** When a payment picked at `now` expires: from `start_time`, else from the choice; null is the method's own time. */
export const paymentExpiresAt = ({ expiry }: SnapRequest, now: number): number | null =>
  expiry ? (expiry.start_time ?? now) + durationMs(expiry) : null;
