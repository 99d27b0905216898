import { methodProjection } from '../application/methods/method-projection.js';
import { paymentProjection } from '../application/payments/payment-projection.js';
import type { Projection } from '../application/projections/projection.js';
import type { Durations } from '../domain/payments/durations.js';

/** Does something with a projection, whatever it folds into. */
export type WithProjection<T> = <Fold>(projection: Projection<Fold>) => T;

/** @throws RangeError for a name that no projection has */
export const withProjection = <T>(name: string, durations: Durations, use: WithProjection<T>): T => {
  if (name === methodProjection.name) return use(methodProjection);
  const payments = paymentProjection(durations);
  if (name === payments.name) return use(payments);
  throw new RangeError(`There is no projection ${name}`);
};
