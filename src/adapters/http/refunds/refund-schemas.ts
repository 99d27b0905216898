import { z } from 'zod';
import { rupiah } from '../../../domain/money/rupiah.js';
import { refundKey, refundKeyPattern } from '../../../domain/payments/identity.js';
import { amount, text, timeAnswer } from '../requests/field-schemas.js';

export const RefundBody = z
  .strictObject({
    amount: amount.transform(rupiah).optional().meta({ description: 'All that is left unless said otherwise' }),
    reason: text(255).meta({ description: 'Some methods show it to the customer' }),
    refund_key: z
      .string()
      .regex(refundKeyPattern, 'must be 1 to 36 letters, digits, - or _')
      .transform(refundKey)
      .optional()
      .meta({ description: 'Yours; the same key is the same refund' }),
  })
  .meta({ id: 'RefundRequest' });

export const RefundAnswer = z
  .strictObject({
    refund_key: z.string(),
    amount: z.int().positive(),
    reason: z.string().nullable(),
    status: z.enum(['requested', 'accepted', 'confirmed', 'refused', 'in_doubt']),
    created_at: timeAnswer,
    bank_confirmed_at: timeAnswer.nullable(),
  })
  .meta({ id: 'Refund' });

export const RefundListAnswer = z.strictObject({ data: z.array(RefundAnswer), next_cursor: z.null() });
