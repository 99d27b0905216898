import { status } from '@grpc/grpc-js';
import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from './event-store.js';
import type { Fault, Faults } from './faults.js';
import { accessDenied, refusal, timedOut, unavailable } from './messages.js';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What came in, and the events that were sent. Every append counts, and so does every call that brings appends: one, or many. */
export type Counted = 'Append' | 'AppendCall' | 'Read' | 'Subscribe' | 'Remove' | 'Gossip' | 'event';

export type BatchAppendCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** What the services of one server share. */
export interface Node {
  readonly store: EventStore;
  readonly faults: Faults;
  /** How often each thing of `Counted` happened. */
  readonly counts: Map<Counted, number>;
  /** Stops each open subscription. */
  readonly subscriptions: Set<AbortController>;
  /** Calls that bring many appends. */
  readonly appendCalls: Set<BatchAppendCall>;
  /** Where the leader is; undefined: here. */
  readonly leader: () => Endpoint | undefined;
  /** The header that every caller has to send; undefined: nobody is asked. */
  readonly authorization: string | undefined;
}

export const count = ({ counts }: Node, what: Counted): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1);
};

/** @throws what is answered to those who are not known here, and by a follower to those who want the leader */
export const beginCall = (node: Node, method: Counted, metadata: Metadata): void => {
  count(node, method);
  if (node.authorization !== undefined && metadata.get('authorization')[0] !== node.authorization)
    throw refusal(status.UNAUTHENTICATED, 'Unauthenticated');
  const leader = node.leader();
  if (leader === undefined || metadata.get('requires-leader')[0] !== 'true') return;
  throw refusal(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.address,
    'leader-endpoint-port': String(leader.port),
  });
};

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** Does the work as far as the fault allows; never resolves when nothing is to be answered. */
export const under = async <T>(fault: Fault | undefined, work: () => T): Promise<T> => {
  switch (fault?.kind) {
    case 'unavailable':
      throw unavailable();
    case 'ignored':
      return never();
    case 'answer-lost':
      work();
      return never();
    case 'cut-off':
      work();
      throw unavailable();
    case 'timed-out':
      work();
      throw timedOut();
    case 'denied':
      throw accessDenied();
    case 'slow':
      await sleep(fault.delayMs);
      return work();
    default:
      return work();
  }
};
