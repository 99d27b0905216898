import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DuplicateKey, UndeclaredQuery } from '../../src/application/ports/documents.js';
import type {
  CollectionDeclaration,
  DocumentQuery,
  Documents,
  Scalar,
  StoredDocument,
} from '../../src/application/ports/documents.js';
import { packerOf } from '../../src/application/packing/packed-document.js';
import type { Json, JsonObject } from '../../src/domain/json.js';
import { upTo } from './some-events.js';

type Shapes = 'all' | 'ofUser' | 'byNumber' | 'smallestFirst' | 'byOrder';

/** A collection that no other test and no earlier run has used. */
const freshCollection = (): CollectionDeclaration<Shapes> => ({
  name: `contract_${randomUUID().replaceAll('-', '')}`,
  indexes: [
    { name: 'by_time', fields: [{ field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }] }, // prettier-ignore
    { name: 'by_user', fields: [{ field: 'user.id', order: 'asc' }, { field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }] }, // prettier-ignore
    { name: 'by_number', fields: [{ field: 'numbers', order: 'asc' }], eachElement: true },
    { name: 'by_amount', fields: [{ field: 'amount', order: 'asc' }, { field: 'created_at', order: 'desc' }, { field: '_id', order: 'asc' }] }, // prettier-ignore
    { name: 'by_order', fields: [{ field: 'order_id', order: 'asc' }], unique: true },
  ],
  shapes: {
    all: {
      index: 'by_time',
      equals: [],
      optional: ['status', 'amount', 'user.city', 'paid', 'numbers', 'created_at'],
      sort: [{ field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }], // prettier-ignore
    },
    ofUser: {
      index: 'by_user',
      equals: ['user.id'],
      optional: ['status', 'created_at'],
      sort: [{ field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }], // prettier-ignore
    },
    byNumber: {
      index: 'by_number',
      equals: ['numbers'],
      optional: ['status'],
      sort: [{ field: 'created_at', order: 'desc' }, { field: '_id', order: 'desc' }], // prettier-ignore
    },
    smallestFirst: {
      index: 'by_amount',
      equals: [],
      optional: [],
      sort: [{ field: 'amount', order: 'asc' }, { field: 'created_at', order: 'desc' }, { field: '_id', order: 'asc' }], // prettier-ignore
    },
    byOrder: { index: 'by_order', equals: ['order_id'], optional: [], sort: [{ field: '_id', order: 'asc' }] },
  },
});

/** A document with an order id of its own, since those are unique. */
const payment = (id: string, fields: JsonObject = {}, revision = 0): StoredDocument => ({
  id,
  revision,
  document: { order_id: `order-${id}`, created_at: '2026-11-23T00:00:00.000Z', ...fields },
});

const numbered = (n: number): string => `p${String(n).padStart(3, '0')}`;

const idsOf = (found: readonly StoredDocument[]): readonly string[] => found.map(({ id }) => id);

const fieldOf = ({ id, document }: StoredDocument, path: string): Scalar => {
  if (path === '_id') return id;
  const value = document[path];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

/** Every promise of Documents. `open` may answer the same store each time: collections are fresh in each test. */
export const documentsContract = (name: string, open: () => Promise<Documents>): void =>
  describe(`${name} keeps documents`, () => {
    const opened = async (...stored: readonly StoredDocument[]) => {
      const documents = await open();
      const collection = freshCollection();
      if (stored.length > 0) await documents.write(collection, stored);
      const find = async (query: Omit<DocumentQuery<Shapes>, 'limit'> & { readonly limit?: number }) =>
        idsOf(await documents.find(collection, { limit: 100, ...query }));
      /** All pages of a shape, each begun after the last document of the one before. */
      const pages = async (shape: Shapes, limit: number, where: DocumentQuery['where'] = []) => {
        const { sort } = collection.shapes[shape];
        const found: (readonly string[])[] = [];
        let after: readonly Scalar[] | undefined;
        for (;;) {
          const page = await documents.find(collection, { shape, where, limit, ...(after && { after }) });
          const last = page.at(-1);
          if (last === undefined) return found;
          found.push(idsOf(page));
          after = sort.map(({ field }) => fieldOf(last, field));
        }
      };
      return { documents, collection, find, pages };
    };

    describe('written and read', () => {
      it('has nothing under an id that nobody wrote', async () => {
        const { documents, collection } = await opened();
        expect(await documents.get(collection, 'p')).toBeUndefined();
      });

      it('gives back exactly what was written, large whole numbers too', async () => {
        const stored = payment('p', {
          most: 9_007_199_254_740_991,
          least: -9_007_199_254_740_991,
          fraction: 0.1,
          text: 'Rp 10.000 — ٣ 支払い 🧾\n"\\',
          yes: true,
          no: false,
          none: null,
          nothing: {},
          nobody: [],
          deep: { list: [1, 'two', [3], { four: null }] },
        });
        const { documents, collection } = await opened(stored);
        expect(await documents.get(collection, 'p')).toEqual(stored);
      });

      it('takes any field names, those too that mean something to a store', async () => {
        const names = [
          '$set',
          '$ref',
          'a.b',
          'a%2Eb',
          '%',
          '',
          ' ',
          '_bsontype',
          '__proto__',
          'constructor',
          'nul\0',
          'é',
        ];
        const named = JSON.parse(`{${names.map((one, n) => `${JSON.stringify(one)}:${n}`).join()}}`) as JsonObject;
        const stored = payment('p', {
          ...named,
          _id: 'its own',
          revision: 'its own',
          metadata: [named, { deep: named }],
        });
        const { documents, collection } = await opened(stored);
        const read = await documents.get(collection, 'p');
        expect(JSON.stringify(read?.document)).toBe(JSON.stringify(stored.document));
      });

      it('tells ids and collections apart', async () => {
        const { documents, collection } = await opened(payment('p'), payment('P'), payment('p-1'));
        const other = freshCollection();
        await documents.write(other, [payment('p', { other: true })]);
        expect(await documents.get(collection, 'P')).toEqual(payment('P'));
        expect(await documents.get(other, 'p')).toEqual(payment('p', { other: true }));
        expect(await documents.get(other, 'P')).toBeUndefined();
      });

      it('asks a copy only for what it has come to', async () => {
        const { documents, collection } = await opened(payment('p', {}, 3));
        for (const atLeast of [0, 3, 4]) {
          expect(await documents.get(collection, 'p', atLeast)).toEqual(payment('p', {}, 3));
          expect(await documents.get(collection, 'nobody', atLeast)).toBeUndefined();
        }
      });

      it('finds many by their ids: those that exist, each once', async () => {
        const { documents, collection } = await opened(...upTo(1_500).map((n) => payment(numbered(n), { n })));
        const asked = [...upTo(1_600).map(numbered), numbered(3), 'nobody'];
        const found = await documents.getMany(collection, asked);
        expect(idsOf(found).toSorted()).toEqual(upTo(1_500).map(numbered).sort());
        expect(found.find(({ id }) => id === numbered(7))).toEqual(payment(numbered(7), { n: 7 }));
        expect(await documents.getMany(collection, [])).toEqual([]);
      });
    });

    describe('guarded by revision', () => {
      it('replaces the document whole when the revision is newer: fields that it no longer has are gone', async () => {
        const { documents, collection } = await opened(payment('p', { gone: 1, deep: { gone: 1, stays: 1 } }, 1));
        await documents.write(collection, [payment('p', { deep: { stays: 1 } }, 4)]);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { deep: { stays: 1 } }, 4));
      });

      it('shows each change to whoever has read the document before', async () => {
        const { documents, collection } = await opened(payment('p', { n: 0 }), payment('q', { n: 0 }));
        const readBoth = async () => {
          // A store may remember what is read again and again.
          for (const id of ['p', 'q', 'p', 'q', 'p', 'q']) await documents.get(collection, id);
          return Promise.all(['p', 'q'].map((id) => documents.get(collection, id)));
        };
        await readBoth();
        await documents.write(collection, [payment('p', { n: 2 }, 2), payment('q', { n: 1 }, 1)]);
        expect(await readBoth()).toEqual([payment('p', { n: 2 }, 2), payment('q', { n: 1 }, 1)]);
        await documents.write(collection, [payment('p', { n: 1 }, 1), payment('q', { n: 2 }, 2)]);
        expect(await readBoth()).toEqual([payment('p', { n: 2 }, 2), payment('q', { n: 2 }, 2)]);
        await documents.replace(collection, payment('p', { n: 3 }, 3), 2);
        expect(await readBoth()).toEqual([payment('p', { n: 3 }, 3), payment('q', { n: 2 }, 2)]);
        await documents.clear(collection);
        expect(await readBoth()).toEqual([undefined, undefined]);
      });

      it('leaves a document alone that is the same or newer, and writes the others of the batch', async () => {
        const { documents, collection } = await opened(payment('a', { n: 1 }, 5), payment('b', { n: 1 }, 5));
        await documents.write(collection, [
          payment('a', { n: 2 }, 5),
          payment('b', { n: 2 }, 4),
          payment('c', { n: 2 }, 0),
        ]);
        const read = await Promise.all(['a', 'b', 'c'].map((id) => documents.get(collection, id)));
        expect(read).toEqual([payment('a', { n: 1 }, 5), payment('b', { n: 1 }, 5), payment('c', { n: 2 }, 0)]);
      });

      it('changes nothing when a batch is repeated, and takes an empty one', async () => {
        const batch = upTo(10).map((n) => payment(numbered(n), { n }, n));
        const { documents, collection, find } = await opened(...batch);
        await documents.write(collection, batch);
        await documents.write(collection, []);
        expect((await documents.getMany(collection, batch.map(({ id }) => id))).toSorted((a, b) => a.revision - b.revision)).toEqual(batch); // prettier-ignore
        expect(await find({ shape: 'all', where: [] })).toHaveLength(10);
      });

      it('lets the newest of forty writers win, in whatever order they come', async () => {
        const { documents, collection, find } = await opened();
        await Promise.all(
          upTo(40).map((n) =>
            documents.write(collection, [
              payment('p', { n: (n * 17) % 40, numbers: [`${(n * 17) % 40}`] }, (n * 17) % 40),
            ]),
          ),
        );
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: 39, numbers: ['39'] }, 39));
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '39' }] })).toEqual(['p']);
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '38' }] })).toEqual([]);
      });

      it('writes a thousand documents in one batch', async () => {
        const { find } = await opened(...upTo(1_000).map((n) => payment(numbered(n))));
        expect(await find({ shape: 'all', where: [], limit: 2_000 })).toHaveLength(1_000);
      });
    });

    describe('inserted if absent', () => {
      it('lets exactly one of twenty insert, and the others see that it was there', async () => {
        const { documents, collection } = await opened();
        const inserted = await Promise.all(
          upTo(20).map((n) => documents.insertIfAbsent(collection, payment('p', { n }))),
        );
        expect(inserted.filter(Boolean)).toHaveLength(1);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: inserted.indexOf(true) }));
      });

      it('leaves what is there, whatever its revision, and may be replaced later', async () => {
        const { documents, collection } = await opened(payment('p', { n: 1 }, 1));
        expect(await documents.insertIfAbsent(collection, payment('p', { n: 2 }, 9))).toBe(false);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: 1 }, 1));
        await documents.write(collection, [payment('p', { n: 3 }, 2)]);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: 3 }, 2));
      });
    });

    describe('replaced while it is still as it was seen', () => {
      it('lets exactly one of twenty who saw the same revision through', async () => {
        const { documents, collection } = await opened(payment('p', { n: -1 }, 3));
        const replaced = await Promise.all(
          upTo(20).map((n) => documents.replace(collection, payment('p', { n }, 4), 3)),
        );
        expect(replaced.filter(Boolean)).toHaveLength(1);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: replaced.indexOf(true) }, 4));
      });

      it('leaves what is older or newer than it was seen, and makes nothing that is not there', async () => {
        const { documents, collection } = await opened(payment('p', { n: 1 }, 3));
        expect(await documents.replace(collection, payment('p', { n: 2 }, 3), 2)).toBe(false);
        expect(await documents.replace(collection, payment('p', { n: 2 }, 5), 4)).toBe(false);
        expect(await documents.replace(collection, payment('q'), 0)).toBe(false);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { n: 1 }, 3));
        expect(await documents.get(collection, 'q')).toBeUndefined();
      });

      it('leaves no field of the document before, and is found by its new ones', async () => {
        const { documents, collection, find } = await opened(payment('p', { gone: 1, numbers: ['111'] }, 0));
        expect(await documents.replace(collection, payment('p', { numbers: ['222'] }, 1), 0)).toBe(true);
        expect(await documents.get(collection, 'p')).toEqual(payment('p', { numbers: ['222'] }, 1));
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '222' }] })).toEqual(['p']);
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '111' }] })).toEqual([]);
      });

      it("does not take another's unique value", async () => {
        const { documents, collection } = await opened(payment('a'), payment('b', { n: 1 }));
        await expect(documents.replace(collection, payment('b', { order_id: 'order-a' }, 1), 0)).rejects.toThrow(
          DuplicateKey,
        );
        expect(await documents.get(collection, 'b')).toEqual(payment('b', { n: 1 }));
      });
    });

    describe('with a unique index', () => {
      it('refuses a second document with the same value, keeps the first, and writes the others of the batch', async () => {
        const { documents, collection } = await opened(payment('a', { order_id: 'same' }));
        const writing = documents.write(collection, [payment('b', { order_id: 'same' }), payment('c')]);
        await expect(writing).rejects.toThrow(DuplicateKey);
        await expect(documents.insertIfAbsent(collection, payment('d', { order_id: 'same' }))).rejects.toThrow(
          DuplicateKey,
        );
        expect(idsOf(await documents.getMany(collection, ['a', 'b', 'c', 'd'])).toSorted()).toEqual(['a', 'c']);
      });

      it('lets a document keep its own value, and another have it once it is free', async () => {
        const { documents, collection, find } = await opened(payment('a', { order_id: 'same' }, 0));
        await documents.write(collection, [payment('a', { order_id: 'same', n: 1 }, 1)]);
        await documents.write(collection, [payment('a', { order_id: 'other' }, 2)]);
        await documents.write(collection, [payment('b', { order_id: 'same' }, 0)]);
        expect(await find({ shape: 'byOrder', where: [{ field: 'order_id', is: 'same' }] })).toEqual(['b']);
      });

      it('leaves a document as it was when a newer one would take the value of another', async () => {
        const { documents, collection } = await opened(payment('a'), payment('b', { n: 1, numbers: ['1'] }));
        await expect(documents.write(collection, [payment('b', { order_id: 'order-a' }, 1)])).rejects.toThrow(
          DuplicateKey,
        );
        expect(await documents.get(collection, 'b')).toEqual(payment('b', { n: 1, numbers: ['1'] }));
      });
    });

    describe('found', () => {
      it('by equality, in the order of the shape, ties by id', async () => {
        const at = (minute: number): string => `2026-11-23T00:0${minute}:00.000Z`;
        const { find } = await opened(
          payment('a', { user: { id: 'u1' }, created_at: at(1) }),
          payment('b', { user: { id: 'u2' }, created_at: at(2) }),
          payment('c', { user: { id: 'u1' }, created_at: at(3) }),
          payment('d', { user: { id: 'u1' }, created_at: at(1) }),
          payment('e', { user: { id: 'U1' }, created_at: at(1) }),
          payment('f', { created_at: at(1) }),
        );
        const ofUser = (id: Scalar, limit = 100) =>
          find({ shape: 'ofUser', where: [{ field: 'user.id', is: id }], limit });
        expect(await ofUser('u1')).toEqual(['c', 'd', 'a']);
        expect(await ofUser('u1', 2)).toEqual(['c', 'd']);
        expect(await ofUser('nobody')).toEqual([]);
      });

      it('narrowed by optional fields, alone and together', async () => {
        const { find } = await opened(
          ...upTo(30).map((n) =>
            payment(numbered(n), {
              status: n % 2 ? 'settlement' : 'expire',
              amount: n * 1_000,
              user: { id: 'u', city: n % 3 ? 'Jakarta' : 'Medan' },
              created_at: `2026-11-23T00:${String(n).padStart(2, '0')}:00.000Z`,
            }),
          ),
        );
        const expected = (keep: (n: number) => boolean) => upTo(30).filter(keep).map(numbered).toReversed();
        expect(await find({ shape: 'all', where: [{ field: 'status', is: 'expire' }] })).toEqual(
          expected((n) => n % 2 === 0),
        );
        expect(await find({ shape: 'all', where: [{ field: 'user.city', is: 'Medan' }] })).toEqual(
          expected((n) => n % 3 === 0),
        );
        expect(
          await find({
            shape: 'all',
            where: [
              { field: 'amount', from: 9_000, to: 21_000 },
              { field: 'status', is: 'settlement' },
              { field: 'user.city', is: 'Jakarta' },
            ],
          }),
        ).toEqual(expected((n) => n >= 9 && n <= 21 && n % 2 === 1 && n % 3 !== 0));
        expect(
          await find({
            shape: 'ofUser',
            where: [
              { field: 'user.id', is: 'u' },
              { field: 'created_at', from: '2026-11-23T00:05:00.000Z', to: '2026-11-23T00:07:00.000Z' },
            ],
          }),
        ).toEqual(expected((n) => n >= 5 && n <= 7));
      });

      it('by ranges that include their ends and may be open, numbers apart from text', async () => {
        const values: Record<string, Json> = {
          a: -5,
          b: 0,
          c: 9_007_199_254_740_991,
          d: '10',
          e: 'ä',
          f: '',
          g: null,
          h: true,
          i: 10,
        };
        const { find } = await opened(
          payment('none'),
          ...Object.entries(values).map(([id, amount]) => payment(id, { amount })),
        );
        const within = async (range: { from?: string | number; to?: string | number }) =>
          (await find({ shape: 'all', where: [{ field: 'amount', ...range }] })).toSorted();
        expect(await within({ from: 0 })).toEqual(['b', 'c', 'i']);
        expect(await within({ to: 0 })).toEqual(['a', 'b']);
        expect(await within({ from: -5, to: 10 })).toEqual(['a', 'b', 'i']);
        expect(await within({ from: 9_007_199_254_740_991 })).toEqual(['c']);
        expect(await within({ from: '' })).toEqual(['d', 'e', 'f']);
        expect(await within({ from: '10' })).toEqual(['d', 'e']);
        expect(await within({ to: '10' })).toEqual(['d', 'f']);
        expect(await within({ from: 'a', to: 'z' })).toEqual([]);
      });

      it('by values of one kind only: 1 is neither "1" nor true, null is also what is missing', async () => {
        const values: Record<string, Json> = { a: 1, b: '1', c: true, d: false, e: 0, f: null, g: '' };
        const { find } = await opened(
          payment('none'),
          ...Object.entries(values).map(([id, paid]) => payment(id, { paid })),
        );
        const with_ = async (is: Scalar) => (await find({ shape: 'all', where: [{ field: 'paid', is }] })).toSorted();
        expect(await with_(1)).toEqual(['a']);
        expect(await with_('1')).toEqual(['b']);
        expect(await with_(true)).toEqual(['c']);
        expect(await with_(false)).toEqual(['d']);
        expect(await with_(0)).toEqual(['e']);
        expect(await with_('')).toEqual(['g']);
        expect(await with_(null)).toEqual(['f', 'none']);
      });

      it('by any element of an array of texts, as long as the document has it', async () => {
        const { documents, collection, find } = await opened(
          payment('a', { numbers: ['111', '222', '111'], status: 'pending' }),
          payment('b', { numbers: ['222'], status: 'settlement' }),
          payment('c', { numbers: [], status: 'pending' }),
          payment('d', { status: 'pending' }),
        );
        const byNumber = (number: string) => find({ shape: 'byNumber', where: [{ field: 'numbers', is: number }] });
        expect(await byNumber('111')).toEqual(['a']);
        expect(await byNumber('222')).toEqual(['b', 'a']);
        expect(await byNumber('22')).toEqual([]);
        expect(await find({ shape: 'all', where: [{ field: 'numbers', is: '222' }, { field: 'status', is: 'pending' }] })).toEqual(['a']); // prettier-ignore
        await documents.write(collection, [payment('a', { numbers: ['333', '111'] }, 1), payment('b', {}, 1)]);
        expect([await byNumber('111'), await byNumber('222'), await byNumber('333')]).toEqual([['a'], [], ['a']]);
      });

      it('with what was written last', async () => {
        const { documents, collection, find } = await opened(payment('a', { status: 'pending', amount: 1 }));
        await documents.write(collection, [payment('a', { status: 'settlement', amount: 2 }, 1)]);
        expect(await find({ shape: 'all', where: [{ field: 'status', is: 'pending' }] })).toEqual([]);
        expect(await find({ shape: 'all', where: [{ field: 'status', is: 'settlement' }, { field: 'amount', is: 2 }] })).toEqual(['a']); // prettier-ignore
      });
    });

    describe('in pages', () => {
      it('has every document once, newest first, though many are of the same moment', async () => {
        const { pages } = await opened(
          ...upTo(25).map((n) =>
            payment(numbered((n * 7) % 25), { created_at: `2026-11-23T00:00:0${((n * 7) % 25) % 3}.000Z` }),
          ),
        );
        const newestFirst = upTo(25)
          .toSorted((a, b) => (b % 3) - (a % 3) || b - a)
          .map(numbered);
        expect((await pages('all', 4)).flat()).toEqual(newestFirst);
        expect((await pages('all', 4)).map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 1]);
        expect((await pages('all', 25)).flat()).toEqual(newestFirst);
      });

      it('keeps to its conditions', async () => {
        const { pages } = await opened(
          ...upTo(20).map((n) =>
            payment(numbered(n), { user: { id: `u${n % 2}` }, status: n % 4 === 1 ? 'pending' : 'expire' }),
          ),
        );
        const where = [{ field: 'user.id', is: 'u1' }, { field: 'status', is: 'pending' }]; // prettier-ignore
        expect(await pages('ofUser', 2, where)).toEqual([[17, 13], [9, 5], [1]].map((page) => page.map(numbered)));
      });

      it('sorts up and down at once, small and negative and very large numbers', async () => {
        const amounts = [3, -2, 3, 9_007_199_254_740_991, 0.5, 3, -2];
        const { pages } = await opened(
          ...amounts.map((amount, n) =>
            payment(numbered(n), { amount, created_at: `2026-11-23T00:00:0${n % 2}.000Z` }),
          ),
        );
        expect((await pages('smallestFirst', 2)).flat()).toEqual([1, 6, 4, 5, 0, 2, 3].map(numbered));
      });

      it('begins with documents that lack the field, and goes on behind them', async () => {
        const amounts: Record<string, Json> = { a: null, b: 1, d: 0, e: null };
        const { pages } = await opened(
          payment('c'),
          ...Object.entries(amounts).map(([id, amount]) => payment(id, { amount })),
        );
        for (const limit of [1, 2, 4]) {
          expect((await pages('smallestFirst', limit)).flat()).toEqual(['a', 'c', 'e', 'd', 'b']);
        }
      });

      it('ends with documents that lack the field when the largest come first', async () => {
        const { pages } = await opened(
          payment('a', { created_at: null }),
          payment('b', { created_at: '2' }),
          payment('c', { created_at: null }),
          payment('d', { created_at: '1' }),
        );
        for (const limit of [1, 2, 3]) expect((await pages('all', limit)).flat()).toEqual(['b', 'd', 'c', 'a']);
      });

      it('orders text by its bytes', async () => {
        const { find } = await opened(
          ...['a', 'B', '_', 'é', '1', 'aa'].map((created_at, n) => payment(numbered(n), { created_at })),
        );
        expect(await find({ shape: 'all', where: [] })).toEqual([3, 5, 0, 2, 1, 4].map(numbered));
      });

      it('is not upset by documents that come while it is read', async () => {
        const { documents, collection } = await opened(
          payment('a', { created_at: '1' }),
          payment('b', { created_at: '2' }),
        );
        await documents.write(collection, [payment('c', { created_at: '3' })]);
        const rest = await documents.find(collection, { shape: 'all', where: [], limit: 10, after: ['2', 'b'] });
        expect(idsOf(rest)).toEqual(['a']);
      });
    });

    describe('asked in a way that is not declared', () => {
      const refused: Record<string, Omit<DocumentQuery, 'limit'>> = {
        'a shape that does not exist': { shape: 'nobody', where: [] },
        'without a value for a field of the shape': { shape: 'ofUser', where: [] },
        'with two values for a field of the shape': {
          shape: 'ofUser',
          where: [{ field: 'user.id', is: 'a' }, { field: 'user.id', is: 'b' }], // prettier-ignore
        },
        'with a range where the shape wants one value': { shape: 'ofUser', where: [{ field: 'user.id', from: 'a' }] },
        'with a field that the shape does not have': { shape: 'all', where: [{ field: 'order_id', is: 'o' }] },
        'with a range over an array': { shape: 'all', where: [{ field: 'numbers', from: '1' }] },
        'with a field asked for twice': {
          shape: 'all',
          where: [{ field: 'amount', from: 1 }, { field: 'amount', to: 2 }], // prettier-ignore
        },
        'with a page that begins after too few values': { shape: 'all', where: [], after: ['2026'] },
      };
      for (const [how, query] of Object.entries(refused)) {
        it(`refuses a query ${how}`, async () => {
          const { documents, collection } = await opened(payment('a'));
          const asked: CollectionDeclaration = collection;
          await expect(documents.find(asked, { ...query, limit: 10 })).rejects.toThrow(UndeclaredQuery);
        });
      }
    });

    describe('thrown away', () => {
      it('has nothing left, and takes an older revision again', async () => {
        const { documents, collection, find } = await opened(payment('a', { numbers: ['1'] }, 7), payment('b'));
        const other = freshCollection();
        await documents.write(other, [payment('a')]);
        await documents.clear(collection);
        expect(await documents.get(collection, 'a')).toBeUndefined();
        expect(await find({ shape: 'all', where: [] })).toEqual([]);
        expect(await documents.get(other, 'a')).toEqual(payment('a'));
        await documents.write(collection, [payment('a', { numbers: ['2'] }, 2)]);
        expect(await documents.get(collection, 'a')).toEqual(payment('a', { numbers: ['2'] }, 2));
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '1' }] })).toEqual([]);
      });

      it('may be empty before', async () => {
        const { documents, collection } = await opened();
        await documents.clear(collection);
        expect(await documents.get(collection, 'a')).toBeUndefined();
      });
    });

    describe('replaced all at once', () => {
      const at = (n: number): string => `2026-11-23T00:00:00.${String(n).padStart(3, '0')}Z`;
      const fresh = (n: number, revision = 0): StoredDocument =>
        payment(numbered(n), { user: { id: `u${n % 2}` }, amount: n, created_at: at(n), numbers: [`${n}`, 'same'] }, revision); // prettier-ignore

      const replaceAll = async (
        documents: Documents,
        collection: CollectionDeclaration,
        batches: readonly (readonly StoredDocument[])[],
        before: () => Promise<void> = () => Promise.resolve(),
      ): Promise<void> => {
        const pack = packerOf(collection);
        const packed = async function* () {
          for (const batch of batches) {
            yield batch.map(pack);
            await before();
          }
        };
        await documents.replaceAll(collection, packed());
      };

      it('has the new ones and none of the old, which may be of newer revisions, and finds them in every declared way', async () => {
        const { documents, collection, find, pages } = await opened(
          payment('old', { numbers: ['same'] }, 9),
          payment(numbered(1), { numbers: ['1'], gone: true }, 9),
        );
        for (const id of ['old', 'old', numbered(1), numbered(1)])
          expect(await documents.get(collection, id)).toBeDefined();
        await replaceAll(documents, collection, [upTo(3).map((n) => fresh(n)), [], [fresh(3), fresh(4)]]);
        expect(await documents.get(collection, 'old')).toBeUndefined();
        expect(await documents.get(collection, numbered(1))).toEqual(fresh(1));
        expect(await pages('all', 2)).toEqual([[4, 3].map(numbered), [2, 1].map(numbered), [0].map(numbered)]);
        expect(await find({ shape: 'ofUser', where: [{ field: 'user.id', is: 'u1' }] })).toEqual([3, 1].map(numbered));
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '3' }] })).toEqual([numbered(3)]);
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: 'same' }] })).toHaveLength(5);
        expect(await find({ shape: 'smallestFirst', where: [], limit: 1 })).toEqual([numbered(0)]);
        expect(await find({ shape: 'byOrder', where: [{ field: 'order_id', is: `order-${numbered(2)}` }] })).toEqual([
          numbered(2),
        ]);
      });

      it('is written as ever afterwards: guarded by revision, unique values refused, what is no longer there not found', async () => {
        const { documents, collection, find } = await opened();
        await replaceAll(documents, collection, [[fresh(0, 4), fresh(1, 4)]]);
        await documents.write(collection, [payment(numbered(0), { numbers: ['x'] }, 5), fresh(1, 3), fresh(2)]);
        expect(await documents.get(collection, numbered(0))).toEqual(payment(numbered(0), { numbers: ['x'] }, 5));
        expect(await documents.get(collection, numbered(1))).toEqual(fresh(1, 4));
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: '0' }] })).toEqual([]);
        expect(await find({ shape: 'byNumber', where: [{ field: 'numbers', is: 'x' }] })).toEqual([numbered(0)]);
        const taken = payment('thief', { order_id: `order-${numbered(1)}` });
        await expect(documents.write(collection, [taken])).rejects.toThrow(DuplicateKey);
        expect(await documents.insertIfAbsent(collection, fresh(2, 9))).toBe(false);
      });

      it('can be asked meanwhile, and shows nothing old', async () => {
        const { documents, collection, find } = await opened(payment('old', { numbers: ['same'], amount: 1 }, 9));
        const seen: unknown[] = [];
        await replaceAll(documents, collection, [[fresh(0)], [fresh(1)]], async () => {
          seen.push(await documents.get(collection, 'old'));
          for (const shape of ['all', 'smallestFirst'] as const)
            seen.push((await find({ shape, where: [] })).includes('old'));
          const found = await find({ shape: 'byNumber', where: [{ field: 'numbers', is: 'same' }] });
          seen.push(found.includes('old'));
        });
        expect(seen).toEqual([undefined, false, false, false, undefined, false, false, false]);
      });

      it('tells when the new ones stop coming, shows nothing old, and can be begun again', async () => {
        const { documents, collection, find } = await opened(payment('old', {}, 9));
        const failing = replaceAll(documents, collection, [[fresh(0)], [fresh(1)]], () =>
          Promise.reject(new Error('no more')),
        );
        await expect(failing).rejects.toThrow('no more');
        expect(await find({ shape: 'all', where: [{ field: 'amount', from: 2 }] })).toEqual([]);
        expect(await documents.get(collection, 'old')).toBeUndefined();
        await replaceAll(documents, collection, [[fresh(2)], [fresh(3)]]);
        expect(await find({ shape: 'all', where: [] })).toEqual([3, 2].map(numbered));
      });

      it('is empty when there are none, and other collections are as they were', async () => {
        const { documents, collection, find } = await opened(payment('old', { numbers: ['1'] }));
        const other = freshCollection();
        await documents.write(other, [payment('other')]);
        await replaceAll(documents, collection, []);
        expect(await find({ shape: 'all', where: [] })).toEqual([]);
        expect(await documents.get(other, 'other')).toEqual(payment('other'));
      });
    });
  });
