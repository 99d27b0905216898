import { z } from 'zod';

/** Visible text of so many characters; control characters have no place in it. */
export const text = (max: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** Rupiah, whole, exact. */
export const amount = z
  .int()
  .positive('must be more than nothing')
  .meta({ description: 'Whole rupiah', example: 50_000 });

/** Opened by the customer's browser or app; apps have schemes of their own (`someapps://callback`). */
export const address = z.url('must be a URL').max(1_000);

export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(1_000);

export const digits = (min: number, max: number) =>
  z.string().regex(new RegExp(`^\\d{${min},${max}}$`), `must be ${min} to ${max} digits`);

/** Query texts become numbers here, so that the document says integer. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)
  .meta({ override: { type: 'integer', minimum: 0 } });
