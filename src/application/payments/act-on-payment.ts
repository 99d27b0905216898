import type { Rupiah } from '../../domain/money/rupiah.js';
import type { PaymentId, WishId } from '../../domain/payments/identity.js';
import type { ActionName } from '../../domain/payments/stages.js';
import type { Cause } from '../audit/cause.js';
import { carriedOut, type CarriedOut } from './carried-out.js';
import type { ActionCall } from './action-call.js';
import type { PaymentHistories } from './payment-histories.js';

export interface ActionRequest {
  readonly paymentId: PaymentId;
  readonly action: ActionName;
  readonly wishId: WishId;
  readonly reason: string | null;
  /** Of a capture; null: all that was authorized. */
  readonly amount: Rupiah | null;
  /** Customers and services cancel only what nobody has paid. */
  readonly onlyPending: boolean;
}

/** Capture, cancel, expire, approve, deny: the wish on record, then Midtrans, then its answer. */
export class ActOnPayment {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly call: ActionCall,
  ) {}

  /** @throws StoreUnavailable */
  async execute({ paymentId, ...wish }: ActionRequest, cause: Cause): Promise<CarriedOut> {
    const requested = await this.histories.transact(paymentId, { type: 'RequestAction', ...wish }, cause);
    if (requested.type === 'rejected') return requested;
    const { payment, events } = requested;
    if (events.length === 0) return carriedOut({ payment, failure: null }, 'again', payment.state.action !== null);

    const called = await this.call.execute(payment, cause);
    const inDoubt = called.payment.state.action?.wish.wishId === wish.wishId;
    return carriedOut(called, 'new', inDoubt);
  }
}
