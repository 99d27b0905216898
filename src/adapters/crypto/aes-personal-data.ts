import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AskedTwice } from '../../application/caching/asked-twice.js';
import type { Clock } from '../../application/ports/clock.js';
import { KeyDestroyed, SealBroken } from '../../application/ports/personal-data.js';
import type { KeyOwner, PersonalData, Seal } from '../../application/ports/personal-data.js';
import type { WrappedKey, WrappedKeys } from '../../application/ports/wrapped-keys.js';
import { decrypt, encrypt } from './aes-gcm.js';
import { keyBytes, MasterKeys } from './master-keys.js';

const format = 's1';
/** Design D10: an erased key is out of every process's memory after so long. */
const keptMs = 30_000;
const keptMax = 10_000;

type Found = OwnerSeal | 'destroyed' | undefined;

/** Personal data sealed with a key per owner (design D10): `s1.<owner>.<IV, ciphertext and tag>`, the latter two in base64url. */
export class AesPersonalData implements PersonalData {
  private readonly masterKeys: MasterKeys;
  /** In the order in which they were asked for, so that the first are the first to go. */
  private readonly kept = new Map<KeyOwner, { readonly untilMs: number; readonly found: Promise<Found> }>();

  /** `masterKeys`: 32 bytes each; the first wraps new keys, all unwrap. */
  constructor(
    private readonly wrappedKeys: WrappedKeys,
    masterKeys: readonly Uint8Array[],
    private readonly clock: Clock,
  ) {
    this.masterKeys = new MasterKeys(masterKeys);
  }

  async sealFor(owner: KeyOwner): Promise<Seal> {
    const seal = (await this.find(owner)) ?? (await this.make(owner));
    if (seal === 'destroyed') throw new KeyDestroyed(owner);
    return seal;
  }

  async open(sealed: string, boundTo: string): Promise<Uint8Array | undefined> {
    const owner = ownerIn(sealed);
    const seal = await this.find(owner);
    if (seal === undefined)
      throw new SealBroken(`The key of ${owner} is not destroyed, but missing in the key ring`, owner);
    return seal === 'destroyed' ? undefined : seal.open(sealed, boundTo);
  }

  /** Everyone who asks for the same owner at once waits for the same look-up. */
  private find(owner: KeyOwner): Promise<Found> {
    const known = this.kept.get(owner);
    if (known !== undefined && this.clock.monotonicMs() < known.untilMs) return known.found;
    const found = this.wrappedKeys
      .load(owner)
      .then((stored) => (stored === undefined ? undefined : this.unwrapped(owner, stored)));
    this.keep(owner, found);
    return found;
  }

  /** Of several who make a key at once all get the one that the ring then holds. */
  private async make(owner: KeyOwner): Promise<OwnerSeal | 'destroyed'> {
    const stored = await this.wrappedKeys.addIfAbsent(owner, this.masterKeys.wrap(owner, randomBytes(keyBytes)));
    const seal = this.unwrapped(owner, stored);
    this.keep(owner, Promise.resolve(seal));
    return seal;
  }

  /** What was not found, and what failed, is looked up again the next time. */
  private keep(owner: KeyOwner, found: Promise<Found>): void {
    const nowMs = this.clock.monotonicMs();
    this.forgetOld(nowMs);
    const entry = { untilMs: nowMs + keptMs, found };
    this.kept.delete(owner);
    this.kept.set(owner, entry);
    const forget = (): void => {
      if (this.kept.get(owner) === entry) this.kept.delete(owner);
    };
    found.then((seal) => seal ?? forget(), forget);
  }

  private forgetOld(nowMs: number): void {
    for (const [owner, { untilMs }] of this.kept) {
      if (nowMs < untilMs && this.kept.size < keptMax) return;
      this.kept.delete(owner);
    }
  }

  private unwrapped(owner: KeyOwner, stored: WrappedKey | 'destroyed'): OwnerSeal | 'destroyed' {
    return stored === 'destroyed' ? stored : new OwnerSeal(owner, this.masterKeys.unwrap(owner, stored));
  }
}

/** Whoever waits for a payment reads it again and again; deciphering takes a fifth of that. Of one key so many, of so many bytes. */
const openedMax = 8;
const openedBytesMax = 1_024;

interface Opened {
  readonly boundTo: string;
  readonly plain: Uint8Array;
}

class OwnerSeal implements Seal {
  private readonly prefix: string;
  private readonly sealing: KeyObject;
  private readonly fingerprinting: KeyObject;
  /** By what it was sealed as. Goes with the key, so that what is erased is not read from here either. */
  private readonly opened = new AskedTwice<Opened>(openedMax);

  constructor(
    private readonly owner: KeyOwner,
    dataKey: Buffer,
  ) {
    this.prefix = `${format}.${Buffer.from(owner).toString('base64url')}.`;
    this.sealing = derived(dataKey, 'seal');
    this.fingerprinting = derived(dataKey, 'fingerprint');
  }

  seal(plain: string | Uint8Array, boundTo: string): string {
    return this.prefix + encrypt(this.sealing, plain, boundTo).toString('base64url');
  }

  fingerprint(text: string): string {
    return createHmac('sha256', this.fingerprinting).update(text).digest('hex');
  }

  /** @throws SealBroken */
  open(sealed: string, boundTo: string): Uint8Array {
    const known = this.opened.get(sealed);
    if (known?.boundTo === boundTo) return known.plain;
    const plain = this.deciphered(sealed, boundTo);
    if (plain.length <= openedBytesMax) this.opened.offer(sealed, { boundTo, plain });
    return plain;
  }

  private deciphered(sealed: string, boundTo: string): Uint8Array {
    const bytes = Buffer.from(sealed.slice(this.prefix.length), 'base64url');
    // Node reads base64 generously; only the very text that was sealed is taken.
    const isOurs = sealed === this.prefix + bytes.toString('base64url');
    const plain = isOurs ? decrypt(this.sealing, bytes, boundTo) : undefined;
    if (plain === undefined)
      throw new SealBroken('The sealed text, its key, or what it is bound to is not what was sealed', this.owner);
    return plain;
  }
}

/** One key for each use. */
const derived = (dataKey: Buffer, use: 'seal' | 'fingerprint'): KeyObject =>
  createSecretKey(createHmac('sha256', dataKey).update(use).digest());

const ownerIn = (sealed: string): KeyOwner => {
  const [version, encoded = ''] = sealed.split('.', 2);
  const owner = Buffer.from(encoded, 'base64url').toString();
  if (version !== format || !isOwner(owner)) throw new SealBroken('This is not a sealed text', null);
  return owner;
};

const isOwner = (text: string): text is KeyOwner => /^(customer|day|method):/.test(text);
