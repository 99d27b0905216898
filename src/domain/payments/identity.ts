declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv5 of the order id (design D2). */
export type PaymentId = Branded<'PaymentId'>;
/** 1-50 of `A-Za-z0-9-_~.`, compared byte by byte, means one payment for ever (design D2). */
export type OrderId = Branded<'OrderId'>;
/** Names one wish for a change at Midtrans; sent as its Idempotency-Key, so at most 46 characters (midtrans-facts 1.4). */
export type WishId = Branded<'WishId'>;
/** Letters, digits, `-`, `_`, at most 36 of ours; Midtrans' own may be longer (midtrans-facts 5.6). */
export type RefundKey = Branded<'RefundKey'>;
/** Opaque: a UUID, or newer forms such as `A120240830074017NP16XMU4JTID` (midtrans-facts 2.2). */
export type TransactionId = Branded<'TransactionId'>;

const checked =
  <T extends string>(what: string, pattern: RegExp) =>
  (value: string): T => {
    if (!pattern.test(value)) throw new MalformedId(what, value);
    return value as T;
  };

export class MalformedId extends Error {
  override readonly name = 'MalformedId';
  constructor(
    readonly what: string,
    readonly value: string,
  ) {
    super(`Not a ${what}: ${JSON.stringify(value.slice(0, 60))}`);
  }
}

/** `.` and `..` would lead astray in the paths of Midtrans' API. */
export const orderIdPattern = /^(?!\.{1,2}$)[A-Za-z0-9\-_~.]{1,50}$/;
export const refundKeyPattern = /^[A-Za-z0-9\-_]{1,36}$/;

export const orderId = checked<OrderId>('order id', orderIdPattern);
export const paymentId = checked<PaymentId>('payment id', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const wishId = checked<WishId>('wish id', /^[A-Za-z0-9-]{1,46}$/);
/** Keys of refunds made elsewhere (dashboard) follow Midtrans' rules, not ours: anything not empty. */
export const refundKey = checked<RefundKey>('refund key', /^.{1,255}$/);
export const transactionId = checked<TransactionId>('transaction id', /^\S{1,255}$/);
