import type { GatewayFailure, LookFailure } from '../../../application/ports/payment-gateway.js';
import { notNow, refusal, type HttpRefusal } from './http-refusal.js';

type Refused = Extract<GatewayFailure, { readonly type: 'refused' }>;
type NotSent = Extract<GatewayFailure, { readonly type: 'not_sent' }>;

/** What Midtrans was asked to do. */
export type GatewayCall = 'charge' | 'action' | 'refund' | 'look';

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const rejected: Answer = { status: 422, code: 'midtrans_rejected', message: 'Midtrans refused this request' };
const misconfigured: Answer = {
  status: 502,
  code: 'midtrans_misconfigured',
  message: 'Midtrans refuses our account; nothing was done',
};
const wrongStatus: Answer = {
  status: 409,
  code: 'invalid_transaction_status',
  message: 'Midtrans does not allow this in the present status',
};
const orderTaken: Answer = {
  status: 422,
  code: 'gateway_order_id_taken',
  message: 'Midtrans knows this order id from elsewhere',
};

/** What 406 and 412 say depends on what was asked; a charge has no status yet that could be wrong. */
const refusedAnswers = {
  request: () => rejected,
  account: () => misconfigured,
  state: (call) => (call === 'charge' ? rejected : wrongStatus),
  conflict: (call) => (call === 'charge' ? orderTaken : rejected),
} satisfies Record<Refused['because'], (call: GatewayCall) => Answer>;

/** Midtrans' own status_code and message, as it words them. */
export const refusedByGateway = ({ because, statusCode, message }: Refused, call: GatewayCall): HttpRefusal => {
  const answer = refusedAnswers[because](call);
  return refusal(answer.status, answer.code, answer.message, { data: { status_code: String(statusCode), message } });
};

const unreachable = 'Midtrans could not be reached';

/** What kept a call from being made, and the seconds after which another try has a chance. */
const notSent = {
  unreachable: { why: unreachable, retryAfter: 5 },
  circuit_open: { why: unreachable, retryAfter: 5 },
  rate_limited: { why: 'Midtrans takes no more requests for the moment', retryAfter: 30 },
} satisfies Record<NotSent['because'], { readonly why: string; readonly retryAfter: number }>;

export const gatewayUnavailable = (because: NotSent['because']): HttpRefusal => {
  const { why, retryAfter } = notSent[because];
  return notNow('midtrans_unavailable', `${why}; nothing was done, the same request may be sent again`, retryAfter);
};

/** Midtrans was asked for a state and did not tell it. */
export const unansweredRefusal = (failure: LookFailure): HttpRefusal => {
  switch (failure.type) {
    case 'refused':
      return refusedByGateway(failure, 'look');
    case 'not_sent':
      return gatewayUnavailable(failure.because);
    case 'unknown':
      return refusal(504, 'transaction_timeout', 'Midtrans did not answer in time');
    case 'unreadable':
      return refusal(504, 'transaction_timeout', 'Midtrans answered with a transaction that cannot be read');
  }
};
