import type Database from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FeedFilter, FeedPosition } from '../../application/ports/event-feed.js';
import { everything } from '../../application/ports/whole-streams.js';
import type { Share, ToldEvent, WholeStream, WholeStreams } from '../../application/ports/whole-streams.js';
import type { JsonObject } from '../../domain/json.js';
import { positionNumber } from './event-rows.js';
import { partsOf } from './feed-filter.js';
import type { Category, Part } from './feed-filter.js';
import { readFrom } from './reading.js';

/** Read at once. Streams are numbered as they begin, so their events lie close together. */
const streamsAtOnce = 100;

type Row = [stream: string, revision: number, id: string, type: string, version: number, data: string, time: string];

/** The streams of `events.db` in the order in which they began. */
export class EmbeddedWholeStreams implements WholeStreams {
  constructor(private readonly database: Database.Database) {}

  async *read(
    filter: FeedFilter,
    until: FeedPosition,
    { index, of }: Share = everything,
  ): AsyncGenerator<readonly WholeStream[], void> {
    const { last, between } = await readFrom(this.database, () => this.prepared(filter, positionNumber(until)));
    for (let after = index * streamsAtOnce; after < last; after += of * streamsAtOnce) {
      const streams = await readFrom(this.database, () => wholeStreams(between(after, after + streamsAtOnce)));
      if (streams.length > 0) yield streams;
      // Reading is synchronous: requests get their turn between two batches.
      await nextTurn();
    }
  }

  private prepared(filter: FeedFilter, until: number) {
    const last = this.database.prepare<[], number | null>('SELECT max(id) FROM streams').pluck().get() ?? 0;
    const categories = this.database.prepare<[], Category>('SELECT id, name FROM categories');
    const { sql, values } = streamsOf(partsOf(filter, () => categories.all()));
    const select = this.database.prepare<(number | string)[], Row>(selectFrom(sql)).raw();
    return { last, between: (from: number, to: number) => select.all(from, to, ...values, until) };
  }
}

/**
 * The time stands first in metadata that we write; there it is taken as it stands, since finding it by parsing costs as much as all
 * else of a row.
 */
const digits = (count: number): string => '[0-9]'.repeat(count);
const timeFirst = `{"time":"${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}.${digits(3)}Z"*`;
const timeOf = `iif(e.metadata GLOB '${timeFirst}', substr(e.metadata, 10, 24), e.metadata ->> '$.time')`;

const selectFrom = (streams: string): string =>
  `SELECT s.name, e.revision, e.id, e.type, e.version, e.data, ${timeOf}
   FROM streams s CROSS JOIN events e INDEXED BY events_by_stream ON e.stream = s.id
   WHERE s.id > ? AND s.id <= ? AND ${streams} AND e.position <= ? ORDER BY s.id, e.revision`;

const streamsOf = (
  parts: readonly Part[] | 'all',
): { readonly sql: string; readonly values: readonly (number | string)[] } => {
  if (parts === 'all') return { sql: 'TRUE', values: [] };
  const ofPart = ({ prefixes }: Part): string =>
    prefixes === 'any'
      ? 's.category = ?'
      : '(s.category = ? AND EXISTS (SELECT 1 FROM json_each(?) p WHERE substr(s.name, 1, length(p.value)) = p.value))';
  return {
    sql: parts.length === 0 ? 'FALSE' : `(${parts.map(ofPart).join(' OR ')})`,
    values: parts.flatMap(({ category, prefixes }) =>
      prefixes === 'any' ? [category] : [category, JSON.stringify(prefixes)],
    ),
  };
};

const wholeStreams = (rows: readonly Row[]): readonly WholeStream[] => {
  const streams: [ToldEvent, ...ToldEvent[]][] = [];
  for (const row of rows) {
    const event = toToldEvent(row);
    if (event.revision === 0) streams.push([event]);
    else streams.at(-1)?.push(event);
  }
  return streams;
};

const toToldEvent = ([stream, revision, id, type, version, data, time]: Row): ToldEvent => ({
  stream,
  revision,
  id,
  type,
  version,
  data: JSON.parse(data) as JsonObject,
  metadata: { time },
});
