import type { Durations } from '../../domain/payments/durations.js';
import type { JsonObject } from '../../domain/json.js';
import { partitionOfHash } from '../followers/partitions.js';
import type { Projection } from '../projections/projection.js';
import { paymentCollection } from './payment-collection.js';
import { documentOf, foldOf, type PaymentDocument } from './payment-document.js';
import { foldEvent, type PaymentFold } from './payment-fold.js';
import { paymentOfStream, paymentStreamPrefix } from './payment-identity.js';

/** Grows when what is written changes. */
export const paymentProjectionVersion = 2;

export const paymentProjection = (durations: Durations): Projection<PaymentFold> => ({
  name: 'payments',
  version: paymentProjectionVersion,
  collection: paymentCollection,
  streamPrefixes: [paymentStreamPrefix],
  idOf: paymentOfStream,
  partitionOf: partitionOfHash,
  fold: foldEvent,
  document: (fold) => documentOf(fold, durations) as unknown as JsonObject,
  resume: (document) => foldOf(document as unknown as PaymentDocument),
});
