import type { Instant } from '../time/instant.js';
import type { PaymentEvent, PaymentEventOf } from './events.js';
import type { KnownPayment, Refund } from './state.js';

export type Contradiction = Pick<PaymentEventOf<'GatewayContradiction'>, 'kind' | 'transactionId' | 'detail'>;

/** Names one contradiction, so that its repeat is seen as one. */
export const contradictionKey = ({ kind, transactionId, detail }: Contradiction): string =>
  `${kind}:${transactionId ?? ''}:${detail}`;

/** On record once, however often Midtrans repeats itself. */
export const contradicted = (
  { contradictions }: KnownPayment,
  at: Instant,
  found: Contradiction,
): readonly PaymentEvent[] =>
  contradictions.includes(contradictionKey(found)) ? [] : [{ type: 'GatewayContradiction', at, ...found }];

/** A refund in doubt for longer than Midtrans keeps its key. */
export const unresolved = ({ transactionId, refundKey }: Refund): Contradiction => ({
  kind: 'refund_unresolved',
  transactionId,
  detail: refundKey,
});
