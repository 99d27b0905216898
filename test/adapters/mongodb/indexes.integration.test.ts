import { beforeAll, describe, expect, it } from '@jest/globals';
import { MongoServerError, type Document } from 'mongodb';
import { filterOf } from '../../../src/adapters/mongodb/document-filter.js';
import { declaredCollections } from '../../../src/application/documents/declared-collections.js';
import type { DocumentQuery, StoredDocument } from '../../../src/application/ports/documents.js';
import { upTo } from '../../contracts/some-events.js';
import { servedShapes, type ServedShape } from './declared-indexes.js';
import { freshDatabase, serverUri, shellOn, storesAt } from './open-stores.js';
import { queryPlanOf, type QueryPlan } from './query-plan.js';

const commandNotFound = 59;

/** Few documents share a value, as in life, so that an index is worth its use. */
const sample = (fields: readonly string[], n: number): StoredDocument => ({
  id: `id-${n}`,
  revision: 0,
  document: Object.fromEntries(fields.map((field) => [field, `${field}-${n % 97}`])),
});

const sampleFields = ({ shapes }: ServedShape['collection']): readonly string[] => [
  ...new Set(
    Object.values(shapes).flatMap(({ equals, optional, sort }) => [
      ...equals,
      ...optional,
      ...sort.map(({ field }) => field).filter((field) => field !== '_id'),
    ]),
  ),
];

/** The first page of a shape, or the one after a document in the middle. */
const pageOf = ({ shape, name }: ServedShape, isLater: boolean): DocumentQuery => ({
  shape: name,
  where: shape.equals.map((field) => ({ field, is: `${field}-3` })),
  limit: 20,
  ...(isLater && { after: shape.sort.map(({ field }) => (field === '_id' ? 'id-50' : `${field}-50`)) }),
});

const database = freshDatabase();
const shell = await shellOn(database);

/** A wire-compatible server may not know the command. */
const explains = await shell.command({ explain: { find: 'payments' }, verbosity: 'queryPlanner' }).then(
  () => true,
  (error: unknown) => !(error instanceof MongoServerError && error.code === commandNotFound),
);
if (!explains)
  process.stderr.write('NOT RUN: whether queries are read by their indexes; this MongoDB cannot explain\n');

const planOf = async (served: ServedShape, isLater: boolean): Promise<QueryPlan> => {
  const { shape, collection } = served;
  const sort = shape.sort.map(({ field, order }) => [field, order] as [string, 'asc' | 'desc']);
  const query = shell
    .collection<Document & { _id: string }>(collection.name)
    .find(filterOf(shape, pageOf(served, isLater)), { sort, limit: 20 });
  return queryPlanOf(await query.explain('queryPlanner'));
};

(explains ? describe : describe.skip)('every declared query on a real MongoDB', () => {
  beforeAll(async () => {
    const { documents } = await storesAt({ uri: serverUri(), database, collections: declaredCollections });
    for (const collection of declaredCollections)
      await documents.write(collection, upTo(2_000).map((n) => sample(sampleFields(collection), n))); // prettier-ignore
  });

  for (const served of servedShapes)
    for (const [page, isLater] of [
      ['the first page', false],
      ['a later page', true],
    ] as const)
      // prettier-ignore
      it(`reads ${page} of ${served.collection.name}.${served.name} by its index`, async () => {
        const { stages, indexes } = await planOf(served, isLater);
        expect(indexes).toEqual([served.index.name]);
        expect(stages).not.toContain('COLLSCAN');
        expect(stages.includes('SORT')).toBe(!served.isSortedByIndex);
      });
});
