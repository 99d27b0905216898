import type { IncomingMessage } from 'node:http';
import { coreRefusal } from './refusal.js';
import type { SimulatorMiddleware } from './context.js';

/** The largest request Midtrans takes (midtrans-facts 1.5). */
export const bodyBytesMax = 16_384;

const tooLarge = () => coreRefusal(413, 'Request entity is too large', {}, 413);
const malformed = () => coreRefusal(413, 'The request could not be completed due to malformed syntax');

/** Parses the JSON body. An empty one, `null` and `{}` are all fine for actions without parameters. */
export const readBody: SimulatorMiddleware = async (ctx, next) => {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
    ctx.state.body = bodyOf(await textOf(ctx.req), ctx.get('content-type'));
  await next();
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > bodyBytesMax) throw tooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
};

const bodyOf = (text: string, contentType: string): unknown => {
  if (text.trim() === '') return undefined;
  // Only the simulator's own pages send forms.
  if (contentType.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed();
  }
};
