import type { Rupiah } from '../../domain/money/rupiah.js';
import type { PaymentId, RefundKey, WishId } from '../../domain/payments/identity.js';
import type { Cause } from '../audit/cause.js';
import { carriedOut, type CarriedOut } from './carried-out.js';
import type { KnownAt, PaymentHistories } from './payment-histories.js';
import type { RefundCall } from './refund-call.js';

export interface RefundRequest {
  readonly paymentId: PaymentId;
  readonly refundKey: RefundKey;
  readonly wishId: WishId;
  /** null: all that is left. */
  readonly amount: Rupiah | null;
  readonly reason: string;
}

/** Gives money back, once for each refund key: the amount is reserved before Midtrans is asked. */
export class RefundPayment {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly call: RefundCall,
  ) {}

  /** @throws StoreUnavailable */
  async execute({ paymentId, ...wish }: RefundRequest, cause: Cause): Promise<CarriedOut> {
    const requested = await this.histories.transact(paymentId, { type: 'RequestRefund', ...wish }, cause);
    if (requested.type === 'rejected') return requested;
    const { payment, events } = requested;
    const inDoubt = (at: KnownAt): boolean =>
      at.state.refunds.some(({ refundKey, status }) => refundKey === wish.refundKey && status === 'requested');
    if (events.length === 0) return carriedOut({ payment, failure: null }, 'again', inDoubt(payment));

    const called = await this.call.execute(payment, wish.refundKey, cause);
    return carriedOut(called, 'new', inDoubt(called.payment));
  }
}
