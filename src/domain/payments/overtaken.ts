import type { PaymentEvent } from './events.js';
import { isPicked } from './page.js';
import type { Stage } from './stages.js';
import type { KnownPayment, OpenAction } from './state.js';

/** Where the subject of an action stands now. `picked`: the page asked for has become a transaction. */
const subjectNow = (payment: KnownPayment, { transactionId }: OpenAction): Stage | 'picked' | undefined => {
  if (transactionId === null) return isPicked(payment) ? 'picked' : payment.page?.stage;
  return payment.attempts.find((attempt) => attempt.transactionId === transactionId)?.stage;
};

/**
 * An action in doubt is sent again only in the state that it was asked in (design D3). Its subject has moved, and not to what was
 * asked for: that is its outcome. A cancel asked of a pending card must not void what the customer has paid since.
 */
export const overtaken = (payment: KnownPayment, at: string): readonly PaymentEvent[] => {
  const open = payment.action;
  const now = open && subjectNow(payment, open);
  if (!open || !now || now === open.from) return [];
  const message = now === 'picked' ? 'The customer has picked a method' : `Midtrans has it as ${now} meanwhile`;
  return [
    { type: `${open.action}Refused`, at, wishId: open.wish.wishId, because: 'overtaken', statusCode: null, message },
  ];
};
