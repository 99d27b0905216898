import { z } from 'zod';
import { parkedStatuses } from '../../../application/parking/parked-key.js';
import { parsed } from '../answers/invalid-fields.js';
import type { HttpParts } from '../http-parts.js';
import { pageFields } from '../requests/field-schemas.js';
import type { HttpContext } from '../requests/http-context.js';
import { ListCursors } from '../requests/list-cursors.js';

export const ListParkedKeysQuery = z.strictObject({ status: z.enum(parkedStatuses).optional(), ...pageFields });

/** `GET /payments/parked-keys`: the newest first. */
export const listParkedKeys = ({ parkedKeys, settings }: HttpParts) => {
  const cursors = new ListCursors(settings.webhookSecret, 'parked keys');
  return async function handleListParkedKeys(ctx: HttpContext): Promise<void> {
    const { status = null, limit, cursor } = parsed(ListParkedKeysQuery, ctx.query);
    const filter = { status };
    const after = cursor === undefined ? null : cursors.read(cursor, filter);
    const page = await parkedKeys.list(status, limit, after);
    ctx.body = { data: page.parkedKeys, next_cursor: page.next && cursors.write(page.next, filter) };
  };
};
