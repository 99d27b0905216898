import { beforeEach, describe, expect, it } from '@jest/globals';
import { AesPersonalData } from '../../../src/adapters/crypto/aes-personal-data.js';
import type { DataFolder } from '../../../src/adapters/embedded/data-folder.js';
import { SystemIds } from '../../../src/adapters/system/system-ids.js';
import { systemCause } from '../../../src/application/audit/cause.js';
import { methodCollection, methodProjection } from '../../../src/application/methods/method-projection.js';
import { PaymentMethods } from '../../../src/application/methods/payment-methods.js';
import { guardOf } from '../../../src/application/projections/document-guard.js';
import { Projector } from '../../../src/application/projections/projector.js';
import { providers } from '../../../src/domain/methods/providers.js';
import { inMemory } from '../../adapters/embedded/open-folder.js';
import { someEvent } from '../../contracts/some-events.js';
import { parkedKeysIn } from '../parking/parked-keys-in.js';
import { ToldClock } from '../payments/lives-on-record.js';

let stores: DataFolder;
let clock: ToldClock;
let methods: PaymentMethods;
const cause = systemCause('operator', 'correlation-1');

/** As another process has them. */
const methodsOfAnother = () => {
  const personalData = new AesPersonalData(stores.wrappedKeys, [Buffer.alloc(32, 7)], clock);
  return new PaymentMethods(stores.eventLog, personalData, clock, new SystemIds());
};

beforeEach(() => {
  stores = inMemory();
  clock = new ToldClock();
  methods = methodsOfAnother();
});

const switchOff = (of = methods) => of.change({ provider: 'gopay', enabled: false, config: null }, cause);
const history = async () => (await stores.eventLog.read('payment_method-gopay')).map(({ type, data }) => [type, data]);

describe('payment methods', () => {
  it('are all enabled until somebody says otherwise', async () => {
    const all = await methods.all();
    expect(all.map(({ provider }) => provider)).toEqual(providers);
    expect(all.every(({ enabled, createdAt }) => enabled && createdAt === null)).toBe(true);
  });

  it('change on record, with who did it', async () => {
    expect(await switchOff()).toEqual({
      provider: 'gopay',
      enabled: false,
      config: null,
      createdAt: '2026-11-23T05:00:00.000Z',
      updatedAt: '2026-11-23T05:00:00.000Z',
    });
    expect(await history()).toEqual([['PaymentMethodChanged', { enabled: false, config: null }]]);
    expect((await stores.eventLog.read('payment_method-gopay'))[0]?.metadata).toMatchObject({
      actor: { kind: 'system', id: 'operator' },
    });
    expect([await methods.isEnabled('gopay'), await methods.isEnabled('ovo')]).toEqual([false, true]);
  });

  it('set to what they are already add nothing', async () => {
    await switchOff();
    await switchOff();
    expect(await history()).toHaveLength(1);
  });

  it('have their configuration sealed', async () => {
    await methods.change({ provider: 'gopay', enabled: true, config: { secret_note: 'for us only' } }, cause);
    const [[, data] = []] = await history();
    expect(data).toEqual({ enabled: true, config: { sealed: expect.stringMatching(/^s1\./) } });
    expect(JSON.stringify(await stores.eventLog.read('payment_method-gopay'))).not.toContain('for us only');
  });

  it('changed elsewhere are seen after five seconds', async () => {
    expect(await methods.isEnabled('gopay')).toBe(true);
    await switchOff(methodsOfAnother());
    await clock.sleep(4_999);
    expect(await methods.isEnabled('gopay')).toBe(true);
    await clock.sleep(1);
    expect(await methods.isEnabled('gopay')).toBe(false);
  });

  it('changed here are seen at once', async () => {
    await methods.isEnabled('gopay');
    await switchOff();
    expect(await methods.isEnabled('gopay')).toBe(false);
  });

  it('changed by two at once are changed one after the other', async () => {
    const on = { provider: 'gopay', enabled: true, config: { color: 'green' } } as const;
    await Promise.all([switchOff(), methodsOfAnother().change(on, cause)]);
    expect(await history()).toHaveLength(2);
  });

  it.each([
    ['an unknown type', { type: 'PaymentMethodPainted' }],
    ['an unknown version', { type: 'PaymentMethodChanged', version: 2 }],
  ])('with %s in their history are an error that names the place', async (_, change) => {
    await stores.eventLog.append('payment_method-gopay', [someEvent({ enabled: false, config: null }, change)], 'none');
    await expect(methods.find('gopay')).rejects.toThrow('payment_method-gopay@0');
  });

  it('that were changed stand in their read model', async () => {
    await switchOff();
    await clock.sleep(1_000);
    await methods.change({ provider: 'gopay', enabled: true, config: { color: 'green' } }, cause);
    const { events } = await stores.eventFeed.readAfter('start', { streamPrefixes: ['payment_method-'] });
    const projector = new Projector(methodProjection, stores.documents, stores.eventLog, parkedKeysIn(stores.records));
    await projector.handle(events.slice(0, 1));
    await projector.handle(events);
    const stored = await stores.documents.get(methodCollection, 'gopay');
    const config = stored?.document['config'] as { readonly sealed: string; readonly bound_to: string };
    const personalData = new AesPersonalData(stores.wrappedKeys, [Buffer.alloc(32, 7)], clock);
    const opened = await personalData.open(config.sealed, config.bound_to);
    expect(Buffer.from(opened ?? []).toString()).toBe('{"color":"green"}');
    expect(stored).toEqual({
      id: 'gopay',
      revision: guardOf(methodProjection.version, 1),
      document: {
        id: 'gopay',
        type: 'ewallet',
        provider: 'gopay',
        enabled: true,
        config: { sealed: expect.stringMatching(/^s1\./), bound_to: `payment_method-gopay/${events[1]?.id}` },
        created_at: '2026-11-23T05:00:00.000Z',
        updated_at: '2026-11-23T05:00:01.000Z',
      },
    });
  });
});
