import type { Rupiah } from '../../domain/money/rupiah.js';
import { rulesOf, type Provider } from '../../domain/methods/providers.js';
import type { Expiry, PaymentOrder } from '../../domain/payments/events.js';
import type { OrderId, WishId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import { newPayment } from '../../domain/payments/state.js';
import type { Cause } from '../audit/cause.js';
import type { PaymentMethods } from '../methods/payment-methods.js';
import type { Journal } from '../ports/journal.js';
import type { ChargeOrder } from '../ports/payment-gateway.js';
import type { PersonalData } from '../ports/personal-data.js';
import type { ChargeCall } from './charge-call.js';
import { carriedOut, type CarriedOut } from './carried-out.js';
import { canonical, openDetails, personalDetails, withoutTokens } from './payment-details.js';
import type { KnownAt, PaymentAt, PaymentHistories } from './payment-histories.js';
import { paymentIdOf } from './payment-identity.js';

/** What a caller asks for; `details` are the flat `payment_details` of api.md 3, tokens and personal fields included. */
export interface PaymentRequest {
  readonly orderId: OrderId;
  readonly userId: string;
  readonly provider: Provider;
  readonly amount: Rupiah;
  readonly details: JsonObject;
  readonly customerDetails: JsonObject | null;
  readonly itemDetails: readonly JsonObject[] | null;
  readonly metadata: JsonObject | null;
  readonly expiry: Expiry | null;
  readonly wishId: WishId;
}

export type MadePayment =
  | CarriedOut
  | { readonly type: 'unavailable'; readonly because: 'disabled' }
  | { readonly type: 'unavailable'; readonly because: 'amount'; readonly min: Rupiah; readonly max: Rupiah | null };

/** Makes one payment of one order, once (design D2, D3): the wish on record, then Midtrans, then its answer. */
export class MakePayment {
  constructor(
    private readonly histories: PaymentHistories,
    private readonly call: ChargeCall,
    private readonly methods: PaymentMethods,
    private readonly personalData: PersonalData,
    private readonly journal: Journal,
  ) {}

  /** @throws StoreUnavailable, KeyDestroyed */
  async execute(request: PaymentRequest, cause: Cause): Promise<MadePayment> {
    const id = paymentIdOf(request.orderId);
    const obstacle = await this.obstacle(request);
    const unheardOf: PaymentAt = { id, state: newPayment, revision: 'none' };
    const before = obstacle ? await this.histories.read(id) : unheardOf;
    // What was made while the method was to be had is still answered with; nothing more is sent.
    if (obstacle && isToBeSent(before)) return obstacle;

    const order = await this.orderOf(request);
    const { wishId } = request;
    const wish = await this.histories.transact(id, { type: 'InitiatePayment', order, wishId }, cause, before);
    if (wish.type === 'rejected') return wish;
    if (!wish.events.some(({ type }) => type === 'PaymentInitiated' || type === 'ChargeAttempted'))
      return carriedOut({ payment: wish.payment, failure: null }, 'again', isCalling(wish.payment));

    this.journal.info(
      `Payment initiated: order_id=${request.orderId}, amount=${request.amount}, payment_type=${order.paymentType}`,
      { payment_id: id },
    );
    const called = await this.call.execute(chargeOrderOf(request, wish.payment.state.wishId), wish.payment, cause);
    return carriedOut(called, 'new', isCalling(called.payment));
  }

  private async obstacle({ provider, amount }: PaymentRequest): Promise<MadePayment | undefined> {
    const { min, max } = rulesOf(provider).amount;
    if (!(await this.methods.isEnabled(provider))) return { type: 'unavailable', because: 'disabled' };
    return amount < min || (max !== null && amount > max)
      ? { type: 'unavailable', because: 'amount', min, max }
      : undefined;
  }

  private async orderOf(request: PaymentRequest): Promise<PaymentOrder> {
    const { orderId, userId, provider, amount, details, customerDetails, itemDetails, metadata, expiry } = request;
    const personal = personalDetails(details);
    const seal = await this.personalData.sealFor(`customer:${userId}`);
    const compared = { ...request, details: withoutTokens(details), wishId: undefined };
    return {
      orderId,
      userId,
      paymentType: rulesOf(provider).paymentType,
      provider,
      amount,
      details: openDetails(details),
      personal: personalOf(customerDetails, personal),
      itemDetails,
      metadata,
      expiry,
      fingerprint: seal.fingerprint(canonical(compared)),
    };
  }
}

/** This request would be its first send, or the next attempt of one that was not sent. */
const isToBeSent = ({ state }: PaymentAt): boolean => state.phase === 'new' || state.charge.phase === 'not_sent';

/** A refund or action in doubt is another request's. */
const isCalling = ({ state }: KnownAt): boolean => state.charge.phase === 'calling';

const personalOf = (customerDetails: JsonObject | null, details: JsonObject): JsonObject | null => {
  const hasDetails = Object.keys(details).length > 0;
  if (customerDetails === null && !hasDetails) return null;
  return {
    ...(customerDetails && { customer_details: customerDetails }),
    ...(hasDetails && { payment_details: details }),
  };
};

/** A payment has one wish to charge: another attempt goes under the wish on record, so Midtrans sees it as the same. */
const chargeOrderOf = (request: PaymentRequest, wishId: WishId): ChargeOrder => {
  const { orderId, provider, amount, details, customerDetails, itemDetails, metadata, expiry } = request;
  return { orderId, wishId, provider, amount, details, customerDetails, itemDetails, metadata, expiry };
};
