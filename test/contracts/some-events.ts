import { randomUUID } from 'node:crypto';
import type { EventLog, NewEvent, StoredEvent } from '../../src/application/ports/event-log.js';
import { SystemIds } from '../../src/adapters/system/system-ids.js';
import type { JsonObject } from '../../src/domain/json.js';

const ids = new SystemIds();

/** An event that nobody has appended yet. */
export const someEvent = (data: JsonObject = {}, more: Partial<NewEvent> = {}): NewEvent => ({
  id: ids.next(),
  type: 'PaymentPending',
  version: 1,
  data,
  metadata: { occurredAt: '2026-11-23T05:49:00.000Z' },
  ...more,
});

export const someEvents = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => someEvent({ n }));

/**
 * Beginning of stream names that no other test and no earlier run has used: the stores of these suites are shared and may be
 * full of other things.
 */
export const freshPrefix = (): string => `contract${randomUUID().slice(0, 13).replace('-', '')}-`;

export const freshStream = (): string => freshPrefix() + randomUUID();

export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** Data of a stream's events, in order. */
export const dataOf = async (log: EventLog, stream: string): Promise<readonly JsonObject[]> =>
  (await log.read(stream)).map(({ data }) => data);

/** All of an event but its place in the whole log. */
export const withoutPosition = ({ stream, revision, id, type, version, data, metadata }: StoredEvent) => ({
  stream,
  revision,
  id,
  type,
  version,
  data,
  metadata,
});
