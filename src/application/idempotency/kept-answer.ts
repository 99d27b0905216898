import { z } from 'zod';
import type { JsonObject } from '../../domain/json.js';
import type { ParkedKey } from '../parking/parked-key.js';
import { paymentId, refundKey } from '../../domain/payments/identity.js';

/** R10.2, as plain JSON. */
export interface RefusalBody {
  readonly message: string;
  readonly errors: readonly { readonly field?: string; readonly code: string; readonly message: string }[];
  readonly data?: JsonObject;
}

const RefusalBody = z.custom<RefusalBody>((value) => typeof value === 'object' && value !== null && 'errors' in value);

const ParkedKeyBody = z.custom<ParkedKey>(
  (value) => typeof value === 'object' && value !== null && 'follower' in value,
);

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
  /** Its record is not of the log and may be changed later. It has nothing personal in it, so it is kept whole. */
  z.object({
    of: z.literal('parked_key'),
    status: z.literal(200),
    body: ParkedKeyBody,
  }),
  z.object({
    of: z.literal('refusal'),
    status: z.literal(422),
    body: RefusalBody,
  }),
]);

export type KeptAnswer = z.infer<typeof KeptAnswer>;
