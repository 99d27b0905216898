import { jsonEvent } from '@eventstore/db-client';
import type { JSONEventData, Position } from '@eventstore/db-client';
import type { NewEvent, StoredEvent } from '../../application/ports/event-log.js';
import type { JsonObject } from '../../domain/json.js';
import { isKnown, positionText } from './position.js';

/** An event as EventStoreDB's client hands it out. */
export interface Recorded {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly position?: Position | undefined;
}

/**
 * The schema version is kept in the metadata, beside what the caller put there: EventStoreDB's own fields `$correlationId` and
 * `$causationId` must stand at the top for its tools to find them (design D9).
 */
export const eventDataOf = ({ id, type, version, data, metadata }: NewEvent): JSONEventData =>
  jsonEvent({ id, type, data: { ...data }, metadata: { ...metadata, schemaVersion: version } });

/** Bytes of JSON that the port counts: data and metadata as the caller gave them. */
export const bytesOf = (events: readonly NewEvent[]): number =>
  events.reduce((sum, { data, metadata }) => sum + jsonBytes(data) + jsonBytes(metadata), 0);

const jsonBytes = (value: JsonObject): number => Buffer.byteLength(JSON.stringify(value));

/** undefined: not written by this service. @throws Error where EventStoreDB tells no position: it is older than 22.6 */
export const storedEventOf = (recorded: Recorded, stream: string): StoredEvent | undefined => {
  const { id, type, isJson, data, metadata, revision, position } = recorded;
  if (!isJson || !isJsonObject(data) || !isJsonObject(metadata)) return undefined;
  const { schemaVersion, ...rest } = metadata;
  if (typeof schemaVersion !== 'number') return undefined;
  if (!isKnown(position))
    throw new Error(`EventStoreDB tells no position of ${type} ${id}: version 22.6 or later is needed`);
  return {
    stream,
    revision: Number(revision),
    position: positionText(position),
    id,
    type,
    version: schemaVersion,
    data,
    metadata: rest,
  };
};

/** What JSON.parse makes of an object holds nothing but JSON. */
const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
