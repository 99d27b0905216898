import type { SimulatorContext } from '../http/context.js';
import type { Html } from './html.js';

/** Only what the simulator itself serves; a shop's address may be the target of a form's redirect. */
const contentPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:";

export const show = (
  ctx: Pick<SimulatorContext, 'status' | 'type' | 'body' | 'set'>,
  page: Html,
  httpStatus = 200,
): void => {
  ctx.status = httpStatus;
  ctx.type = 'text/html';
  ctx.set('content-security-policy', contentPolicy);
  ctx.body = page.text;
};

/** The fields of a form; all of them text. */
export const formOf = (ctx: Pick<SimulatorContext, 'state'>): Partial<Record<string, string>> => {
  const { body } = ctx.state;
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};
