import { z } from 'zod';
import type { PaymentMethod } from '../../../domain/methods/payment-method.js';
import { rulesOf } from '../../../domain/methods/providers.js';
import type { HttpParts, HttpSettings } from '../http-parts.js';
import { timeAnswer } from '../requests/field-schemas.js';
import type { HttpContext } from '../requests/http-context.js';

const seconds = z.int().positive();

export const MethodAnswer = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    provider: z.string(),
    payment_type: z.string().meta({ description: 'For `POST /payments`' }),
    enabled: z.boolean(),
    amount_min: z.int(),
    amount_max: z.int().nullable().meta({ description: 'null: no limit is known' }),
    expiry: z.strictObject({
      default_seconds: seconds,
      min_seconds: seconds.nullable().meta({ description: 'null: it cannot be chosen' }),
      max_seconds: seconds.nullable(),
    }),
    refund: z.enum(['none', 'full', 'partial']),
    refund_within_days: z.int().positive().nullable(),
    cancel_pending: z.boolean(),
    expire_pending: z.boolean(),
    client_key: z.string().optional().meta({ description: "For Midtrans' card script" }),
    card_script: z.strictObject({ url: z.string(), environment: z.string() }).optional(),
    created_at: timeAnswer.nullable(),
    updated_at: timeAnswer.nullable(),
  })
  .meta({ id: 'PaymentMethod' });

export const MethodListAnswer = z.strictObject({ data: z.array(MethodAnswer), next_cursor: z.null() });

/** `GET /payments/methods`: what can be used now (R3.3). Their configuration is not shown. */
export const getMethods = ({ paymentMethods, settings }: HttpParts) =>
  async function handleGetMethods(ctx: HttpContext): Promise<void> {
    const methods = await paymentMethods.all();
    ctx.body = { data: methods.map((method) => methodView(method, settings)), next_cursor: null };
  };

const dayMs = 86_400_000;
const inSeconds = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1_000);

const methodView = (
  { provider, enabled, createdAt, updatedAt }: PaymentMethod,
  { clientKey, cardScript }: HttpSettings,
): z.input<typeof MethodAnswer> => {
  const { type, paymentType, amount, expiry, refund, cancelPending, expirePending } = rulesOf(provider);
  return {
    id: provider,
    type,
    provider,
    payment_type: paymentType,
    enabled,
    amount_min: amount.min,
    amount_max: amount.max,
    expiry: {
      default_seconds: expiry.defaultMs / 1_000,
      min_seconds: inSeconds(expiry.custom?.minMs),
      max_seconds: inSeconds(expiry.custom?.maxMs),
    },
    refund: refund.kind,
    refund_within_days: refund.windowMs === null ? null : refund.windowMs / dayMs,
    cancel_pending: cancelPending,
    expire_pending: expirePending,
    ...(provider === 'credit_card' && { client_key: clientKey, card_script: cardScript }),
    created_at: createdAt,
    updated_at: updatedAt,
  };
};
