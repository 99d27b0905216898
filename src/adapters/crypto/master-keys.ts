import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { WrappedKey } from '../../application/ports/wrapped-keys.js';
import { decrypt, encrypt } from './aes-gcm.js';

interface MasterKey {
  /** Eight hex digits that tell nothing about the key. */
  readonly name: string;
  readonly key: KeyObject;
}

const format = 'w1';
export const keyBytes = 32;

/** A data key that no configured `ENCRYPTION_KEY` opens: one was taken away too early, or the key ring is damaged. */
export class KeyNotUnwrapped extends Error {
  override readonly name = 'KeyNotUnwrapped';
}

/** The keys of `ENCRYPTION_KEY`: the first wraps, all unwrap, so that one can be exchanged for another. */
export class MasterKeys {
  private readonly first: MasterKey;
  private readonly byName: ReadonlyMap<string, KeyObject>;

  /** 32 bytes each, at least one. */
  constructor(keys: readonly Uint8Array[]) {
    const named = keys.map(nameKey);
    const [first] = named;
    if (first === undefined) throw new RangeError('At least one master key is needed');
    this.first = first;
    this.byName = new Map(named.map(({ name, key }) => [name, key]));
  }

  /** `w1.<name of the master key>.<base64url>`, good for this id only. */
  wrap(id: string, dataKey: Uint8Array): WrappedKey {
    const { name, key } = this.first;
    return `${format}.${name}.${encrypt(key, dataKey, boundTo(id)).toString('base64url')}`;
  }

  /** @throws KeyNotUnwrapped */
  unwrap(id: string, wrapped: WrappedKey): Buffer {
    const [version, name = '', body = ''] = wrapped.split('.');
    if (version !== format) throw new KeyNotUnwrapped(`The key of ${id} is in an unknown format`);
    const key = this.byName.get(name);
    if (key === undefined)
      throw new KeyNotUnwrapped(`The key of ${id} was wrapped with an ENCRYPTION_KEY that is not configured (${name})`);
    const dataKey = decrypt(key, Buffer.from(body, 'base64url'), boundTo(id));
    if (dataKey === undefined) throw new KeyNotUnwrapped(`The key of ${id} is damaged, or another's`);
    return dataKey;
  }
}

const boundTo = (id: string): string => `${format}.${id}`;

const nameKey = (bytes: Uint8Array): MasterKey => {
  if (bytes.length !== keyBytes) throw new RangeError(`A master key has ${keyBytes} bytes, not ${bytes.length}`);
  const key = createSecretKey(bytes);
  return { name: createHmac('sha256', key).update('name of a master key').digest('hex').slice(0, 8), key };
};
