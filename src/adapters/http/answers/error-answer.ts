import { z } from 'zod';
import { jsonFields } from '../requests/field-schemas.js';

const item = z.strictObject({
  field: z.string().optional().meta({ description: 'A path such as `customer_details.email`' }),
  code: z.string().meta({ description: 'Stable' }),
  message: z.string(),
});

/** R10.2. */
export const ErrorAnswer = z
  .strictObject({
    message: z.string(),
    errors: z.array(item).min(1),
    data: jsonFields.optional(),
  })
  .meta({
    id: 'Error',
    example: {
      message: 'Not valid: order_id',
      errors: [{ field: 'order_id', code: 'invalid_request', message: 'order_id is missing; it must be a text' }],
    },
  });

/** Every code that is answered with, by status (api.md 6). */
export const errorCodes = {
  400: ['invalid_request'],
  401: ['unauthenticated'],
  403: ['forbidden'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  409: [
    'order_id_taken',
    'invalid_transaction_status',
    'idempotency_in_progress',
    'concurrent_change',
    'customer_erased',
    'not_parked',
    'still_parked',
  ],
  413: ['body_too_large'],
  415: ['unsupported_media_type'],
  422: [
    'payment_method_not_available',
    'amount_out_of_range',
    'refund_exceeds_balance',
    'not_refundable',
    'card_number_refused',
    'idempotency_key_reused',
    'refund_key_reused',
    'gateway_order_id_taken',
    'midtrans_rejected',
  ],
  500: ['internal_error'],
  502: ['midtrans_misconfigured', 'store_unavailable'],
  503: ['midtrans_unavailable', 'store_unavailable', 'not_ready'],
  504: ['transaction_timeout'],
} as const satisfies Record<number, readonly string[]>;

export type ErrorStatus = keyof typeof errorCodes;
