import { coreRefusal } from '../http/refusal.js';
import type { Collection, Store } from '../store/store.js';
import type { Method } from './method-rules.js';
import { methodRules } from './method-rules.js';

/** What Midtrans activates for a merchant: payment methods, and points of cards (midtrans-facts 5.8, 6.1). */
export type Feature = Method | 'points';

export const features: readonly Feature[] = [...(Object.keys(methodRules) as Method[]), 'points'];

export const featureNamed = (name: string): Feature | undefined => features.find((feature) => feature === name);

interface Deactivation {
  /** Of the refusal: 402 is seen as an HTTP code and in the body of HTTP 200 (midtrans-facts 6.1). */
  readonly httpStatus: 200 | 402;
}

/** What this merchant may be paid with. Everything is active until it is deactivated. */
export class Activations {
  private readonly deactivated: Collection<Deactivation>;

  constructor(store: Store) {
    this.deactivated = store.collection('deactivated_features');
  }

  deactivate(feature: Feature, httpStatus: Deactivation['httpStatus']): void {
    this.deactivated.put(feature, { httpStatus });
  }

  activate(feature: Feature): void {
    this.deactivated.delete(feature);
  }

  /** Undefined when it is active. */
  deactivation(feature: Feature): Deactivation | undefined {
    return this.deactivated.get(feature);
  }

  /** Throws 402 for what is not active. */
  check(feature: Feature): void {
    const deactivation = this.deactivation(feature);
    if (deactivation) throw coreRefusal(402, 'Payment channel is not activated.', {}, deactivation.httpStatus);
  }
}
