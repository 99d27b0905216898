import type { IncomingMessage } from 'node:http';
import { refusal } from '../answers/http-refusal.js';

const tooLarge = (bytesMax: number) =>
  refusal(413, 'body_too_large', `The body may have ${bytesMax} bytes`, { headers: { Connection: 'close' } });

/** The raw bytes. @throws HttpRefusal 413 as soon as it is clear that there are more than `bytesMax` */
export const readBytes = async (request: IncomingMessage, bytesMax: number): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes);
};
