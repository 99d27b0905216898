import type { CollectionDeclaration } from '../ports/documents.js';

/**
 * What became of each notification (design D4): found by order id, kept beside the log and not derived from it.
 * `_id`: the event's id, and not its place in the inbox, which another notification has once the log was put back from a backup.
 */
export const notificationCollection = {
  name: 'notification_records',
  indexes: [{ name: 'of_order', fields: [{ field: 'order_id', order: 'asc' }] }],
  shapes: {
    ofOrder: {
      index: 'of_order',
      equals: ['order_id'],
      optional: [],
      sort: [
        { field: 'received_at', order: 'asc' },
        { field: '_id', order: 'asc' },
      ],
    },
  },
} as const satisfies CollectionDeclaration;

export type NotificationVerdict =
  /** It brought news, confirmed by GET status. */
  | 'applied'
  /** Nothing that was not known. */
  | 'repeated'
  /** An order nobody knows here. */
  | 'unmatched'
  /** Signed, but Midtrans itself does not know the transaction, or says something else. */
  | 'unconfirmed'
  /** Its day's key was destroyed before it was worked on. */
  | 'erased'
  /** It could not be worked on; a person is asked. */
  | 'parked';

/** What did not pass the door: the last 1,000, never processed (api.md 4). `_id`: a slot, reused in turn. */
export const refusedCollection = {
  name: 'notification_refusals',
  indexes: [{ name: 'last', fields: [{ field: 'number', order: 'desc' }] }],
  shapes: {
    last: {
      index: 'last',
      equals: [],
      optional: [],
      sort: [
        { field: 'number', order: 'desc' },
        { field: '_id', order: 'desc' },
      ],
    },
  },
} as const satisfies CollectionDeclaration;
