import type { PaymentRejection } from '../../domain/payments/rejections.js';
import type { GatewayFailure } from '../ports/payment-gateway.js';
import type { Called } from './called.js';
import type { KnownAt } from './payment-histories.js';

/** How a command to a payment ended. */
export type CarriedOut =
  /** `again`: this request had been carried out before, and nothing was done now. */
  | { readonly type: 'done'; readonly payment: KnownAt; readonly novelty: 'new' | 'again' }
  /** It may have happened: the wish is on record and will be settled. */
  | { readonly type: 'in_doubt'; readonly payment: KnownAt }
  /** By our own rules. */
  | { readonly type: 'rejected'; readonly rejection: PaymentRejection }
  /** By Midtrans. */
  | {
      readonly type: 'refused';
      readonly payment: KnownAt;
      readonly refusal: Extract<GatewayFailure, { readonly type: 'refused' }>;
    }
  | {
      readonly type: 'not_sent';
      readonly payment: KnownAt;
      readonly because: Extract<GatewayFailure, { readonly type: 'not_sent' }>['because'];
    };

/** @param inDoubt whether the wish that was called for is still without an outcome */
export const carriedOut = ({ payment, failure }: Called, novelty: 'new' | 'again', inDoubt: boolean): CarriedOut => {
  if (inDoubt) return { type: 'in_doubt', payment };
  if (failure?.type === 'refused') return { type: 'refused', payment, refusal: failure };
  if (failure?.type === 'not_sent') return { type: 'not_sent', payment, because: failure.because };
  return { type: 'done', payment, novelty };
};
