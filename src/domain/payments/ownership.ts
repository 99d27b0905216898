import { after } from '../time/instant.js';
import type { Durations } from './durations.js';
import type { GatewayObservation } from './observation.js';
import type { KnownPayment } from './state.js';

/** Made through Snap: the customer's tries are transactions of their own. */
export const hasPage = ({ provider }: Pick<KnownPayment, 'provider'>): boolean =>
  provider === 'snap' || provider === 'dana';

const sameType = (payment: KnownPayment, observation: GatewayObservation): boolean =>
  payment.provider === 'snap' || observation.paymentType === payment.paymentType;

/** Where the method echoes no wish: as much like ours as can be seen, and not older than the wish (two clocks). */
const looksLikeOurs = (
  payment: KnownPayment,
  observation: GatewayObservation,
  { clocksDifferByMs }: Durations,
): boolean =>
  observation.grossAmount === payment.amount &&
  sameType(payment, observation) &&
  observation.transactionTime !== null &&
  observation.transactionTime >= after(payment.initiatedAt, -clocksDifferByMs);

/**
 * Is this transaction under our order id the one that we made? Others of the same merchant may use the same order id, and
 * what is not ours is never adopted (design D3).
 */
export const isOurs = (payment: KnownPayment, observation: GatewayObservation, durations: Durations): boolean => {
  if (observation.orderId !== payment.orderId) return false;
  if (payment.attempts.some(({ transactionId }) => transactionId === observation.transactionId)) return true;
  if (observation.wishId !== null) return observation.wishId === payment.wishId;
  // Midtrans knew the order id before our charge: whatever resembles ours is that one.
  if (payment.charge.phase === 'failed' && payment.charge.because === 'gateway_order_id_taken') return false;
  // Core makes one transaction of a charge; only a page makes several.
  if (payment.attempts.length > 0 && !hasPage(payment)) return false;
  return looksLikeOurs(payment, observation, durations);
};
