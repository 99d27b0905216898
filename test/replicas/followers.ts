import { inboxPartitionOf, inboxStreamPrefix } from '../../src/application/notifications/inbox-events.js';
import { methodProjection } from '../../src/application/methods/method-projection.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import { followerOf, type Projection } from '../../src/application/projections/projection.js';
import { durations } from '../../src/domain/payments/durations.js';

/** Who follows the feed, and where it keeps how far it has come. */
interface Following {
  readonly name: string;
  readonly checkpoints: 'projectionCheckpoints' | 'workerCheckpoints';
  readonly streamPrefixes: readonly string[];
  readonly partitionOf: (stream: string) => number;
}

const readModel = ({
  streamPrefixes,
  partitionOf,
  ...named
}: Omit<Projection, 'fold' | 'document' | 'resume'>): Following => ({
  name: followerOf(named),
  checkpoints: 'projectionCheckpoints',
  streamPrefixes,
  partitionOf,
});

export const followers: readonly Following[] = [
  readModel(paymentProjection(durations)),
  readModel(methodProjection),
  {
    name: 'notifications:1',
    checkpoints: 'workerCheckpoints',
    streamPrefixes: [inboxStreamPrefix],
    partitionOf: inboxPartitionOf,
  },
];
