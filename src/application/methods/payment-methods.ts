import { z } from 'zod';
import {
  changeMethod,
  methodAfter,
  untouchedMethod,
  type ChangeMethod,
  type PaymentMethod,
} from '../../domain/methods/payment-method.js';
import { providers, type Provider } from '../../domain/methods/providers.js';
import type { LogCache } from '../followers/cache-follower.js';
import type { Cause } from '../audit/cause.js';
import { metadataOf } from '../audit/event-metadata.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { ToldEvent } from '../ports/whole-streams.js';
import type { Ids } from '../ports/ids.js';
import type { PersonalData } from '../ports/personal-data.js';

export const methodStreamPrefix = 'payment_method-';

const streamOf = (provider: Provider): string => `${methodStreamPrefix}${provider}`;

/** Version 1 of PaymentMethodChanged, as it stands in the log. */
const StoredChange = z.strictObject({
  enabled: z.boolean(),
  config: z.strictObject({ sealed: z.string() }).nullable(),
});
const Metadata = z.object({ time: z.string() });

/** @throws for a type, version or shape that is not ours: an error, not a guess (design D9) */
export const methodAfterStored = (method: PaymentMethod, stored: ToldEvent): PaymentMethod => {
  if (stored.type !== 'PaymentMethodChanged' || stored.version !== 1)
    throw new Error(`${stored.stream}@${stored.revision}: ${stored.type} version ${stored.version} cannot be read`);
  const { enabled, config } = StoredChange.parse(stored.data);
  const { time } = Metadata.parse(stored.metadata);
  const { provider } = method;
  return methodAfter(method, { type: 'PaymentMethodChanged', at: time, provider, enabled, config });
};

/** What the configuration of an event is bound to. */
export const placeOf = ({ stream, id }: Pick<StoredEvent, 'stream' | 'id'>): string => `${stream}/${id}`;

interface Remembered {
  readonly method: PaymentMethod;
  readonly revision: number | 'none';
  readonly readAtMs: number;
}

/** What may be used to pay, by the log; remembered for `cacheMs`, or until the log tells of a change (R12.5). */
export class PaymentMethods implements LogCache {
  readonly streamPrefixes = [methodStreamPrefix];
  private readonly remembered = new Map<Provider, Remembered>();

  constructor(
    private readonly eventLog: EventLog,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly cacheMs = 5_000,
  ) {}

  async isEnabled(provider: Provider): Promise<boolean> {
    return (await this.find(provider)).enabled;
  }

  all(): Promise<readonly PaymentMethod[]> {
    return Promise.all(providers.map((provider) => this.find(provider)));
  }

  async find(provider: Provider): Promise<PaymentMethod> {
    const known = this.remembered.get(provider);
    const fresh = known !== undefined && this.clock.monotonicMs() - known.readAtMs < this.cacheMs;
    return (fresh ? known : await this.read(provider)).method;
  }

  /** Puts the change on record; whoever changes it at the same moment is decided before or after. */
  async change(change: Omit<ChangeMethod, 'at'>, cause: Cause): Promise<PaymentMethod> {
    const { provider } = change;
    const { method, revision } = await this.read(provider);
    const [event] = changeMethod({ ...change, at: this.clock.now() }, method);
    if (event === undefined) return method;
    const id = this.ids.next();
    const boundTo = placeOf({ stream: streamOf(provider), id });
    const seal = await this.personalData.sealFor(`method:${provider}`);
    const config = change.config && { sealed: seal.seal(JSON.stringify(change.config), boundTo) };
    const stored = {
      id,
      type: event.type,
      version: 1,
      data: { enabled: event.enabled, config },
      metadata: metadataOf(event.at, cause, seal, boundTo),
    };
    const appended = await this.eventLog.append(streamOf(provider), [stored], revision);
    return appended.type === 'conflict' ? this.change(change, cause) : (await this.read(provider)).method;
  }

  forget(stream: string): void {
    for (const provider of this.remembered.keys()) if (streamOf(provider) === stream) this.remembered.delete(provider);
  }

  forgetAll(): void {
    this.remembered.clear();
  }

  private async read(provider: Provider): Promise<Remembered> {
    const events = await this.eventLog.read(streamOf(provider));
    const found: Remembered = {
      method: events.reduce(methodAfterStored, untouchedMethod(provider)),
      revision: events.at(-1)?.revision ?? 'none',
      readAtMs: this.clock.monotonicMs(),
    };
    this.remembered.set(provider, found);
    return found;
  }
}
