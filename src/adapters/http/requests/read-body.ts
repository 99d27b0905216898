import type { IncomingMessage } from 'node:http';
import { refusal, type HttpRefusal } from '../answers/http-refusal.js';

const tooLarge = (bytesMax: number): HttpRefusal =>
  refusal(413, 'body_too_large', `The body has more than ${bytesMax} bytes`, { headers: { Connection: 'close' } });

const cutShort = (): HttpRefusal => refusal(400, 'invalid_request', 'The body ended before it was complete');

/**
 * The raw bytes. By events and not by `for await`, which costs a notification more than everything else here together.
 * @throws HttpRefusal 413 as soon as it is clear that there are more than `bytesMax`; 400 when the caller hangs up
 */
export const readBytes = (request: IncomingMessage, bytesMax: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return reject(tooLarge(bytesMax));
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        request.pause();
        reject(tooLarge(bytesMax));
      }
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => reject(cutShort()));
    request.once('close', () => {
      if (!request.complete) reject(cutShort());
    });
  });
