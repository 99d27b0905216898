import { z } from 'zod';
import type { Json as JsonValue } from '../../../domain/json.js';
import { orderId, orderIdPattern } from '../../../domain/payments/identity.js';
import { instant } from '../../../domain/time/instant.js';

/** Visible text of so many characters; control characters have no place in it. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

export const orderIdText = z
  .string()
  .regex(orderIdPattern, 'must be 1 to 50 of A-Z a-z 0-9 - _ ~ .')
  .transform(orderId);

/** Rupiah, whole, exact. */
export const amount = z.int().positive().meta({ description: 'Whole rupiah', example: 50_000 });

/** Opened by the customer's browser or app; apps have schemes of their own (`someapps://callback`). */
export const address = z.url().max(1_000);

export const webAddress = z
  .url({
    protocol: /^https?$/,
    error: ({ code }) => (code === 'invalid_format' ? 'must be an http or https URL' : null),
  })
  .max(1_000);

export const email = z.email().max(255);

export const digits = (min: number, max: number) =>
  z.string().regex(new RegExp(`^\\d{${min},${max}}$`), `must be ${min} to ${max} digits`);

/** Whatever JSON.parse gives; it needs no second look. */
export const Json = z.custom<JsonValue>((value) => value !== undefined).meta({ override: { description: 'Any JSON' } });

export const jsonFields = z.record(z.string(), Json);

/** In the document a query parameter is what it means, not the text that it comes as. */
const withoutPattern =
  (instead: Readonly<Record<string, unknown>>) =>
  ({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void => {
    delete jsonSchema['pattern'];
    Object.assign(jsonSchema, instead);
  };

interface IntegerBounds {
  readonly minimum: number;
  readonly maximum?: number;
  readonly default?: number;
}

const asInteger = (bounds: IntegerBounds) => withoutPattern({ type: 'integer', ...bounds });

/** A moment in any zone, as ours in UTC. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((moment) => instant(Date.parse(moment)))
  .meta({ override: withoutPattern({}) });

/** A moment as we answer it. */
export const timeAnswer = z.iso.datetime().meta({ override: withoutPattern({}) });

/** Query texts become numbers here, so that the document says integer. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number, 0 or more')
  .transform(Number)
  .meta({ override: asInteger({ minimum: 0 }) });

const limitDefault = 20;
const limitMax = 100;

/** Of a list: how much of it, and from where on. */
export const pageFields = {
  limit: wholeNumber
    .refine((limit) => limit >= 1 && limit <= limitMax, `must be 1 to ${limitMax}`)
    .default(limitDefault)
    .meta({ override: asInteger({ minimum: 1, maximum: limitMax, default: limitDefault }) }),
  cursor: z.string().min(1).max(1_000).optional().meta({ description: '`next_cursor` of the page before' }),
};
