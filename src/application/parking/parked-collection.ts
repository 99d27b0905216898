import type { CollectionDeclaration } from '../ports/documents.js';

const newestFirst = [
  { field: 'first_parked_at', order: 'desc' },
  { field: '_id', order: 'desc' },
] as const;

/** Beside the read models and not derived from the log: a rebuild does not take it away. `_id`: made of follower and key. */
export const parkedCollection = {
  name: 'parked_keys',
  indexes: [
    { name: 'newest', fields: newestFirst },
    { name: 'with_status', fields: [{ field: 'status', order: 'asc' }, ...newestFirst] },
    {
      name: 'of_follower',
      fields: [
        { field: 'follower', order: 'asc' },
        { field: 'status', order: 'asc' },
      ],
    },
  ],
  shapes: {
    newest: { index: 'newest', equals: [], optional: [], sort: newestFirst },
    withStatus: { index: 'with_status', equals: ['status'], optional: [], sort: newestFirst },
    ofFollower: {
      index: 'of_follower',
      equals: ['follower', 'status'],
      optional: [],
      sort: [{ field: '_id', order: 'asc' }],
    },
  },
} as const satisfies CollectionDeclaration;
