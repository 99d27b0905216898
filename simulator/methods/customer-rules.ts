import { z } from 'zod';
import type { ChargeRequest } from './charge-request.js';
import type { Method } from './method-rules.js';

type Rule = (customer: NonNullable<ChargeRequest['customer_details']>) => z.core.$ZodRawIssue | undefined;

const email = /^[^\s@.]+(\.[^\s@.]+)*@[^\s@.]+(\.[^\s@.]+)+$/;
const bniPhone = /^(\+62|0).{0,28}$/;

const complaint = (field: string, message: string, input: unknown): z.core.$ZodRawIssue => ({
  code: 'custom',
  path: ['customer_details', field],
  message,
  input,
});

/** An empty address passes; one with double or trailing dots does not (midtrans-facts 2.4). */
const emailPattern: Rule = ({ email: address }) =>
  address && !email.test(address) ? complaint('email', 'is invalid', address) : undefined;

const phoneOfBni: Rule = ({ phone }) =>
  phone && !bniPhone.test(phone) ? complaint('phone', 'must start with +62 or 0', phone) : undefined;

/** BCA shows no more of a name (midtrans-facts 2.4). */
const nameCharactersMax = 30;

const namesOfBca: Rule = (customer) => {
  const long = (['first_name', 'last_name'] as const).find(
    (field) => (customer[field] ?? '').length > nameCharactersMax,
  );
  return long && complaint(long, `is too long (maximum is ${nameCharactersMax} characters)`, customer[long]);
};

/** What some methods want of a customer, beyond lengths. */
const rules: Partial<Record<Method, Rule>> = {
  bca_va: namesOfBca,
  permata_va: emailPattern,
  cimb_clicks: emailPattern,
  bca_klikbca: emailPattern,
  indomaret: emailPattern,
  bni_va: phoneOfBni,
};

/** Throws a ZodError when the customer's details do not suit the method. */
export const checkCustomer = (method: Method, { customer_details: customer }: ChargeRequest): void => {
  const issue = customer && rules[method]?.(customer);
  if (issue) throw new z.ZodError([issue as z.core.$ZodIssue]);
};
