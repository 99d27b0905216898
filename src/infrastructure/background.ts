import type { Container } from 'inversify';
import { CacheFollower } from '../application/followers/cache-follower.js';
import { Follower, type FollowerWork } from '../application/followers/follower.js';
import { LeftWork } from '../application/followers/left-work.js';
import { leaseTiming, PartitionHolder } from '../application/followers/partition-holder.js';
import {
  alone,
  everything,
  partitionOfHash,
  shared,
  type Held,
  type Lost,
  type Sharing,
} from '../application/followers/partitions.js';
import { PaymentMethods } from '../application/methods/payment-methods.js';
import { methodProjection } from '../application/methods/method-projection.js';
import { NotificationWorker } from '../application/notifications/notification-worker.js';
import { OldDayKeys } from '../application/notifications/old-day-keys.js';
import { SettleNotifications } from '../application/notifications/settle-notifications.js';
import { ParkedKeys } from '../application/parking/parked-keys.js';
import { DoubtResolver } from '../application/payments/doubt-resolver.js';
import { paymentProjection } from '../application/payments/payment-projection.js';
import { Projector } from '../application/projections/projector.js';
import type { PaymentId } from '../domain/payments/identity.js';
import type { Checkpoints } from '../application/ports/checkpoints.js';
import { Port } from './ports.js';

/** Everything that works without being asked. */
export interface Background {
  readonly followers: readonly Follower[];
  /** Resolves when all have put down what they held, and what they had begun with is done. */
  stop(): Promise<void>;
}

/** @param isShared several processes may want the work: they share it out by leases */
export const startBackground = (container: Container, isShared = false): Background => {
  const stop = new AbortController();
  const sharing = isShared ? shared : alone;
  const followers = followersOf(container, sharing);
  const resolver = container.get(DoubtResolver);
  const oldDayKeys = container.get(OldDayKeys);
  const work = async (held: Held, signal: AbortSignal, lost?: Lost): Promise<void> => {
    const isOurs = (id: PaymentId): boolean => held.has(partitionOfHash(id) % sharing.partitions);
    await Promise.all([
      ...followers.map((follower) => follower.run(signal, held, lost)),
      resolver.run(signal, isOurs),
      // One process is enough, and the first partition has one.
      ...(held.has(0) ? [oldDayKeys.run(signal)] : []),
    ]);
  };
  const working = isShared
    ? partitionHolder(container, followers).run(stop.signal, work)
    : work(everything, stop.signal);
  const running = Promise.all([working, cacheFollower(container).run(stop.signal)]);
  return {
    followers,
    stop: async () => {
      stop.abort();
      await running;
      await container.get(LeftWork).ended();
    },
  };
};

/** Works on nothing, but knows how far those are that do: reads are as old as they are. */
export const watchBackground = (container: Container, isShared = false): Background => {
  const stop = new AbortController();
  const listening = cacheFollower(container).run(stop.signal);
  return {
    followers: followersOf(container, isShared ? shared : alone),
    stop: async () => {
      stop.abort();
      await listening;
    },
  };
};

const cacheFollower = (container: Container): CacheFollower =>
  new CacheFollower([container.get(PaymentMethods), ...container.get(Port.logCaches)], {
    eventFeed: container.get(Port.eventFeed),
    clock: container.get(Port.clock),
    journal: container.get(Port.journal),
  });

const partitionHolder = (container: Container, followers: readonly Follower[]): PartitionHolder =>
  new PartitionHolder(container.get(Port.ids).next(), {
    leases: container.get(Port.leases),
    clock: container.get(Port.clock),
    journal: container.get(Port.journal),
    timing: leaseTiming,
    latestEpochs: () => latestEpochs(followers),
  });

/** In the checkpoints of any of them. */
const latestEpochs = async (followers: readonly Follower[]): Promise<ReadonlyMap<number, number>> => {
  const latest = new Map<number, number>();
  for (const epochs of await Promise.all(followers.map((follower) => follower.latestEpochs())))
    for (const [partition, epoch] of epochs) latest.set(partition, Math.max(epoch, latest.get(partition) ?? 0));
  return latest;
};

const followersOf = (container: Container, sharing: Sharing): readonly Follower[] => {
  const follow = (work: FollowerWork, checkpoints: Checkpoints): Follower =>
    new Follower(work, {
      eventLog: container.get(Port.eventLog),
      eventFeed: container.get(Port.eventFeed),
      checkpoints,
      clock: container.get(Port.clock),
      journal: container.get(Port.journal),
      sharing,
    });
  const documents = container.get(Port.documents);
  const eventLog = container.get(Port.eventLog);
  const parkedKeys = container.get(ParkedKeys);
  const durations = container.get(Port.durations);
  const projections = container.get(Port.projectionCheckpoints);
  const workers = container.get(Port.workerCheckpoints);
  return [
    follow(new Projector(paymentProjection(durations), documents, eventLog, parkedKeys), projections),
    follow(new Projector(methodProjection, documents, eventLog, parkedKeys), projections),
    follow(notificationWorker(container), workers),
  ];
};

export const notificationWorker = (container: Container): NotificationWorker =>
  new NotificationWorker({
    settleNotifications: container.get(SettleNotifications),
    parkedKeys: container.get(ParkedKeys),
    clock: container.get(Port.clock),
    journal: container.get(Port.journal),
    durations: container.get(Port.durations),
    leftWork: container.get(LeftWork),
  });
