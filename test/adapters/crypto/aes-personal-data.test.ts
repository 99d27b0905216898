import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import { KeyNotUnwrapped } from '../../../src/adapters/crypto/master-keys.js';
import type { Clock } from '../../../src/application/ports/clock.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { personalDataContract } from '../../contracts/personal-data-contract.js';
import { inMemory } from '../embedded/open-folder.js';

/** The system's clock, moved on by hand. */
const movableClock = (): { readonly clock: Clock; readonly pass: (ms: number) => void } => {
  const clock = new SystemClock();
  let passed = 0;
  return {
    clock: { now: () => clock.now(), monotonicMs: () => clock.monotonicMs() + passed, sleep: (ms) => clock.sleep(ms) },
    pass: (ms) => void (passed += ms),
  };
};

const masterKey = (): Uint8Array => randomBytes(32);

personalDataContract('AES-256-GCM', async () => {
  const { wrappedKeys: keys } = inMemory();
  const { clock, pass } = movableClock();
  const master = [masterKey()];
  return {
    personalData: new AesPersonalData(keys, master, clock),
    elsewhere: new AesPersonalData(keys, master, clock),
    keys,
    pass,
  };
});

describe('the key ring under a master key', () => {
  const owner = 'customer:1';

  it('is still opened by the old key after a new one is put before it, which wraps from then on', async () => {
    const { wrappedKeys } = inMemory();
    const { clock } = movableClock();
    const [before, after] = [masterKey(), masterKey()];
    const sealed = (await new AesPersonalData(wrappedKeys, [before], clock).sealFor(owner)).seal('old', '');
    const both = new AesPersonalData(wrappedKeys, [after, before], clock);
    expect(Buffer.from((await both.open(sealed, '')) ?? []).toString()).toBe('old');
    const newer = (await both.sealFor('customer:2')).seal('new', '');
    const later = new AesPersonalData(wrappedKeys, [after], clock);
    expect(Buffer.from((await later.open(newer, '')) ?? []).toString()).toBe('new');
    await expect(later.open(sealed, '')).rejects.toThrow(KeyNotUnwrapped);
  });

  it('holds no key in plain, and none that fits another owner', async () => {
    const { wrappedKeys } = inMemory();
    const { clock } = movableClock();
    const master = [masterKey()];
    await new AesPersonalData(wrappedKeys, master, clock).sealFor(owner);
    const wrapped = await wrappedKeys.load(owner);
    expect(wrapped).toMatch(/^w1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{80}$/);
    await wrappedKeys.addIfAbsent('customer:2', wrapped ?? '');
    await expect(new AesPersonalData(wrappedKeys, master, clock).sealFor('customer:2')).rejects.toThrow(
      KeyNotUnwrapped,
    );
  });

  it('is asked once for an owner in 30 s, and again after', async () => {
    const { wrappedKeys } = inMemory();
    const { clock, pass } = movableClock();
    let loads = 0;
    const counted = {
      load: (id: string) => ((loads += 1), wrappedKeys.load(id)),
      addIfAbsent: wrappedKeys.addIfAbsent.bind(wrappedKeys),
      idsBetween: wrappedKeys.idsBetween.bind(wrappedKeys),
      destroy: wrappedKeys.destroy.bind(wrappedKeys),
    };
    const personalData = new AesPersonalData(counted, [masterKey()], clock);
    await personalData.sealFor(owner);
    loads = 0;
    for (let n = 0; n < 5; n += 1) await personalData.sealFor(owner);
    pass(29_000);
    await personalData.sealFor(owner);
    expect(loads).toBe(0);
    pass(1_000);
    await personalData.sealFor(owner);
    expect(loads).toBe(1);
  });

  it('needs master keys of 32 bytes', () => {
    const { wrappedKeys } = inMemory();
    const { clock } = movableClock();
    expect(() => new AesPersonalData(wrappedKeys, [], clock)).toThrow('At least one master key is needed');
    expect(() => new AesPersonalData(wrappedKeys, [randomBytes(16)], clock)).toThrow(
      'A master key has 32 bytes, not 16',
    );
  });
});
