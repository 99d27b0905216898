import { z } from 'zod';
import type { Rupiah } from '../../domain/money/rupiah.js';
import type { PaymentType, Provider } from '../../domain/methods/providers.js';
import type { PaymentEvent, PaymentEventOf, PaymentEventType } from '../../domain/payments/events.js';
import type { FraudStatus, TransactionStatus } from '../../domain/payments/gateway-status.js';
import type { OrderId, RefundKey, TransactionId, WishId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import type { Personal } from '../../domain/personal.js';
import type { ToldEvent } from '../ports/whole-streams.js';

// How payment events stand in the log and in the feed: fields in snake_case, the time in the metadata. These schemas belong to the
// log, not to HTTP; they change only by a new version and an upcaster (design D9).

type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Snake<Tail>}`
    : `_${Lowercase<Head>}${Snake<Tail>}`
  : Name;

type StoredData<Type extends PaymentEventType> = {
  readonly [
    Field in keyof Omit<PaymentEventOf<Type>, 'type' | 'at'> as Snake<Field & string>
  ]: PaymentEventOf<Type>[Field];
};

/** The domain made these ids before they were written; reading takes them as they stand. */
const written = <T extends string>() => z.string() as unknown as z.ZodType<T>;
const json = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const amount = z.int().nonnegative() as unknown as z.ZodType<Rupiah>;
const instant = z.string();
const nullable = <T>(schema: z.ZodType<T>) => z.nullable(schema);
const wishId = written<WishId>();
const refundKey = written<RefundKey>();
const transactionId = written<TransactionId>();
const provider = written<Provider>();
/** In the log only ciphertext (design D10). */
const personal = z.nullable(z.strictObject({ sealed: z.string() })) as unknown as z.ZodType<Personal>;

const wish = { wish_id: wishId, answer_by: instant };
const refusal = { status_code: z.nullable(z.number()), message: z.string() };
const notSent = z.enum(['unreachable', 'rate_limited', 'circuit_open', 'account']);
const facts = {
  transaction_id: nullable(transactionId),
  payment_type: z.string(),
  provider: nullable(provider),
  fraud_status: nullable(written<FraudStatus>()),
  transaction_time: z.nullable(instant),
  expires_at: z.nullable(instant),
  details: json,
  personal,
};

const status = z.strictObject(facts);
const statusWithAmount = z.strictObject({ ...facts, amount });
const requested = z.strictObject({
  ...wish,
  transaction_id: nullable(transactionId),
  reason: z.nullable(z.string()),
  amount: nullable(amount),
});
const attempted = z.strictObject(wish);
const actionNotSent = z.strictObject({ wish_id: wishId, because: notSent, ...refusal });
const actionRefused = z.strictObject({
  wish_id: wishId,
  because: z.enum(['request', 'state', 'overtaken']),
  ...refusal,
});

/** The newest version of every event. A type without a line here does not compile. */
const schemas: { readonly [Type in PaymentEventType]: z.ZodType<StoredData<Type>> } = {
  PaymentInitiated: z.strictObject({
    order_id: written<OrderId>(),
    user_id: z.string(),
    payment_type: written<PaymentType>(),
    provider,
    amount,
    details: json,
    personal,
    item_details: z.nullable(z.array(json)),
    metadata: nullable(json),
    expiry: z.nullable(z.strictObject({ duration: z.int().positive(), unit: z.enum(['minute', 'hour', 'day']) })),
    fingerprint: z.string(),
    ...wish,
    expires_at: instant,
  }),
  ChargeAttempted: attempted,
  ChargeNotSent: z.strictObject({ because: notSent, ...refusal }),
  ChargeNotMade: z.strictObject({}),
  ChargeAnswered: status,
  GatewayUnanswered: z.strictObject({ wish_id: wishId, message: z.string() }),
  GatewayAsked: z.strictObject({
    transaction_id: nullable(transactionId),
    found: nullable(written<TransactionStatus | 'unknown' | 'unanswered'>()),
    absence_counts: z.boolean(),
    reason: z.nullable(z.string()),
  }),
  GatewayContradiction: z.strictObject({
    kind: written<PaymentEventOf<'GatewayContradiction'>['kind']>(),
    transaction_id: nullable(transactionId),
    detail: z.string(),
  }),
  PaymentPending: status,
  PaymentAuthorized: status,
  PaymentCaptured: statusWithAmount,
  PaymentChallenged: statusWithAmount,
  PaymentSettled: z.strictObject({ ...facts, amount, settled_at: instant }),
  PaymentDenied: status,
  PaymentReversed: status,
  PaymentCancelled: status,
  PaymentExpired: status,
  PaymentFailed: z.strictObject({
    ...facts,
    because: z.enum(['gateway', 'gateway_order_id_taken', 'rejected', 'not_sent_in_time']),
    ...refusal,
  }),
  ChargebackReceived: z.strictObject({ transaction_id: transactionId, full: z.boolean(), total: nullable(amount) }),
  CaptureRequested: requested,
  CaptureAttempted: attempted,
  CaptureNotSent: actionNotSent,
  CaptureRefused: actionRefused,
  CancelRequested: requested,
  CancelAttempted: attempted,
  CancelNotSent: actionNotSent,
  CancelRefused: actionRefused,
  ExpiryRequested: requested,
  ExpiryAttempted: attempted,
  ExpiryNotSent: actionNotSent,
  ExpiryRefused: actionRefused,
  ApprovalRequested: requested,
  ApprovalAttempted: attempted,
  ApprovalNotSent: actionNotSent,
  ApprovalRefused: actionRefused,
  DenialRequested: requested,
  DenialAttempted: attempted,
  DenialNotSent: actionNotSent,
  DenialRefused: actionRefused,
  RefundRequested: z.strictObject({
    ...wish,
    refund_key: refundKey,
    transaction_id: transactionId,
    amount,
    reason: z.string(),
  }),
  RefundAttempted: z.strictObject({ ...wish, refund_key: refundKey }),
  RefundNotSent: z.strictObject({ refund_key: refundKey, because: notSent, ...refusal }),
  RefundRefused: z.strictObject({ refund_key: refundKey, ...refusal }),
  RefundAccepted: z.strictObject({
    refund_key: refundKey,
    transaction_id: transactionId,
    amount,
    reason: z.nullable(z.string()),
  }),
  RefundConfirmed: z.strictObject({ refund_key: refundKey, confirmed_at: instant }),
  RefundTotalReported: z.strictObject({ transaction_id: transactionId, total: amount }),
};

/** How data of one version becomes that of the next, the first from version 1; a type without a line is at version 1 (design D9). */
const upcasters: { readonly [Type in PaymentEventType]?: readonly ((data: JsonObject) => JsonObject)[] } = {
  // Version 2 says why a person asked.
  GatewayAsked: [(data) => ({ ...data, reason: null })],
};

/** The version in which an event is written. */
export const versionOf = (type: PaymentEventType): number => 1 + (upcasters[type]?.length ?? 0);

export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  constructor(event: ToldEvent, why: string) {
    super(`Event ${event.revision} of ${event.stream} (${event.type} version ${event.version}) cannot be read: ${why}`);
  }
}

const snakeOf = new Map<string, string>();
const camelOf = new Map<string, string>();

/** Field names are few and the same for ever, so each is turned once. */
const remembered = (known: Map<string, string>, name: string, turn: (name: string) => string): string => {
  const found = known.get(name);
  if (found !== undefined) return found;
  const turned = turn(name);
  known.set(name, turned);
  return turned;
};

const toSnake = (name: string): string =>
  remembered(snakeOf, name, (text) => text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const toCamel = (name: string): string =>
  remembered(camelOf, name, (text) => text.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));

/** The event's own data as it is stored; `personal` must have been sealed before. */
export const storedDataOf = (event: PaymentEvent): JsonObject => {
  const data: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(event))
    if (field !== 'type' && field !== 'at') data[toSnake(field)] = value;
  return data as JsonObject;
};

const isPaymentEventType = (type: string): type is PaymentEventType => Object.hasOwn(schemas, type);

/** The data as the newest version has it. */
const upcast = (stored: ToldEvent, type: PaymentEventType): JsonObject => {
  const { version, data } = stored;
  if (version === versionOf(type)) return data;
  if (version < 1 || version > versionOf(type)) throw new UnreadableEvent(stored, 'unknown version');
  return (upcasters[type] ?? []).slice(version - 1).reduce((before, upcaster) => upcaster(before), data);
};

/** @throws UnreadableEvent for a type, version or shape that is not ours: an error, not a guess */
export const paymentEventOf = (stored: ToldEvent): PaymentEvent => {
  if (!isPaymentEventType(stored.type)) throw new UnreadableEvent(stored, 'unknown type');
  const read = schemas[stored.type].safeParse(upcast(stored, stored.type));
  if (!read.success) throw new UnreadableEvent(stored, z.prettifyError(read.error));
  const { time } = stored.metadata;
  if (typeof time !== 'string') throw new UnreadableEvent(stored, 'its metadata has no time');
  const event: Record<string, unknown> = { type: stored.type, at: time };
  for (const [field, value] of Object.entries(read.data)) event[toCamel(field)] = value;
  return event as unknown as PaymentEvent;
};
