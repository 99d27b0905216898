import type { JsonObject } from '../json.js';
import { isSealed, type Personal } from '../personal.js';
import type { Instant } from '../time/instant.js';
import type { Provider } from './providers.js';

/** Enabling, disabling and configuring a method is history like any other (R3.3, R3.4). */
export interface PaymentMethodChanged {
  readonly type: 'PaymentMethodChanged';
  readonly at: Instant;
  readonly provider: Provider;
  readonly enabled: boolean;
  /** Sealed in the log (R8.3). */
  readonly config: Personal;
}

export interface PaymentMethod {
  readonly provider: Provider;
  readonly enabled: boolean;
  readonly config: Personal;
  /** null: never changed since the service exists. */
  readonly createdAt: Instant | null;
  readonly updatedAt: Instant | null;
}

/** All methods are enabled until somebody says otherwise (R3.3). */
export const untouchedMethod = (provider: Provider): PaymentMethod => ({
  provider,
  enabled: true,
  config: null,
  createdAt: null,
  updatedAt: null,
});

export const methodAfter = (method: PaymentMethod, event: PaymentMethodChanged): PaymentMethod => ({
  provider: method.provider,
  enabled: event.enabled,
  config: event.config,
  createdAt: method.createdAt ?? event.at,
  updatedAt: event.at,
});

export interface ChangeMethod {
  readonly provider: Provider;
  readonly enabled: boolean;
  readonly config: JsonObject | null;
  readonly at: Instant;
}

/** The same setting again changes nothing. A sealed config cannot be compared, so naming one is always a change. */
export const changeMethod = (command: ChangeMethod, method: PaymentMethod): readonly PaymentMethodChanged[] => {
  const sameConfig =
    command.config === null ? method.config === null : !isSealed(method.config) && command.config === method.config;
  if (command.enabled === method.enabled && sameConfig) return [];
  return [{ type: 'PaymentMethodChanged', ...command }];
};
