import type { FeedFilter } from '../../application/ports/event-feed.js';

/** A category by its number in the file. */
export interface Category {
  readonly id: number;
  /** Beginning of the names of all its streams; empty for the one that takes whatever has no category of its own. */
  readonly name: string;
}

/** The events of one category that pass a filter: all of them, or those of streams that begin with one of `prefixes`. */
export interface Part {
  readonly category: number;
  readonly prefixes: readonly string[] | 'any';
}

/** What of the log passes a filter. */
export const partsOf = (
  { streamPrefixes }: FeedFilter,
  categories: () => readonly Category[],
): readonly Part[] | 'all' => {
  if (streamPrefixes.length === 0 || streamPrefixes.includes('')) return 'all';
  return categories().flatMap(({ id, name }): readonly Part[] => {
    if (name !== '' && streamPrefixes.some((prefix) => name.startsWith(prefix)))
      return [{ category: id, prefixes: 'any' }];
    const prefixes = streamPrefixes.filter((prefix) => prefix.startsWith(name));
    return prefixes.length === 0 ? [] : [{ category: id, prefixes }];
  });
};

/** Positions of some parts; SQLite merges them in the order of the log when asked to sort, since each part is an index range. */
export const positionsOf = (parts: readonly Part[]): string => parts.map(positionsOfPart).join(' UNION ALL ');

const positionsOfPart = ({ prefixes }: Part): string =>
  prefixes === 'any'
    ? 'SELECT position FROM events WHERE category = ? AND position > ? AND position <= ?'
    : `SELECT e.position FROM events e CROSS JOIN streams s ON s.id = e.stream
       WHERE e.category = ? AND e.position > ? AND e.position <= ?
       AND EXISTS (SELECT 1 FROM json_each(?) p WHERE substr(s.name, 1, length(p.value)) = p.value)`;

/** For the question marks of `positionsOf`, between two positions: the first excluded, the last included. */
export const bindingsOf = (parts: readonly Part[], from: number, to: number): readonly (number | string)[] =>
  parts.flatMap(({ category, prefixes }) =>
    prefixes === 'any' ? [category, from, to] : [category, from, to, JSON.stringify(prefixes)],
  );
