import type { GatewayFailure, LookFailure } from '../ports/payment-gateway.js';
import type { KnownAt } from './payment-histories.js';

/** The payment after a call and its outcome on record; `failure`: what Midtrans, or the way there, had against it. */
export interface Called {
  readonly payment: KnownAt;
  readonly failure: LookFailure | null;
}

export type Refused = Extract<GatewayFailure, { readonly type: 'refused' }>;
