import { rulesOf, type Provider } from '../methods/providers.js';
import { after } from '../time/instant.js';
import type { Durations } from './durations.js';
import type { GatewayObservation } from './observation.js';
import type { KnownPayment } from './state.js';

/** Made through Snap: the customer's tries are transactions of their own. */
export const hasPage = ({ provider }: Pick<KnownPayment, 'provider'>): boolean =>
  provider === 'snap' || provider === 'dana';

/** Of a page, the one that was picked; a method that we do not offer is judged as the page is. */
const methodOf = ({ provider }: KnownPayment, observation: GatewayObservation): Provider =>
  provider === 'snap' ? (observation.provider ?? provider) : provider;

/** Midtrans calls a card a card, also one from Google Pay. */
const isSameMethod = (payment: KnownPayment, { provider }: GatewayObservation): boolean =>
  payment.provider === 'snap' ||
  provider === payment.provider ||
  (provider === 'credit_card' && payment.provider === 'google_pay');

/**
 * Where the method echoes no wish: as much like ours as can be seen, and not older than the wish (two clocks). Nothing is when
 * Midtrans knew the order id before our charge, nor beside the one transaction that Core makes of a charge.
 */
export const looksLikeOurs = (
  payment: KnownPayment,
  observation: GatewayObservation,
  { clocksDifferByMs }: Durations,
): boolean => {
  const { charge, attempts, amount, initiatedAt } = payment;
  if (charge.phase === 'failed' && charge.because === 'gateway_order_id_taken') return false;
  if (attempts.length > 0 && !hasPage(payment)) return false;
  return (
    observation.grossAmount === amount &&
    isSameMethod(payment, observation) &&
    observation.transactionTime !== null &&
    observation.transactionTime >= after(initiatedAt, -clocksDifferByMs)
  );
};

/**
 * Is this transaction under our order id the one that we made? Others of the same merchant may use the same order id, and
 * what is not ours is never adopted (design D3).
 */
export const isOurs = (payment: KnownPayment, observation: GatewayObservation, durations: Durations): boolean => {
  if (observation.orderId !== payment.orderId) return false;
  if (payment.attempts.some(({ transactionId }) => transactionId === observation.transactionId)) return true;
  if (observation.wishId !== null) return observation.wishId === payment.wishId;
  // Ours would have brought its wish back: somebody made this one without any.
  if (rulesOf(methodOf(payment, observation)).echoesWish) return false;
  return looksLikeOurs(payment, observation, durations);
};
