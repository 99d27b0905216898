import {
  inboxIdOf,
  inboxStreamPrefix,
  receivedNotification,
} from '../../src/application/notifications/inbox-events.js';
import { notificationCollection } from '../../src/application/notifications/notification-records.js';
import { paymentCollection } from '../../src/application/payments/payment-collection.js';
import type { Documents, StoredDocument } from '../../src/application/ports/documents.js';
import type { EventFeed, FeedPosition } from '../../src/application/ports/event-feed.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import type { PersonalData } from '../../src/application/ports/personal-data.js';
import { methodCollection } from '../../src/application/methods/method-projection.js';
import { parkedCollection } from '../../src/application/parking/parked-collection.js';
import type { Checkpoints } from '../../src/application/ports/checkpoints.js';
import { providers } from '../../src/domain/methods/providers.js';
import type { Durations } from '../../src/domain/payments/durations.js';
import type { MidtransTransaction, SimulatorHand } from '../service/simulator-hand.js';
import { followers } from './followers.js';
import { deliveryHeader } from './notification-door.js';
import type { Answered, Delivered } from './ledger.js';
import type { OwnEnd } from './replica.js';

/** A notification in the inbox. */
export interface InInbox {
  readonly eventId: string;
  readonly inboxId: string;
  readonly orderId: string;
  /** As the door named it; null: it did not come through the door. */
  readonly delivery: string | null;
}

/** What one replica wrote and how it ended. */
export interface Witness {
  readonly name: string;
  readonly lines: readonly string[];
  readonly ownEnds: readonly OwnEnd[];
  /** What `/readyz` said last. */
  readonly readiness: string;
  /** Of its goodbye. */
  readonly exitStatus: number | null | undefined;
}

/** Everything that the reckoning judges by, as plain data. */
export interface Evidence {
  readonly answers: readonly Answered[];
  readonly deliveries: readonly Delivered[];
  /** The whole log in its order. */
  readonly events: readonly StoredEvent[];
  readonly inbox: readonly InInbox[];
  readonly records: readonly StoredDocument[];
  readonly payments: readonly StoredDocument[];
  readonly methods: readonly StoredDocument[];
  readonly parked: readonly StoredDocument[];
  /** By follower and partition: how far it says that it has come. */
  readonly checkpoints: Readonly<Record<string, Readonly<Record<number, FeedPosition>>>>;
  /** Into how many the background work is cut. */
  readonly partitions: number;
  readonly transactions: readonly MidtransTransaction[];
  /** What Midtrans sent, with what became of it. */
  readonly notifications: readonly MidtransTransaction[];
  readonly replicas: readonly Witness[];
  readonly durations: Durations;
}

export interface Sources {
  readonly eventFeed: EventFeed;
  /** Read models. */
  readonly documents: Documents;
  /** What is kept beside them. */
  readonly records: Documents;
  readonly personalData: PersonalData;
  readonly projectionCheckpoints: Checkpoints;
  readonly workerCheckpoints: Checkpoints;
  readonly simulator: SimulatorHand;
}

type Stored = Omit<Evidence, 'answers' | 'deliveries' | 'replicas' | 'durations' | 'partitions'>;

const all = 1_000_000;

/** What the stores and Midtrans hold now. */
export const gatherFrom = async (sources: Sources): Promise<Stored> => {
  const { eventFeed, documents, records, personalData, simulator } = sources;
  const events = await everything(eventFeed);
  const inbox = await Promise.all(
    events.filter(({ stream }) => stream.startsWith(inboxStreamPrefix)).map((event) => opened(event, personalData)),
  );
  return {
    events,
    inbox,
    records: await records.getMany(
      notificationCollection,
      inbox.map(({ eventId }) => eventId),
    ),
    payments: await documents.find(paymentCollection, { shape: 'newest', where: [], limit: all }),
    methods: await documents.getMany(methodCollection, providers),
    parked: await records.find(parkedCollection, { shape: 'newest', where: [], limit: all }),
    checkpoints: await checkpointsIn(sources),
    transactions: await simulator.transactions(),
    notifications: await simulator.notifications(),
  };
};

const checkpointsIn = async (sources: Sources): Promise<Evidence['checkpoints']> => {
  const loaded = followers.map(async ({ name, checkpoints }) => {
    const saved = await sources[checkpoints].load(name);
    return [name, Object.fromEntries([...saved].map(([partition, { position }]) => [partition, position]))] as const;
  });
  return Object.fromEntries(await Promise.all(loaded));
};

const everything = async (feed: EventFeed): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let after: FeedPosition = 'start'; ;) {
    const page = await feed.readAfter(after, { streamPrefixes: [] });
    events.push(...page.events);
    if (page.atEnd) return events;
    after = page.position;
  }
};

const opened = async (event: StoredEvent, personalData: PersonalData): Promise<InInbox> => {
  const { subject, raw } = await receivedNotification(event, personalData);
  return {
    eventId: event.id,
    inboxId: inboxIdOf(event),
    orderId: subject,
    delivery: raw?.headers[deliveryHeader] ?? null,
  };
};
