import { z } from 'zod';
import type { Instant } from '../../domain/time/instant.js';
import { nameHash } from '../identity/name-hash.js';
import type { NewEvent, StoredEvent } from '../ports/event-log.js';
import type { KeyOwner, PersonalData, Seal } from '../ports/personal-data.js';

export const inboxStreamPrefix = 'midtrans_inbox-';
const inboxStreamCount = 16;

export const inboxStreams: readonly string[] = Array.from(
  { length: inboxStreamCount },
  (_, n) => inboxStreamPrefix + String(n),
);

/**
 * By a hash of the order id: 16 streams for the life of the log, each order always in the same (design D4). It is the last
 * hexadecimal digit of the payment id, which is such a hash already.
 */
export const inboxStreamOf = (subject: string): string =>
  `${inboxStreamPrefix}${Number.parseInt(nameHash(subject).slice(-1), 16)}`;

/** Each inbox stream is a partition of its own, and it is that of the payment too (design D6). */
export const inboxPartitionOf = (stream: string): number => Number(stream.slice(inboxStreamPrefix.length));

/** A notification as it came in. `body`: its raw text, which the signature covers byte by byte. */
export interface RawNotification {
  readonly receivedAt: Instant;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const Raw = z.object({
  receivedAt: z.string(),
  address: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** Version 1 of NotificationReceived. */
const StoredNotification = z.strictObject({ order_id: z.string(), received_at: z.string(), sealed: z.string() });

const type = 'NotificationReceived';

/** Raw notifications are sealed with a key of the day, which is destroyed after 90 days (design D10). */
export const dayKeyOf = (at: Instant): KeyOwner => `day:${at.slice(0, 10)}`;

export const inboxEventOf = (id: string, subject: string, raw: RawNotification, seal: Seal): NewEvent => ({
  id,
  type,
  version: 1,
  data: {
    order_id: subject,
    received_at: raw.receivedAt,
    sealed: seal.seal(JSON.stringify(raw), boundTo(subject, id)),
  },
  metadata: { time: raw.receivedAt, $correlationId: id, $causationId: id },
});

/** Beside the sealed text, roughly. */
const envelopeBytes = 600;

/** In the log: headers and escapes count too, and sealing makes a third more of all of it. */
export const inboxEventBytes = ({ data: { sealed } }: NewEvent): number =>
  envelopeBytes + (typeof sealed === 'string' ? sealed.length : 0);

const boundTo = (subject: string, id: string): string => `${inboxStreamPrefix}${subject}/${id}`;

export interface ReceivedNotification {
  /** `<stream>@<revision>`: where it stands in the log. */
  readonly inboxId: string;
  /** Names this notification for ever, also when the log is put back from a backup and another one takes its place. */
  readonly eventId: string;
  /** The order id, or what else it is about: not every subject can be an order of ours. */
  readonly subject: string;
  readonly receivedAt: Instant;
  /** null: its day's key is destroyed. */
  readonly raw: RawNotification | null;
}

/** What is to be read of an inbox event without opening it. @throws when the event is not one of ours */
export const storedNotification = (event: StoredEvent): z.infer<typeof StoredNotification> => {
  if (event.type !== type || event.version !== 1)
    throw new Error(`${event.stream}@${event.revision}: ${event.type} version ${event.version} is no notification`);
  return StoredNotification.parse(event.data);
};

/** @throws when the event is not one of ours */
export const receivedNotification = async (
  event: StoredEvent,
  personalData: PersonalData,
): Promise<ReceivedNotification> => {
  const { order_id, received_at, sealed } = storedNotification(event);
  const plain = await personalData.open(sealed, boundTo(order_id, event.id));
  return {
    inboxId: inboxIdOf(event),
    eventId: event.id,
    subject: order_id,
    receivedAt: received_at,
    raw: plain === undefined ? null : Raw.parse(JSON.parse(Buffer.from(plain).toString('utf8'))),
  };
};

export const inboxIdOf = ({ stream, revision }: StoredEvent): string => `${stream}@${revision}`;

/** The order that an inbox event is about, without opening it: the key by which work is kept in order. */
export const orderOfInboxEvent = (event: StoredEvent): string => {
  const { order_id } = event.data;
  return typeof order_id === 'string' ? order_id : event.id;
};
