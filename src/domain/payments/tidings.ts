import type { Instant } from '../time/instant.js';
import { decide } from './decide.js';
import type { Durations } from './durations.js';
import { knownBefore } from './known-before.js';
import type { GatewayObservation } from './observation.js';
import { isEndStage, stageOf } from './stages.js';
import type { KnownPayment } from './state.js';

/** What a status that nobody has confirmed yet would mean for a payment, were it true (design D4). */
export type Tidings =
  /** It would change something. */
  | 'news'
  /** It names an end that is not ours, and that ours or more than ours excludes. */
  | 'contradiction'
  /** It tells of less refunded than is known: late as a rule, a contradiction if Midtrans still says so. */
  | 'less_refunded'
  /** Known, or known to be past: a late pending, authorize, capture or settlement is no contradiction. */
  | 'nothing';

export const tidingsOf = (
  observation: GatewayObservation,
  payment: KnownPayment,
  at: Instant,
  durations: Durations,
): Tidings => {
  const report = { type: 'ObserveGatewayStatus', at, observation, source: 'confirmed', noteLook: false } as const;
  const adds = (known: ReturnType<typeof knownBefore>): boolean => {
    const decision = decide({ ...report, knownBefore: known }, payment, durations);
    return decision.type === 'accepted' && decision.events.length > 0;
  };
  if (adds(null)) return 'news';
  const contradiction = whatItMayContradict(observation);
  return contradiction !== null && adds(knownBefore(payment, observation.transactionId)) ? contradiction : 'nothing';
};

const whatItMayContradict = ({ status, fraudStatus }: GatewayObservation): 'contradiction' | 'less_refunded' | null => {
  if (status === 'unknown') return null;
  if (isEndStage(stageOf(status, fraudStatus))) return 'contradiction';
  return status === 'refund' || status === 'partial_refund' ? 'less_refunded' : null;
};
