import { methodCollection } from '../methods/method-projection.js';
import { notificationCollection, refusedCollection } from '../notifications/notification-records.js';
import { doubtAlarmCollection } from '../payments/doubt-alarms.js';
import { parkedCollection } from '../parking/parked-collection.js';
import { paymentCollection } from '../payments/payment-collection.js';
import type { CollectionDeclaration } from '../ports/documents.js';

/** Every collection of documents that the service uses, so that their indexes can be made before anybody asks. */
export const declaredCollections: readonly CollectionDeclaration[] = [
  paymentCollection,
  methodCollection,
  notificationCollection,
  refusedCollection,
  parkedCollection,
  doubtAlarmCollection,
];
