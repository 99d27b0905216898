import type { Container } from 'inversify';
import { Follower, type FollowerWork } from '../application/followers/follower.js';
import { LeaseHolder, leaseTiming } from '../application/followers/lease-holder.js';
import { methodProjection } from '../application/methods/method-projection.js';
import { NotificationWorker } from '../application/notifications/notification-worker.js';
import { DoubtResolver } from '../application/payments/doubt-resolver.js';
import { GatewayLooks } from '../application/payments/gateway-looks.js';
import { PaymentHistories } from '../application/payments/payment-histories.js';
import { paymentProjection } from '../application/payments/payment-projection.js';
import { Projector } from '../application/projections/projector.js';
import type { Checkpoints } from '../application/ports/checkpoints.js';
import { Port } from './ports.js';

/** Everything that works without being asked. */
export interface Background {
  readonly followers: readonly Follower[];
  /** Resolves when all have put down what they held. */
  stop(): Promise<void>;
}

/** @param shared several processes may want the work: one of them has it at a time, and tells so by a lease */
export const startBackground = (container: Container, shared = false): Background => {
  const stop = new AbortController();
  const followers = followersOf(container);
  const resolver = container.get(DoubtResolver);
  const work = async (epoch: number | undefined, signal: AbortSignal): Promise<void> => {
    await Promise.all([...followers.map((follower) => follower.run(signal, epoch)), resolver.run(signal)]);
  };
  const running = shared ? leaseHolder(container).run(stop.signal, work) : work(undefined, stop.signal);
  return {
    followers,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
};

/** Works on nothing, but knows how far those are that do: reads are as old as they are. */
export const watchBackground = (container: Container): Background => ({
  followers: followersOf(container),
  stop: () => Promise.resolve(),
});

const leaseHolder = (container: Container): LeaseHolder =>
  new LeaseHolder('background', container.get(Port.ids).next(), {
    leases: container.get(Port.leases),
    clock: container.get(Port.clock),
    journal: container.get(Port.journal),
    timing: leaseTiming,
  });

const followersOf = (container: Container): readonly Follower[] => {
  const follow = (work: FollowerWork, checkpoints: Checkpoints): Follower =>
    new Follower(work, {
      eventLog: container.get(Port.eventLog),
      eventFeed: container.get(Port.eventFeed),
      checkpoints,
      clock: container.get(Port.clock),
      journal: container.get(Port.journal),
    });
  const documents = container.get(Port.documents);
  const eventLog = container.get(Port.eventLog);
  const journal = container.get(Port.journal);
  const durations = container.get(Port.durations);
  const projections = container.get(Port.projectionCheckpoints);
  const workers = container.get(Port.workerCheckpoints);
  return [
    follow(new Projector(paymentProjection(durations), documents, eventLog, journal), projections),
    follow(new Projector(methodProjection, documents, eventLog, journal), projections),
    follow(notificationWorker(container), workers),
  ];
};

const notificationWorker = (container: Container): NotificationWorker =>
  new NotificationWorker({
    histories: container.get(PaymentHistories),
    looks: container.get(GatewayLooks),
    reader: container.get(Port.notificationReader),
    records: container.get(Port.records),
    personalData: container.get(Port.personalData),
    clock: container.get(Port.clock),
    journal: container.get(Port.journal),
    durations: container.get(Port.durations),
  });
