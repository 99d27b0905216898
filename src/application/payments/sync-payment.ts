import type { PaymentId } from '../../domain/payments/identity.js';
import type { Cause } from '../audit/cause.js';
import type { PaymentRejection } from '../../domain/payments/rejections.js';
import type { GatewayFailure } from '../ports/payment-gateway.js';
import type { GatewayLooks } from './gateway-looks.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';

export type Synced =
  | { readonly type: 'synced'; readonly payment: KnownAt }
  | { readonly type: 'rejected'; readonly rejection: PaymentRejection }
  /** Midtrans could not be asked, or would not say. */
  | { readonly type: 'unanswered'; readonly failure: GatewayFailure };

/** Asks Midtrans for the state now; that somebody asked is on record too. */
export class SyncPayment {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly looks: GatewayLooks,
  ) {}

  async execute(id: PaymentId, cause: Cause): Promise<Synced> {
    const { state, revision } = await this.histories.read(id);
    if (state.phase === 'new' || revision === 'none')
      return { type: 'rejected', rejection: { code: 'unknown-payment' } };
    const { payment, failure } = await this.looks.look({ id, state, revision }, cause, { noteLook: true });
    return failure ? { type: 'unanswered', failure } : { type: 'synced', payment };
  }
}
