import { z } from 'zod';
import { paymentId, refundKey } from '../../domain/payments/identity.js';

const message = z.object({ field: z.string().optional(), code: z.string(), message: z.string() });

/**
 * What is kept of an answer, for ever (api.md 3): where in the log it can be rendered from again, or the refusal as it was. No
 * personal data, so that nothing here outlives its erasure.
 */
export const KeptAnswer = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('payment'),
    status: z.union([z.literal(200), z.literal(201)]),
    paymentId: z.string().transform(paymentId),
    revision: z.int().nonnegative(),
  }),
  z.object({
    of: z.literal('refund'),
    status: z.union([z.literal(200), z.literal(201)]),
    paymentId: z.string().transform(paymentId),
    revision: z.int().nonnegative(),
    refundKey: z.string().transform(refundKey),
  }),
  z.object({
    of: z.literal('refusal'),
    status: z.literal(422),
    body: z.object({ message: z.string(), errors: z.array(message), data: z.record(z.string(), z.json()).optional() }),
  }),
]);

export type KeptAnswer = z.infer<typeof KeptAnswer>;
