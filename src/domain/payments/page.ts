import { isOpenStage } from './stages.js';
import type { Attempt, KnownPayment } from './state.js';

/**
 * A try that was denied, has expired or failed leaves the page to the customer, who may try again (midtrans-facts 4.3). One that was
 * cancelled, or paid and given back, was the end of it.
 */
const leavesThePage = ({ stage, paidAt }: Attempt): boolean =>
  paidAt === null && stage !== 'cancel' && !isOpenStage(stage);

/** The customer has picked a method: a try is under way, or was what became of the page. */
export const isPicked = ({ attempts }: KnownPayment): boolean => attempts.some((attempt) => !leavesThePage(attempt));

/** The page is there, and waits for its customer. */
export const pageWaits = (payment: KnownPayment): boolean => payment.page?.stage === 'pending' && !isPicked(payment);
