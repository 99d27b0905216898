import { status } from '@grpc/grpc-js';
import type { Metadata } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from './event-store.js';
import type { Fault, Faults } from './faults.js';
import { refusal, unavailable } from './messages.js';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What the services of one server share. */
export interface Node {
  readonly store: EventStore;
  readonly faults: Faults;
  /** How often each method was called, by its name in the protocol. */
  readonly calls: Map<string, number>;
  /** Stops each open subscription. */
  readonly subscriptions: Set<AbortController>;
  /** Where the leader is; undefined: here. */
  readonly leader: () => Endpoint | undefined;
}

/** @throws what a follower answers to those who want the leader */
export const beginCall = (node: Node, method: string, metadata: Metadata): void => {
  node.calls.set(method, (node.calls.get(method) ?? 0) + 1);
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
    case 'slow':
      await sleep(fault.delayMs);
      return work();
    default:
      return work();
  }
};
