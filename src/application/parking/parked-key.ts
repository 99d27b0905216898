import type { Instant } from '../../domain/time/instant.js';
import type { Actor } from '../audit/cause.js';
import { nameHash } from '../identity/name-hash.js';
import type { StoredEvent } from '../ports/event-log.js';

export const parkedStatuses = ['parked', 'resumed'] as const;
export type ParkedStatus = (typeof parkedStatuses)[number];

/** Somebody had it tried again: who, when, why, with what result (R3.4). */
export type Resumption = {
  readonly at: Instant;
  readonly by: Pick<Actor, 'kind' | 'id' | 'roles'>;
  readonly reason: string | null;
  readonly request_id: string | null;
  readonly outcome: 'resumed' | 'failed';
};

/**
 * What a follower could not work on and put aside, so that everything else goes on (design D6). Kept and shown as it is: nothing
 * personal, no secret.
 */
export type ParkedKey = {
  readonly id: string;
  readonly follower: string;
  /** A payment id, a method; of notifications the order id. */
  readonly key: string;
  /** The one that failed. */
  readonly event: Readonly<Pick<StoredEvent, 'stream' | 'revision' | 'id' | 'type'>>;
  readonly status: ParkedStatus;
  readonly error: string;
  readonly tries: number;
  readonly first_parked_at: Instant;
  readonly last_tried_at: Instant;
  /** Of the newest later event that waits for it; null: none does. */
  readonly waiting_revision: number | null;
  /** The newest last. */
  readonly resumptions: readonly Resumption[];
};

export interface PutAside {
  /** Whose work it is; of another version it is other work. */
  readonly follower: string;
  readonly key: string;
  /** What alone waits for a person, when that is less than the whole key. */
  readonly subject?: string;
  readonly event: ParkedKey['event'];
  readonly error: unknown;
  readonly tries: number;
}

/** The same key of the same follower has the same record, whichever process parks it. Shaped as a UUID. */
export const parkedKeyIdOf = (follower: string, subject: string): string => nameHash(`${follower}/${subject}`);

export const putAside = ({ follower, key, subject = key, event, error, tries }: PutAside, at: Instant): ParkedKey => ({
  id: parkedKeyIdOf(follower, subject),
  follower,
  key,
  event: { stream: event.stream, revision: event.revision, id: event.id, type: event.type },
  status: 'parked',
  error: whyOf(error),
  tries,
  first_parked_at: at,
  last_tried_at: at,
  waiting_revision: null,
  resumptions: [],
});

/** One more event of the key has come. */
export const withWaiting = (parked: ParkedKey, revision: number): ParkedKey =>
  parked.status === 'parked' && revision > Math.max(parked.event.revision, parked.waiting_revision ?? -1)
    ? { ...parked, waiting_revision: revision }
    : parked;

const resumptionsKept = 20;

const withResumption = (parked: ParkedKey, resumption: Resumption): readonly Resumption[] =>
  [...parked.resumptions, resumption].slice(-resumptionsKept);

type Request = Omit<Resumption, 'outcome'>;

export const resumed = (parked: ParkedKey, request: Request): ParkedKey => ({
  ...parked,
  status: 'resumed',
  waiting_revision: null,
  resumptions: withResumption(parked, { ...request, outcome: 'resumed' }),
});

export const failedAgain = (parked: ParkedKey, request: Request, error: unknown): ParkedKey => ({
  ...parked,
  error: whyOf(error),
  tries: parked.tries + 1,
  last_tried_at: request.at,
  resumptions: withResumption(parked, { ...request, outcome: 'failed' }),
});

const whyCharactersMax = 500;

/** What JSON.parse says quotes what it was given, which may be personal. */
export const whyOf = (error: unknown): string => {
  if (error instanceof SyntaxError) return 'What should be JSON is not';
  return (error instanceof Error ? error.message : String(error)).slice(0, whyCharactersMax);
};
