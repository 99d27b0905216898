import type { CollectionDeclaration } from '../ports/documents.js';

const newestFirst = [
  { field: 'created_at', order: 'desc' },
  { field: '_id', order: 'desc' },
] as const;

const filters = ['user_id', 'order_id', 'status', 'payment_type', 'created_at', 'gross_amount', 'search'] as const;

/** Read model `payments` (R3.1): one document per payment, folded from its stream. */
export const paymentCollection = {
  name: 'payments',
  indexes: [
    { name: 'newest', fields: newestFirst },
    { name: 'of_user', fields: [{ field: 'user_id', order: 'asc' }, ...newestFirst] },
    { name: 'with_status', fields: [{ field: 'status', order: 'asc' }, ...newestFirst] },
    { name: 'numbers', fields: [{ field: 'search', order: 'asc' }], eachElement: true },
    { name: 'to_look_after', fields: [{ field: 'look_at', order: 'asc' }] },
  ],
  shapes: {
    newest: { index: 'newest', equals: [], optional: filters, sort: newestFirst },
    ofUser: { index: 'of_user', equals: ['user_id'], optional: filters, sort: newestFirst },
    withStatus: { index: 'with_status', equals: ['status'], optional: filters, sort: newestFirst },
    withNumber: { index: 'numbers', equals: ['search'], optional: filters, sort: newestFirst },
    toLookAfter: {
      index: 'to_look_after',
      equals: [],
      optional: ['look_at'],
      sort: [
        { field: 'look_at', order: 'asc' },
        { field: '_id', order: 'asc' },
      ],
    },
  },
} as const satisfies CollectionDeclaration;
