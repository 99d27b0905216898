import { untouchedMethod, type PaymentMethod } from '../../domain/methods/payment-method.js';
import { providers, rulesOf, type Provider } from '../../domain/methods/providers.js';
import type { JsonObject } from '../../domain/json.js';
import { isSealed } from '../../domain/personal.js';
import type { CollectionDeclaration } from '../ports/documents.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { Projection } from '../projections/projection.js';
import { methodAfterStored, methodStreamPrefix, placeOf } from './payment-methods.js';

/** Read model `payment_methods` (R3.3): one document for each method that was ever changed; the others are as they come. */
export const methodCollection = {
  name: 'payment_methods',
  indexes: [],
  shapes: {},
} as const satisfies CollectionDeclaration;

const providerOf = (stream: string): Provider => {
  const name = stream.slice(methodStreamPrefix.length);
  const provider = providers.find((known) => known === name);
  if (provider === undefined) throw new Error(`${stream} is of no payment method that this service knows`);
  return provider;
};

/** The configuration as it stands sealed in the log, and the place that it opens at (R8.3). */
interface SealedConfig {
  readonly sealed: string;
  readonly bound_to: string;
}

interface MethodFold {
  readonly method: PaymentMethod;
  readonly config: SealedConfig | null;
}

const folded = (before: MethodFold | undefined, event: StoredEvent): MethodFold => {
  const method = methodAfterStored(before?.method ?? untouchedMethod(providerOf(event.stream)), event);
  const { config } = method;
  return { method, config: config && isSealed(config) ? { ...config, bound_to: placeOf(event) } : null };
};

export const methodProjection: Projection<MethodFold> = {
  name: 'payment_methods',
  version: 2,
  collection: methodCollection,
  streamPrefixes: [methodStreamPrefix],
  idOf: providerOf,
  // Too few to be shared out.
  partitionOf: () => 0,
  fold: folded,
  document: ({ method: { provider, enabled, createdAt, updatedAt }, config }): JsonObject => ({
    id: provider,
    type: rulesOf(provider).type,
    provider,
    enabled,
    config: config && { ...config },
    created_at: createdAt,
    updated_at: updatedAt,
  }),
  resume: (document) => {
    const { provider, enabled, config, created_at, updated_at } = document as unknown as {
      provider: Provider;
      enabled: boolean;
      config: SealedConfig | null;
      created_at: string;
      updated_at: string;
    };
    const sealed = config && { sealed: config.sealed };
    return { method: { provider, enabled, config: sealed, createdAt: created_at, updatedAt: updated_at }, config };
  },
};
