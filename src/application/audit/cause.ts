import type { Instant } from '../../domain/time/instant.js';

/** Who did it, from where (R3.4). `address`: the network address, which is personal. */
export interface Actor {
  readonly kind: 'user' | 'service' | 'midtrans' | 'system';
  readonly id: string;
  readonly roles: readonly string[];
  readonly address: string | null;
}

/** The notification that an event rests on, as it came in. */
export interface NotificationEvidence {
  /** `<inbox stream>@<revision>`. */
  readonly inboxId: string;
  readonly receivedAt: Instant;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why an event came to be (design D9). One request, or one piece of background work, has one cause. */
export interface Cause {
  readonly actor: Actor;
  /** The same through everything that one request set off. */
  readonly correlationId: string;
  /** The event or request directly before. */
  readonly causationId: string;
  readonly requestId: string | null;
  readonly traceParent: string | null;
  readonly notification: NotificationEvidence | null;
}

/** Work that nobody asked for just now: followers and resolvers of this service. */
export const systemCause = (worker: string, correlationId: string, causationId = correlationId): Cause => ({
  actor: { kind: 'system', id: worker, roles: [], address: null },
  correlationId,
  causationId,
  requestId: null,
  traceParent: null,
  notification: null,
});
