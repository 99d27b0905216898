import type { Position } from '@eventstore/db-client';
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

/** An event as EventStoreDB gets it, which looks into none of it but the id. */
export interface EventBytes {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** With the bytes of JSON that the port counts: data and metadata as the caller gave them. */
export interface CountedEvent extends EventBytes {
  readonly countedBytes: number;
}

/**
 * The schema version is kept in the metadata, behind what the caller put there: EventStoreDB's own fields `$correlationId` and
 * `$causationId` must stand at the top for its tools to find them (design D9).
 */
export const countedEventOf = ({ id, type, version, data, metadata }: NewEvent): CountedEvent => {
  const dataBytes = jsonBytes(data);
  const metadataText = JSON.stringify(metadata);
  return {
    id,
    type,
    data: dataBytes,
    metadata: Buffer.from(withSchemaVersion(metadataText, version)),
    countedBytes: dataBytes.length + Buffer.byteLength(metadataText),
  };
};

const withSchemaVersion = (objectText: string, version: number): string =>
  `${objectText.slice(0, -1)}${objectText === '{}' ? '' : ','}"schemaVersion":${version}}`;

export const jsonBytes = (value: JsonObject): Uint8Array => Buffer.from(JSON.stringify(value));

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
