import { z } from 'zod';
import type { JsonObject } from '../../domain/json.js';
import type { Instant } from '../../domain/time/instant.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { PersonalDataReader, Seal } from '../ports/personal-data.js';
import type { Cause, NotificationEvidence } from './cause.js';

/** Binds the sealed parts of one event to their places, so that none can be moved to another. */
const addressPlace = (boundTo: string): string => `${boundTo}#address`;
const notificationPlace = (boundTo: string): string => `${boundTo}#notification`;

/**
 * Who, when, why, from where (design D9), as it is stored beside an event. Addresses and raw notifications are sealed.
 * @param seal null: the owner is erased, and what would have to be sealed is left out
 */
export const metadataOf = (at: Instant, cause: Cause, seal: Seal | null, boundTo: string): JsonObject => {
  const { actor, correlationId, causationId, requestId, traceParent, notification } = cause;
  return {
    time: at,
    actor: {
      kind: actor.kind,
      id: actor.id,
      roles: actor.roles,
      address: actor.address === null || !seal ? null : { sealed: seal.seal(actor.address, addressPlace(boundTo)) },
    },
    $correlationId: correlationId,
    $causationId: causationId,
    request_id: requestId,
    trace_parent: traceParent,
    ...(notification && {
      notification: {
        inbox_id: notification.inboxId,
        sealed: seal && seal.seal(JSON.stringify(notification), notificationPlace(boundTo)),
      },
    }),
  };
};

const Sealed = z.object({ sealed: z.string() });

/** What every event's metadata holds when it is read back. */
export const EventMetadata = z.object({
  time: z.string(),
  actor: z.object({
    kind: z.string(),
    id: z.string(),
    roles: z.array(z.string()),
    address: Sealed.nullable(),
  }),
  $correlationId: z.string(),
  $causationId: z.string(),
  request_id: z.string().nullable(),
  trace_parent: z.string().nullable(),
  notification: z.object({ inbox_id: z.string(), sealed: z.string().nullable() }).optional(),
});

export type EventMetadata = z.infer<typeof EventMetadata>;

const boundToOf = ({ stream, id }: StoredEvent): string => `${stream}/${id}`;

const opened = async (personalData: PersonalDataReader, sealed: string, boundTo: string): Promise<string | null> => {
  const plain = await personalData.open(sealed, boundTo);
  return plain === undefined ? null : Buffer.from(plain).toString('utf8');
};

/** null: none was kept, or it is erased. */
export const addressOf = async (event: StoredEvent, personalData: PersonalDataReader): Promise<string | null> => {
  const { actor } = EventMetadata.parse(event.metadata);
  return actor.address && opened(personalData, actor.address.sealed, addressPlace(boundToOf(event)));
};

/** The raw notification that an event rests on; undefined: it rests on none; null: it is erased. */
export const notificationOf = async (
  event: StoredEvent,
  personalData: PersonalDataReader,
): Promise<NotificationEvidence | null | undefined> => {
  const { notification } = EventMetadata.parse(event.metadata);
  if (notification === undefined || notification.sealed === null) return notification && null;
  const text = await opened(personalData, notification.sealed, notificationPlace(boundToOf(event)));
  return text === null ? null : (JSON.parse(text) as NotificationEvidence);
};
