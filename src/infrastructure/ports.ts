import type { ServiceIdentifier } from 'inversify';
import type { LogCache } from '../application/followers/cache-follower.js';
import type { PaymentReads } from '../application/payments/status-cache.js';
import type { Checkpoints } from '../application/ports/checkpoints.js';
import type { Clock } from '../application/ports/clock.js';
import type { Documents } from '../application/ports/documents.js';
import type { EventFeed } from '../application/ports/event-feed.js';
import type { EventLog } from '../application/ports/event-log.js';
import type { IdempotencyAnswers } from '../application/ports/idempotency-answers.js';
import type { Ids } from '../application/ports/ids.js';
import type { Journal } from '../application/ports/journal.js';
import type { Leases } from '../application/ports/leases.js';
import type { NotificationReader, PaymentGateway } from '../application/ports/payment-gateway.js';
import type { PersonalData } from '../application/ports/personal-data.js';
import type { WrappedKeys } from '../application/ports/wrapped-keys.js';
import type { Durations } from '../domain/payments/durations.js';

const port = <T>(name: string): ServiceIdentifier<T> => Symbol.for(name);

/** What the container knows by interface; classes identify themselves. */
export const Port = {
  eventLog: port<EventLog>('EventLog'),
  eventFeed: port<EventFeed>('EventFeed'),
  documents: port<Documents>('Documents'),
  paymentReads: port<PaymentReads>('PaymentReads'),
  logCaches: port<readonly LogCache[]>('LogCaches'),
  records: port<Documents>('Records'),
  projectionCheckpoints: port<Checkpoints>('ProjectionCheckpoints'),
  workerCheckpoints: port<Checkpoints>('WorkerCheckpoints'),
  idempotencyAnswers: port<IdempotencyAnswers>('IdempotencyAnswers'),
  leases: port<Leases>('Leases'),
  wrappedKeys: port<WrappedKeys>('WrappedKeys'),
  personalData: port<PersonalData>('PersonalData'),
  paymentGateway: port<PaymentGateway>('PaymentGateway'),
  notificationReader: port<NotificationReader>('NotificationReader'),
  clock: port<Clock>('Clock'),
  ids: port<Ids>('Ids'),
  journal: port<Journal>('Journal'),
  durations: port<Durations>('Durations'),
} as const;
