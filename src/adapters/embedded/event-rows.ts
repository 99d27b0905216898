import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../domain/json.js';
import type { FeedPosition } from '../../application/ports/event-feed.js';
import type { StoredEvent } from '../../application/ports/event-log.js';

/** Columns of an event as a statement in raw mode returns them; `events` is `e`, `streams` is `s`. */
export const eventColumns = 's.name, e.revision, e.position, e.id, e.type, e.version, e.data, e.metadata';

export type EventRow = [
  stream: string,
  revision: number,
  position: number,
  id: string,
  type: string,
  version: number,
  data: string,
  metadata: string,
];

export const toStoredEvent = (row: EventRow): StoredEvent => ({
  stream: row[0],
  revision: row[1],
  position: positionText(row[2]),
  id: row[3],
  type: row[4],
  version: row[5],
  data: JSON.parse(row[6]) as JsonObject,
  metadata: JSON.parse(row[7]) as JsonObject,
});

/** Continues the checksum of a group with one event. Fields are joined by line feeds, which JSON text and names never hold bare. */
export const checksumWith = (checksum: number, row: EventRow): number => crc32(row.join('\n'), checksum);

const positionDigits = 16;

/** Positions count from 1; padded, their text sorts as they do. */
export const positionText = (position: number): string => String(position).padStart(positionDigits, '0');

export const positionNumber = (position: FeedPosition): number => {
  if (position === 'start') return 0;
  if (!/^\d{16}$/.test(position)) throw new RangeError(`${position} is not a position of an embedded log`);
  return Number(position);
};

/** What may be filtered by quickly: a stream's name up to and with its first hyphen (`payment-`), or all of it. */
export const categoryOf = (stream: string): string => stream.slice(0, stream.indexOf('-') + 1) || stream;
