import { randomUUID } from 'node:crypto';
import type { Fields } from '../transactions/transaction.js';

/** An answer that ends a request early: thrown anywhere below a route, written by `answer-refusals`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** `reasons` are what is wrong, line by line, for an API of another shape or for people. */
  constructor(
    readonly httpStatus: number,
    readonly body: Fields,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join('; '));
  }
}

/** Core API: the code stands in the body, HTTP says 200 unless told otherwise (midtrans-facts 1.6). */
export const coreRefusal = (code: number, message: string, extra: Fields = {}, httpStatus = 200): Refusal =>
  new Refusal(httpStatus, { status_code: String(code), status_message: message, id: randomUUID(), ...extra }, [
    message,
  ]);

export const invalidPayload = (messages: readonly string[]): Refusal => {
  const summary = 'One or more parameters in the payload is invalid.';
  const { httpStatus, body } = coreRefusal(400, summary, { validation_messages: messages });
  return new Refusal(httpStatus, body, messages);
};

export const transactionUnknown = (): Refusal => coreRefusal(404, "Transaction doesn't exist.");

/** 412 with the id of the transaction, as recorded in 2019 (midtrans-facts 4.2, 6.2). */
export const statusNotModifiable = (transactionId: string): Refusal =>
  coreRefusal(412, 'Transaction status cannot be updated.', { id: transactionId });

/** 412 of refunds: the older text, without an id (midtrans-facts 5.6). */
export const notRefundable = (): Refusal => {
  const message = 'Merchant cannot modify the status of the transaction';
  return new Refusal(200, { status_code: '412', status_message: message }, [message]);
};

export const snapRefusal = (httpStatus: number, ...messages: readonly string[]): Refusal =>
  new Refusal(httpStatus, { error_messages: messages }, messages);

/** Subscriptions (midtrans-facts 5.11). */
export const subscriptionRefusal = (httpStatus: number, message: string, details: readonly string[] = []): Refusal => {
  const body = { status_message: message, ...(details.length > 0 && { validation_messages: details }) };
  return new Refusal(httpStatus, body, details.length > 0 ? details : [message]);
};

/** The simulator's own controls. */
export const controlRefusal = (httpStatus: number, message: string): Refusal =>
  new Refusal(httpStatus, { message }, [message]);
