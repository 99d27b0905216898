import { untouchedMethod, type PaymentMethod } from '../../domain/methods/payment-method.js';
import { providers, rulesOf, type Provider } from '../../domain/methods/providers.js';
import type { JsonObject } from '../../domain/json.js';
import type { CollectionDeclaration } from '../ports/documents.js';
import type { Projection } from '../projections/projection.js';
import { methodAfterStored, methodStreamPrefix } from './payment-methods.js';

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

export const methodProjection: Projection<PaymentMethod> = {
  name: 'payment_methods',
  version: 1,
  collection: methodCollection,
  streamPrefixes: [methodStreamPrefix],
  idOf: providerOf,
  // Too few to be shared out.
  partitionOf: () => 0,
  fold: (before, event) => methodAfterStored(before ?? untouchedMethod(providerOf(event.stream)), event),
  document: ({ provider, enabled, config, createdAt, updatedAt }): JsonObject => ({
    id: provider,
    type: rulesOf(provider).type,
    provider,
    enabled,
    // Sealed in the log, so sealed here (R8.3).
    config: config && { ...config },
    created_at: createdAt,
    updated_at: updatedAt,
  }),
  resume: (document) => {
    const { provider, enabled, config, created_at, updated_at } = document as unknown as {
      provider: Provider;
      enabled: boolean;
      config: PaymentMethod['config'];
      created_at: string;
      updated_at: string;
    };
    return { provider, enabled, config, createdAt: created_at, updatedAt: updated_at };
  },
};
