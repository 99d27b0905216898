import { isUtf8 } from 'node:buffer';
import { invalidRequest, refusal } from '../answers/http-refusal.js';
import { cardNumberIn, hasLongCardNumber } from './card-number-search.js';
import type { HttpContext } from './http-context.js';
import { cardNumberRefused } from './refuse-card-numbers.js';
import { readBytes } from './read-body.js';
import { whatCannotBeKept } from './what-cannot-be-kept.js';

/** Four times what Midtrans takes, so that the answer is about what is wrong and not about the size. */
const bodyBytesMax = 64 * 1024;

const isJsonType = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/**
 * The JSON body; `{}` when there is none. Nothing of it has been logged or kept when a card number is found.
 * @throws HttpRefusal 400 malformed, or not to be kept as it is, 413 too large, 415 not JSON, 422 a raw card number
 */
export const readJson = async (ctx: HttpContext): Promise<unknown> => {
  const bytes = await readBytes(ctx.req, bodyBytesMax);
  if (bytes.length === 0) return {};
  const { 'content-type': type, 'content-encoding': encoding } = ctx.req.headers;
  if (!isJsonType.test(type ?? '') || (encoding !== undefined && encoding !== 'identity'))
    throw refusal(415, 'unsupported_media_type', 'The body must be application/json, not compressed');
  if (!isUtf8(bytes)) throw refusal(400, 'invalid_request', 'The body is not UTF-8');
  const text = bytes.toString('utf8');
  const body = parseJson(text);
  if (isDeeperThan(levelsMax, body))
    throw refusal(400, 'invalid_request', `The body has more than ${levelsMax} levels`);
  const field = cardNumberIn(body) ?? (hasLongCardNumber(text) ? '' : undefined);
  if (field !== undefined) throw cardNumberRefused(field);
  const problem = whatCannotBeKept(body);
  if (problem) throw invalidRequest(problem.field, problem.wrong);
  return body;
};

/** Nothing that anybody needs has more; what walks through a body goes one call deeper for each. */
const levelsMax = 32;

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, 'invalid_request', 'The body is not JSON');
  }
};
