import type { PaymentId } from '../../domain/payments/identity.js';
import type { Cause } from '../audit/cause.js';
import type { PaymentRejection } from '../../domain/payments/rejections.js';
import type { LookFailure } from '../ports/payment-gateway.js';
import type { GatewayLooks } from './gateway-looks.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';

export type Synced =
  | { readonly type: 'synced'; readonly payment: KnownAt }
  | { readonly type: 'rejected'; readonly rejection: PaymentRejection }
  /** Midtrans could not be asked, or would not say. */
  | { readonly type: 'unanswered'; readonly failure: LookFailure };

/** Asks Midtrans for the state now. Who asked, when and why is on record, whatever it brings (R3.4). */
export class SyncPayment {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly looks: GatewayLooks,
  ) {}

  /** @throws StoreUnavailable */
  async execute(id: PaymentId, reason: string | null, cause: Cause): Promise<Synced> {
    const { state, revision } = await this.histories.read(id);
    if (state.phase === 'new' || revision === 'none')
      return { type: 'rejected', rejection: { code: 'unknown-payment' } };
    const { payment, failure } = await this.looks.look({ id, state, revision }, cause, { asked: { reason } });
    return failure ? { type: 'unanswered', failure } : { type: 'synced', payment };
  }
}
