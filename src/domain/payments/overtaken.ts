import type { PaymentEvent } from './events.js';
import { actionRules, type Stage } from './stages.js';
import type { KnownPayment, OpenAction } from './state.js';

/** Where the subject of an action stands now. `picked`: the page asked for has become a transaction. */
const subjectNow = ({ attempts, page }: KnownPayment, { transactionId }: OpenAction): Stage | 'picked' | undefined => {
  if (transactionId === null) return attempts.length > 0 ? 'picked' : page?.stage;
  return attempts.find((attempt) => attempt.transactionId === transactionId)?.stage;
};

/** An action whose subject has moved where the action cannot reach any more has its outcome: no. */
export const overtaken = (payment: KnownPayment, at: string): readonly PaymentEvent[] => {
  const open = payment.action;
  const now = open && subjectNow(payment, open);
  if (!open || !now || (now !== 'picked' && actionRules[open.action].from.includes(now))) return [];
  const message = now === 'picked' ? 'The customer has picked a method' : `Midtrans has it as ${now} meanwhile`;
  return [
    { type: `${open.action}Refused`, at, wishId: open.wish.wishId, because: 'overtaken', statusCode: null, message },
  ];
};
