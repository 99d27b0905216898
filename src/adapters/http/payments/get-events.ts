import { addressOf, EventMetadata, notificationOf } from '../../../application/audit/event-metadata.js';
import type { StoredEvent } from '../../../application/ports/event-log.js';
import type { PersonalDataReader } from '../../../application/ports/personal-data.js';
import type { Json, JsonObject } from '../../../domain/json.js';
import type { HttpParts } from '../http-parts.js';
import { identityOf } from '../identity/identify.js';
import { mayAny } from '../identity/identity.js';
import type { RouteContext } from '../requests/http-context.js';
import { ownPaymentId } from './find-own.js';

/** `GET /payments/{id}/events`: the history of a payment, for those who may read it (api.md 3). */
export const getEvents = ({ findPayments, personalData }: HttpParts) =>
  async function handleGetEvents(ctx: RouteContext): Promise<void> {
    const id = await ownPaymentId(ctx, findPayments, ['read_any']);
    const withEvidence = mayAny(identityOf(ctx), 'read_evidence');
    const events = await findPayments.events(id);
    const data = await Promise.all(events.map((event) => eventView(event, personalData, withEvidence)));
    ctx.body = { data, next_cursor: null };
  };

/** @param withEvidence network addresses and raw notifications too */
const eventView = async (
  event: StoredEvent,
  personalData: PersonalDataReader,
  withEvidence: boolean,
): Promise<JsonObject> => {
  const { time, actor, $correlationId, $causationId, request_id } = EventMetadata.parse(event.metadata);
  return {
    id: event.id,
    type: event.type,
    revision: event.revision,
    occurred_at: time,
    actor: { ...actor, address: withEvidence ? await addressOf(event, personalData) : null },
    correlation_id: $correlationId,
    causation_id: $causationId,
    request_id,
    data: await openedData(event, personalData),
    ...(withEvidence && (await evidenceOf(event, personalData))),
  };
};

/** As good as money for whoever holds them; the payment itself shows them where its customer needs them. */
const secrets: ReadonlySet<string> = new Set(['snap_token', 'saved_token_id']);

/** The address of a Snap page ends with its token. */
const isSecret = (field: string, beside: JsonObject): boolean =>
  secrets.has(field) || (field === 'redirect_url' && 'snap_token' in beside);

const isList = (value: readonly Json[] | JsonObject): value is readonly Json[] => Array.isArray(value);

const withoutSecrets = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(withoutSecrets);
  const kept = Object.entries(value).filter(([field]) => !isSecret(field, value));
  return Object.fromEntries(kept.map(([field, inner]) => [field, withoutSecrets(inner)]));
};

/** Personal fields opened, since whoever may read the payment sees them there too; null when there are none, or erased. */
const openedData = async (event: StoredEvent, personalData: PersonalDataReader): Promise<JsonObject> => {
  const { personal } = event.data;
  if (!isSealed(personal)) return event.data;
  const plain = await personalData.open(personal.sealed, `${event.stream}/${event.id}`);
  if (plain === undefined) return { ...event.data, personal: null };
  return { ...event.data, personal: withoutSecrets(JSON.parse(Buffer.from(plain).toString('utf8')) as Json) };
};

const isSealed = (personal: unknown): personal is { readonly sealed: string } =>
  typeof personal === 'object' && personal !== null && 'sealed' in personal && typeof personal.sealed === 'string';

const evidenceOf = async (event: StoredEvent, personalData: PersonalDataReader): Promise<JsonObject> => {
  const evidence = await notificationOf(event, personalData);
  if (evidence === undefined) return {};
  if (evidence === null) return { notification: null };
  const { receivedAt, address, headers, body } = evidence;
  return { notification: { received_at: receivedAt, address, headers, body } };
};
