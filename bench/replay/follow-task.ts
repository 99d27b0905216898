import { performance } from 'node:perf_hooks';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { Follower } from '../../src/application/followers/follower.js';
import { alone, shared, type Held, type Sharing } from '../../src/application/followers/partitions.js';
import { ParkedKeys } from '../../src/application/parking/parked-keys.js';
import { paymentProjection } from '../../src/application/payments/payment-projection.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import { Projector } from '../../src/application/projections/projector.js';
import { durations } from '../../src/domain/payments/durations.js';
import { silence } from '../processes/silence.js';
import { answerTask } from '../processes/task.js';
import type { Place } from '../stores/bench-stores.js';
import { openPlace } from '../stores/open-place.js';

/** Follows a built log into documents as the running service does, from the first to the last of its events. */
export interface FollowTask {
  readonly place: Place;
  /** Of payments; so many are there. */
  readonly events: number;
}

export type Followed = { readonly perSecond: number };

const followed = async ({ place, events }: FollowTask): Promise<Followed> => {
  const stores = await openPlace(place);
  const { projectionCheckpoints: checkpoints, documents, eventLog } = stores;
  const clock = new SystemClock();
  const parkedKeys = new ParkedKeys(stores.records, clock, silence);
  const projector = new CountingProjector(paymentProjection(durations), documents, eventLog, parkedKeys);
  await checkpoints.forget(projector.name);
  await projector.beginAnew();
  const stop = projector.stopAfter(events);
  const sharing = stores.shared ? shared : alone;
  const follower = new Follower(projector, { ...stores, checkpoints, clock, journal: silence, sharing });
  const startedAt = performance.now();
  await follower.run(stop, allOf(sharing));
  const seconds = (performance.now() - startedAt) / 1_000;
  await stores.close();
  return { perSecond: events / seconds };
};

/** All partitions are held here, each for the first time. */
const allOf = ({ partitions }: Sharing): Held => new Map(Array.from({ length: partitions }, (_, n) => [n, 1]));

class CountingProjector<Fold> extends Projector<Fold> {
  private readonly stop = new AbortController();
  private left = 0;

  stopAfter(events: number): AbortSignal {
    this.left = events;
    return this.stop.signal;
  }

  override async handle(events: readonly StoredEvent[]): Promise<void> {
    await super.handle(events);
    this.left -= events.length;
    if (this.left <= 0) this.stop.abort();
  }
}

await answerTask(followed);
