import { hash } from 'node:crypto';

/** Never changed: with another namespace every order would become another payment (design D2). */
const namespace = Buffer.from('5b0c9a3e6d1f4f439d0e2f6f0a7c1d52', 'hex');

/** UUIDv5 (RFC 9562) of a name, byte by byte: a SHA-1 with version and variant put in. */
export const nameHash = (name: string): string => {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
