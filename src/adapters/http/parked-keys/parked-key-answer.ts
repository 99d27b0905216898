import { z } from 'zod';
import { parkedStatuses } from '../../../application/parking/parked-key.js';
import { timeAnswer } from '../requests/field-schemas.js';

const event = z.strictObject({
  stream: z.string(),
  revision: z.int().nonnegative(),
  id: z.string(),
  type: z.string(),
});

const resumption = z.strictObject({
  at: timeAnswer,
  by: z.strictObject({ kind: z.string(), id: z.string(), roles: z.array(z.string()) }),
  reason: z.string().nullable(),
  request_id: z.string().nullable(),
  outcome: z.enum(['resumed', 'failed']),
});

/** A parked key as it is shown: as it is kept. */
export const ParkedKeyAnswer = z
  .strictObject({
    id: z.uuid(),
    follower: z.string().meta({ description: 'Whose work it is: that of a read model, or of the notifications' }),
    key: z.string().meta({ description: 'A payment id or method; of a notification the order id' }),
    event: event.meta({ description: 'The one that could not be worked on' }),
    status: z.enum(parkedStatuses),
    error: z.string().meta({ description: 'Of the last try that failed' }),
    tries: z.int().positive().meta({ description: 'So many failed' }),
    first_parked_at: timeAnswer,
    last_tried_at: timeAnswer,
    waiting_revision: z.int().nullable().meta({ description: 'Of the newest later event that waits for it' }),
    resumptions: z.array(resumption).meta({ description: 'Who had it tried again, when and why; the newest last' }),
  })
  .meta({ id: 'ParkedKey' });

export const ParkedKeyListAnswer = z.strictObject({
  data: z.array(ParkedKeyAnswer),
  next_cursor: z.string().nullable(),
});
