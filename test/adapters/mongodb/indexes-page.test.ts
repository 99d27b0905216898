import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredCollections } from '../../../src/application/documents/declared-collections.js';
import type { MongoIndex } from '../../../src/adapters/mongodb/indexes.js';
import { madeIndexes, servedShapes, type ServedShape } from './declared-indexes.js';

const page = readFileSync('docs/indexes.md', 'utf8');

/** The rows of the page's table under a heading, cell by cell. */
const tableUnder = (heading: string): readonly (readonly string[])[] => {
  const [section = ''] = (page.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
};

const fieldsOf = ({ keys }: MongoIndex): string =>
  Object.entries(keys)
    .map(([field, order]) => `${field} ${order}`)
    .join(', ');

const listed = (fields: readonly string[]): string => fields.join(', ') || '-';

const shapeRow = ({ collection, name, shape, isSortedByIndex }: ServedShape): readonly string[] => [
  collection.name,
  name,
  listed(shape.equals),
  listed(shape.optional),
  listed(shape.sort.map(({ field, order }) => `${field} ${order === 'asc' ? 1 : -1}`)),
  shape.index,
  isSortedByIndex ? 'index' : 'memory',
];

describe('docs/indexes.md', () => {
  it('has every index that is made, with its fields, and says why', () => {
    const rows = tableUnder('Indexes');
    const made = madeIndexes.map((index) => [
      index.collection,
      index.name,
      fieldsOf(index),
      index.unique ? 'yes' : 'no',
    ]);
    expect(rows.map((row) => row.slice(0, 4))).toEqual(made);
    for (const row of rows) expect(row[4]).toMatch(/\w{3}/);
  });

  it('has every way in which a collection is asked, with the index that serves it', () => {
    expect(tableUnder('Queries')).toEqual(servedShapes.map(shapeRow));
  });
});

describe('the collections whose indexes are made at start', () => {
  it('are all that are declared', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const declared = sources.flatMap((file) => {
      const text = readFileSync(join('src', file), 'utf8');
      return [...text.matchAll(/name: '(\w+)',\n {2}indexes:/g)].map(([, name]) => name ?? '');
    });
    expect(new Set(declaredCollections.map(({ name }) => name))).toEqual(new Set(declared));
  });
});
