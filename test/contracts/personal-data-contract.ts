import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { KeyDestroyed, SealBroken } from '../../src/application/ports/personal-data.js';
import type { KeyOwner, PersonalData } from '../../src/application/ports/personal-data.js';
import type { WrappedKeys } from '../../src/application/ports/wrapped-keys.js';
import { upTo } from './some-events.js';

/** Personal data over a key ring, seen by two processes that share it. */
export interface SealedWorld {
  readonly personalData: PersonalData;
  /** Of another process: nothing is cached there that this one has cached. */
  readonly elsewhere: PersonalData;
  readonly keys: WrappedKeys;
  /** Lets time pass for both. */
  readonly pass: (ms: number) => void;
}

const text = 'Budi Utomo · +62 811-234 🧾';
const boundTo = 'payment-1/0198c0de';

/** Every promise of PersonalData. */
export const personalDataContract = (name: string, open: () => Promise<SealedWorld>): void =>
  describe(`${name} seals personal data`, () => {
    const opened = async () => {
      const world = await open();
      const owner: KeyOwner = `customer:${randomUUID()}`;
      return { ...world, owner, seal: await world.personalData.sealFor(owner) };
    };
    const opening = async (data: PersonalData, sealed: string, to = boundTo): Promise<string | undefined> => {
      const plain = await data.open(sealed, to);
      return plain && Buffer.from(plain).toString();
    };

    it('opens what was sealed, here and elsewhere', async () => {
      const { personalData, elsewhere, seal } = await opened();
      const sealed = seal.seal(text, boundTo);
      expect(await opening(personalData, sealed)).toBe(text);
      expect(await opening(elsewhere, sealed)).toBe(text);
    });

    it('takes bytes, nothing at all, and much', async () => {
      const { personalData, seal } = await opened();
      const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
      expect(Buffer.from((await personalData.open(seal.seal(bytes, ''), '')) ?? [])).toEqual(Buffer.from(bytes));
      expect(await opening(personalData, seal.seal('', boundTo))).toBe('');
      const much = 'x'.repeat(300_000);
      expect(await opening(personalData, seal.seal(much, boundTo))).toBe(much);
    });

    it('writes base64url and dots, without the text, and never twice the same', async () => {
      const { seal } = await opened();
      const sealed = upTo(100).map(() => seal.seal(text, boundTo));
      for (const one of sealed) expect(one).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/);
      expect(new Set(sealed).size).toBe(100);
      expect(Buffer.from(sealed.join(''), 'base64url').includes('Budi')).toBe(false);
    });

    it('opens only with what it was bound to', async () => {
      const { personalData, seal } = await opened();
      const sealed = seal.seal(text, boundTo);
      await expect(personalData.open(sealed, 'payment-2/0198c0de')).rejects.toThrow(SealBroken);
      await expect(personalData.open(sealed, '')).rejects.toThrow(SealBroken);
    });

    it('opens it again as it was, and still only with what it was bound to', async () => {
      const { personalData, seal } = await opened();
      const texts = upTo(20).map((n) => (n % 2 ? `${text} ${n}` : 'x'.repeat(5_000 + n)));
      const sealed = texts.map((one) => seal.seal(one, boundTo));
      for (const _round of upTo(3))
        expect(await Promise.all(sealed.map((one) => opening(personalData, one)))).toEqual(texts);
      for (const one of sealed) await expect(personalData.open(one, 'payment-2/0198c0de')).rejects.toThrow(SealBroken);
      const again = seal.seal(text, boundTo);
      for (const _time of upTo(3)) expect(await opening(personalData, again)).toBe(text);
      await expect(personalData.open(again, 'payment-2/0198c0de')).rejects.toThrow(SealBroken);
      expect(await opening(personalData, again)).toBe(text);
    });

    it('opens nothing that was changed in a single character', async () => {
      const { personalData, seal } = await opened();
      const sealed = seal.seal('short', boundTo);
      for (const n of upTo(sealed.length)) {
        const changed = sealed.slice(0, n) + (sealed[n] === 'A' ? 'B' : 'A') + sealed.slice(n + 1);
        await expect(personalData.open(changed, boundTo)).rejects.toThrow(SealBroken);
      }
      for (const torn of ['', 'text', sealed.slice(0, -4), `${sealed}AAAA`, `${sealed}.AAAA`]) {
        await expect(personalData.open(torn, boundTo)).rejects.toThrow(SealBroken);
      }
    });

    it('gives each owner a key of its own', async () => {
      const { personalData, seal } = await opened();
      const other = await personalData.sealFor(`day:2026-11-23`);
      const [mine, theirs] = [seal.seal(text, boundTo), other.seal(text, boundTo)];
      expect(await opening(personalData, theirs)).toBe(text);
      const swapped = [...theirs.split('.').slice(0, -1), mine.split('.').at(-1)].join('.');
      await expect(personalData.open(swapped, boundTo)).rejects.toThrow(SealBroken);
      expect(other.fingerprint(text)).not.toBe(seal.fingerprint(text));
    });

    it('gives equal texts of an owner the same fingerprint, everywhere', async () => {
      const { elsewhere, owner, seal } = await opened();
      const there = await elsewhere.sealFor(owner);
      expect(seal.fingerprint(text)).toMatch(/^[0-9a-f]{64}$/);
      expect(there.fingerprint(text)).toBe(seal.fingerprint(text));
      expect(there.fingerprint(`${text} `)).not.toBe(seal.fingerprint(text));
    });

    it('makes one key for an owner, however many want to seal first', async () => {
      const { personalData, elsewhere } = await opened();
      const owner: KeyOwner = `customer:${randomUUID()}`;
      const seals = await Promise.all(upTo(40).map((n) => (n % 2 ? personalData : elsewhere).sealFor(owner)));
      expect(new Set(seals.map((seal) => seal.fingerprint(text))).size).toBe(1);
      for (const seal of seals) expect(await opening(elsewhere, seal.seal(text, boundTo))).toBe(text);
    });

    it('has stored a new key before the first text is sealed with it', async () => {
      const { keys, owner } = await opened();
      expect(await keys.load(owner)).toMatch(/\S/);
    });

    it('finds the data erased once the key is destroyed, everywhere within 30 s', async () => {
      const { personalData, elsewhere, keys, owner, seal, pass } = await opened();
      const sealed = seal.seal(text, boundTo);
      for (const data of [personalData, elsewhere, personalData, elsewhere, personalData, elsewhere])
        expect(await opening(data, sealed)).toBe(text);
      await keys.destroy(owner);
      pass(30_000);
      expect(await personalData.open(sealed, boundTo)).toBeUndefined();
      expect(await elsewhere.open(sealed, boundTo)).toBeUndefined();
    });

    it('seals no more for an owner whose key is destroyed, and for one destroyed in advance', async () => {
      const { personalData, keys, owner, pass } = await opened();
      await keys.destroy(owner);
      pass(30_000);
      await expect(personalData.sealFor(owner)).rejects.toThrow(KeyDestroyed);
      const never: KeyOwner = `customer:${randomUUID()}`;
      await keys.destroy(never);
      await expect(personalData.sealFor(never)).rejects.toThrow(KeyDestroyed);
    });

    it('still opens the data of all others then', async () => {
      const { personalData, keys, owner, seal, pass } = await opened();
      const other = await personalData.sealFor(`customer:${randomUUID()}`);
      const sealed = other.seal(text, boundTo);
      seal.seal(text, boundTo);
      await keys.destroy(owner);
      pass(30_000);
      expect(await opening(personalData, sealed)).toBe(text);
    });
  });
