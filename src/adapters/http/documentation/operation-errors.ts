import type { errorCodes, ErrorStatus } from '../answers/error-answer.js';

type CodesOf<Status extends ErrorStatus> = readonly (typeof errorCodes)[Status][number][];

/** What an operation may answer instead of what was asked for: its codes, by status. */
export type OperationErrors = { readonly [Status in ErrorStatus]?: CodesOf<Status> };

/** All of several, each code once, in the order in which the statuses count. */
export const together = (...some: readonly OperationErrors[]): OperationErrors => {
  const all: Record<string, readonly string[]> = {};
  for (const errors of some)
    for (const [status, codes] of Object.entries(errors))
      all[status] = [...new Set([...(all[status] ?? []), ...codes])];
  return all;
};

const fault: OperationErrors = { 500: ['internal_error'] };

/** Of whatever asks who is calling, and reads or writes. A card number may stand in path, query and headers. */
const called: OperationErrors = {
  ...fault,
  401: ['unauthenticated'],
  403: ['forbidden'],
  422: ['card_number_refused'],
  503: ['store_unavailable'],
};

const invalid: OperationErrors = { 400: ['invalid_request'] };
const ofOne: OperationErrors = { 404: ['not_found'] };

/** Midtrans is asked for something. */
const throughMidtrans: OperationErrors = {
  422: ['midtrans_rejected'],
  502: ['midtrans_misconfigured'],
  503: ['midtrans_unavailable'],
};

/** With a body, and an Idempotency-Key whose request is compared by the caller's own key. */
const posted: OperationErrors = together(called, invalid, {
  409: ['idempotency_in_progress', 'customer_erased'],
  413: ['body_too_large'],
  415: ['unsupported_media_type'],
  422: ['idempotency_key_reused'],
});

/** A wish to Midtrans about a payment, which others may be changing. */
const wished: OperationErrors = together(posted, throughMidtrans, { 409: ['concurrent_change'] });

/** Looking at Midtrans: whatever it has against that comes through. */
const looked: OperationErrors = together(wished, {
  409: ['invalid_transaction_status'],
  504: ['transaction_timeout'],
});

export const errorsOf = {
  makePayment: together(wished, {
    409: ['order_id_taken'],
    422: ['payment_method_not_available', 'amount_out_of_range', 'gateway_order_id_taken'],
  }),
  list: together(called, invalid),
  methods: called,
  readPayment: together(called, invalid, ofOne),
  readOfPayment: together(called, ofOne),
  action: together(wished, ofOne, { 409: ['invalid_transaction_status'] }),
  capture: together(wished, ofOne, { 409: ['invalid_transaction_status'], 422: ['amount_out_of_range'] }),
  sync: together(looked, ofOne),
  refund: together(wished, ofOne, {
    409: ['invalid_transaction_status'],
    422: ['refund_exceeds_balance', 'not_refundable', 'refund_key_reused'],
  }),
  resumeParkedKey: together(looked, ofOne, { 409: ['not_parked', 'still_parked'] }),
  notification: together(invalid, { 413: ['body_too_large'], 502: ['store_unavailable'] }),
  ready: { 503: ['not_ready', 'store_unavailable'] },
  none: {},
} as const satisfies Readonly<Record<string, OperationErrors>>;
