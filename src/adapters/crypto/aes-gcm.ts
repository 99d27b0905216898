import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** IV, ciphertext and tag in one. `boundTo` is authenticated with it and must be given again to open it. */
export const encrypt = (key: KeyObject, plain: string | Uint8Array, boundTo: string): Buffer => {
  const iv = freshIv();
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(boundTo));
  // A text is made bytes first: the cipher itself would take longer to read it.
  const head = cipher.update(typeof plain === 'string' ? Buffer.from(plain) : plain);
  return Buffer.concat([iv, head, cipher.final(), cipher.getAuthTag()]);
};

/** undefined: the key, the bytes or what they were bound to is not the same. */
export const decrypt = (key: KeyObject, sealed: Buffer, boundTo: string): Buffer | undefined => {
  if (sealed.length < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(ivBytes, -tagBytes));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
};

const pool = Buffer.alloc(ivBytes * 512);
let used = pool.length;

/** Drawn many at a time. No IV is given out twice, which is all that GCM asks of it; far below 2^32 of them for one key. */
const freshIv = (): Buffer => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ivBytes;
  return pool.subarray(used - ivBytes, used);
};
