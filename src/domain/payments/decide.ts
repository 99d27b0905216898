import { unreachable } from '../unreachable.js';
import type { PaymentCommand } from './commands.js';
import {
  claimAction,
  recordActionNotSent,
  recordActionRefused,
  recordPageClosed,
  requestAction,
} from './decide-action.js';
import {
  claimCharge,
  giveUpWaiting,
  initiatePayment,
  observeAbsence,
  recordChargeNotSent,
  recordChargeRefused,
  recordPage,
} from './decide-charge.js';
import { observe } from './decide-observation.js';
import {
  claimRefund,
  recordRefundAccepted,
  recordRefundNotSent,
  recordRefundRefused,
  requestRefund,
} from './decide-refund.js';
import { accept, reject, type PaymentDecision } from './decision.js';
import type { Durations } from './durations.js';
import type { KnownPayment, OpenWish, PaymentState } from './state.js';

const openWishes = ({ charge, action, refunds }: KnownPayment): readonly OpenWish[] => [
  ...(charge.phase === 'calling' ? [charge.wish] : []),
  ...(action ? [action.wish] : []),
  ...refunds.flatMap(({ wish }) => (wish ? [wish] : [])),
];

const recordUnanswered = (
  { at, wishId, message }: Extract<PaymentCommand, { type: 'RecordUnanswered' }>,
  payment: KnownPayment,
): PaymentDecision => {
  const wish = openWishes(payment).find((open) => open.wishId === wishId);
  return !wish || wish.unanswered ? accept() : accept({ type: 'GatewayUnanswered', at, wishId, message });
};

const recordLookUnanswered = ({
  at,
  asked,
}: Extract<PaymentCommand, { type: 'RecordLookUnanswered' }>): PaymentDecision =>
  accept({ type: 'GatewayAsked', at, transactionId: null, found: 'unanswered', absenceCounts: false, ...asked });

/** What a wish or a report does to a payment, by the rules alone: no clock, no chance, no memory. */
export const decide = (command: PaymentCommand, state: PaymentState, durations: Durations): PaymentDecision => {
  if (command.type === 'InitiatePayment') return initiatePayment(command, state, durations);
  if (state.phase === 'new') return reject({ code: 'unknown-payment' });
  switch (command.type) {
    case 'RequestAction':
      return requestAction(command, state, durations);
    case 'RequestRefund':
      return requestRefund(command, state, durations);
    case 'ClaimCharge':
      return claimCharge(command, state, durations);
    case 'ClaimAction':
      return claimAction(command, state, durations);
    case 'ClaimRefund':
      return claimRefund(command, state, durations);
    case 'RecordPage':
      return recordPage(command, state);
    case 'RecordChargeRefused':
      return recordChargeRefused(command, state);
    case 'RecordChargeNotSent':
      return recordChargeNotSent(command, state);
    case 'RecordActionRefused':
      return recordActionRefused(command, state);
    case 'RecordActionNotSent':
      return recordActionNotSent(command, state);
    case 'RecordPageClosed':
      return recordPageClosed(command, state);
    case 'RecordRefundAccepted':
      return recordRefundAccepted(command, state);
    case 'RecordRefundRefused':
      return recordRefundRefused(command, state);
    case 'RecordRefundNotSent':
      return recordRefundNotSent(command, state);
    case 'RecordUnanswered':
      return recordUnanswered(command, state);
    case 'ObserveGatewayStatus':
      return observe(command, state, durations);
    case 'ObserveAbsence':
      return observeAbsence(command, state, durations);
    case 'RecordLookUnanswered':
      return recordLookUnanswered(command);
    case 'GiveUpWaiting':
      return giveUpWaiting(command, state, durations);
    default:
      return unreachable(command);
  }
};
