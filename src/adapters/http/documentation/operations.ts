import type { z } from 'zod';
import { MethodListAnswer } from '../methods/get-methods.js';
import { ListParkedKeysQuery } from '../parked-keys/list-parked-keys.js';
import { ParkedKeyAnswer, ParkedKeyListAnswer } from '../parked-keys/parked-key-answer.js';
import { ResumeBody } from '../parked-keys/post-resume.js';
import { GetPaymentQuery } from '../payments/get-payment.js';
import { ListPaymentsQuery } from '../payments/list-payments.js';
import { EventListAnswer, PaymentAnswer, PaymentListAnswer } from '../payments/payment-answer.js';
import { PaymentRequestBody } from '../payments/payment-request-schema.js';
import { ActionBody, CaptureBody } from '../payments/post-action.js';
import { RefundAnswer, RefundBody, RefundListAnswer } from '../refunds/refund-schemas.js';
import { jsonFields } from '../requests/field-schemas.js';
import { errorsOf, type OperationErrors } from './operation-errors.js';
import { Health, NotificationBody, NotificationStored, Readiness } from './plain-schemas.js';

/** One route as it is told to the world. What parses a request is what describes it. */
export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** What `{id}` in the path is; a payment's unless said otherwise. */
  readonly id?: string;
  readonly tag: 'Payments' | 'Refunds' | 'Methods' | 'Notifications' | 'Operation';
  readonly summary: string;
  readonly description: string;
  /** null: no token is needed. */
  readonly roles: string | null;
  readonly query?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean };
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType | null }>>;
  readonly errors: OperationErrors;
}

const payment = (description: string) => ({ description, schema: PaymentAnswer });
const inDoubt = "Midtrans' answer is unknown: `in_doubt` is true, and what became of it is found out by itself";
const optional = (schema: z.ZodType) => ({ schema, required: false });
const required = (schema: z.ZodType) => ({ schema, required: true });

const action = (
  word: string,
  roles: string,
  summary: string,
  schema: z.ZodType = ActionBody,
  errors: OperationErrors = errorsOf.action,
): Operation => ({
  method: 'post',
  path: `/payments/{id}/${word}`,
  tag: 'Payments',
  summary,
  description: 'The wish is put on record, Midtrans is asked, and its answer is put on record.',
  roles,
  body: optional(schema),
  answers: { 200: payment('The payment afterwards'), 202: payment(inDoubt) },
  errors,
});

export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: '/payments',
    tag: 'Payments',
    summary: 'Make a payment',
    description:
      'An order id means one payment for ever. The same request again gives the same payment and never a second charge; after a 502 or 503 it makes the next attempt, for 24 hours. A payment that has failed stays failed: another try is another order id. `payment_details` holds what the customer needs to pay.',
    roles: 'customer (where allowed), service (for any user, by `user_id`)',
    body: required(PaymentRequestBody),
    answers: {
      201: payment('Made. A charge that was denied is made too, with `status: "deny"`'),
      200: payment('It had been made by the same request before; `status` says what became of it'),
      202: payment(inDoubt),
    },
    errors: errorsOf.makePayment,
  },
  {
    method: 'get',
    path: '/payments',
    tag: 'Payments',
    summary: 'List payments',
    description: 'Newest first. A cursor is good for the same question only.',
    roles: 'customer (its own), service, support, finance, auditor',
    query: ListPaymentsQuery,
    answers: { 200: { description: 'A page', schema: PaymentListAnswer } },
    errors: errorsOf.list,
  },
  {
    method: 'get',
    path: '/payments/methods',
    tag: 'Methods',
    summary: 'What can be used to pay',
    description: "With limits, expiry and refunds; for `credit_card` also what Midtrans' card script needs.",
    roles: 'any',
    answers: { 200: { description: 'All methods', schema: MethodListAnswer } },
    errors: errorsOf.methods,
  },
  {
    method: 'get',
    path: '/payments/{id}',
    tag: 'Payments',
    summary: 'Read a payment',
    description:
      'The `ETag` is the revision. `If-None-Match` answers 304 when nothing is newer. `min_revision` asks for that revision or newer; beyond the newest it is 400.',
    roles: 'customer (its own), service, support, finance, auditor',
    query: GetPaymentQuery,
    answers: { 200: payment('The payment'), 304: { description: 'Nothing newer', schema: null } },
    errors: errorsOf.readPayment,
  },
  {
    method: 'get',
    path: '/payments/{id}/events',
    tag: 'Payments',
    summary: 'Read what happened to a payment',
    description: 'Every event in order: who did what, when, why, from where, with what result.',
    roles: 'customer (its own), service, support, finance, auditor',
    answers: { 200: { description: 'All events', schema: EventListAnswer } },
    errors: errorsOf.readOfPayment,
  },
  action('capture', 'finance', 'Capture what was authorized, or less', CaptureBody, errorsOf.capture),
  action('cancel', 'customer and service (while pending), support, finance', 'Cancel a payment'),
  action('expire', 'support, finance', 'Let a pending payment expire now'),
  action('approve', 'finance', 'Accept a challenged card payment'),
  action('deny', 'finance', 'Deny a challenged card payment'),
  {
    method: 'post',
    path: '/payments/{id}/sync',
    tag: 'Payments',
    summary: 'Ask Midtrans for the state now',
    description: 'What it says is put on record, and who asked and why, also when it brings no news.',
    roles: 'support, finance',
    body: optional(ActionBody),
    answers: { 200: payment('The payment afterwards') },
    errors: errorsOf.sync,
  },
  {
    method: 'post',
    path: '/payments/{id}/refunds',
    tag: 'Refunds',
    summary: 'Refund a payment, whole or in part',
    description: 'The amount is reserved before Midtrans is asked. The same `refund_key` is the same refund.',
    roles: 'finance',
    body: required(RefundBody),
    answers: {
      201: { description: 'Accepted by Midtrans; the bank confirms later', schema: RefundAnswer },
      200: { description: 'The same refund had been asked for before', schema: RefundAnswer },
      202: { description: inDoubt, schema: RefundAnswer },
    },
    errors: errorsOf.refund,
  },
  {
    method: 'get',
    path: '/payments/{id}/refunds',
    tag: 'Refunds',
    summary: 'List the refunds of a payment',
    description: 'In the order in which they were asked for.',
    roles: 'customer (its own), service, support, finance, auditor',
    answers: { 200: { description: 'All refunds', schema: RefundListAnswer } },
    errors: errorsOf.readOfPayment,
  },
  {
    method: 'post',
    path: '/payments/webhooks/midtrans',
    tag: 'Notifications',
    summary: "Midtrans' notifications",
    description: 'Stored as they come, then acknowledged, then worked on. At most 64 KiB.',
    roles: null,
    body: required(NotificationBody),
    answers: { 200: { description: 'Stored; also for a duplicate', schema: NotificationStored } },
    errors: errorsOf.notification,
  },
  {
    method: 'get',
    path: '/payments/parked-keys',
    tag: 'Operation',
    summary: 'What could not be worked on and waits for a person',
    description:
      'An event that a follower cannot work on parks its key: a payment in a read model, or one notification. Everything else goes on; later events of a parked payment wait, later notifications of the order do not. The newest first.',
    roles: 'operator, auditor',
    query: ListParkedKeysQuery,
    answers: { 200: { description: 'A page', schema: ParkedKeyListAnswer } },
    errors: errorsOf.list,
  },
  {
    method: 'post',
    path: '/payments/parked-keys/{id}/resume',
    id: 'Of the parked key',
    tag: 'Operation',
    summary: 'Have a parked key tried again',
    description:
      'Now, with everything that has waited; do so once the fault is mended. 409 `still_parked`: it failed again, `data` has the error and the number of tries. 409 `not_parked`: it was resumed before. May be repeated at any time.',
    roles: 'operator',
    body: optional(ResumeBody),
    answers: { 200: { description: 'Resumed: nothing waits any more', schema: ParkedKeyAnswer } },
    errors: errorsOf.resumeParkedKey,
  },
  {
    method: 'get',
    path: '/healthz',
    tag: 'Operation',
    summary: 'Is the process alive?',
    description: '',
    roles: null,
    answers: { 200: { description: 'Yes', schema: Health } },
    errors: errorsOf.none,
  },
  {
    method: 'get',
    path: '/readyz',
    tag: 'Operation',
    summary: 'Should it be given work?',
    description: 'No while the stores do not answer or the read models are far behind; the reasons are in `data`.',
    roles: null,
    answers: { 200: { description: 'Yes', schema: Readiness } },
    errors: errorsOf.ready,
  },
  {
    method: 'get',
    path: '/openapi.json',
    tag: 'Operation',
    summary: 'This document',
    description: '',
    roles: null,
    answers: { 200: { description: 'OpenAPI 3.1', schema: jsonFields } },
    errors: errorsOf.none,
  },
  {
    method: 'get',
    path: '/docs',
    tag: 'Operation',
    summary: 'This document, to be read',
    description: '',
    roles: null,
    answers: { 200: { description: 'A page (HTML)', schema: null } },
    errors: errorsOf.none,
  },
];
