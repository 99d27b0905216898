import type { PaymentRequest } from '../../../application/payments/make-payment.js';
import type { ChargeOrder } from '../../../application/ports/payment-gateway.js';
import type { WishId } from '../../../domain/payments/identity.js';
import type { JsonObject } from '../../../domain/json.js';
import { refusal } from '../answers/http-refusal.js';
import { providerOf, type PaymentRequestBody } from './payment-request-schema.js';

/** Midtrans takes no larger request, in bytes (midtrans-facts 1.5). */
const chargeBytesMax = 16_000;

/** A body that was read, in the words of the use case. */
export const paymentRequestOf = (body: PaymentRequestBody, userId: string, wishId: WishId): PaymentRequest => ({
  orderId: body.order_id,
  userId,
  provider: providerOf(body),
  amount: body.gross_amount,
  details: given(body.payment_details),
  customerDetails: body.customer_details ? given(body.customer_details) : null,
  itemDetails: body.item_details?.map(given) ?? null,
  metadata: body.metadata ? given(body.metadata) : null,
  expiry: ('expiry' in body ? body.expiry : undefined) ?? null,
  wishId,
});

/** It came as JSON, so it is JSON; the schemas know fields that may be missing as possibly undefined. */
const given = (fields: object): JsonObject => fields as JsonObject;

/** @param bytesOf the size of what Midtrans would be sent. @throws HttpRefusal 413 */
export const refuseTooLarge = (request: PaymentRequest, bytesOf: (order: ChargeOrder) => number): void => {
  if (bytesOf(request) > chargeBytesMax)
    throw refusal(
      413,
      'body_too_large',
      `What goes to Midtrans must fit ${chargeBytesMax} bytes; shorten texts, items or metadata`,
    );
};
