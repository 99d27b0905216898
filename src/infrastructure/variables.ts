import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { connectionStringMistake as eventStoreDbMistake } from '../adapters/eventstoredb/connection-string.js';
import { connectionStringMistake as mongoDbMistake } from '../adapters/mongodb/connection-string.js';
import { providers, rulesOf, type Provider } from '../domain/methods/providers.js';
import { durations, type Durations } from '../domain/payments/durations.js';

// What each variable may hold by itself (R9). What several may hold together: configuration-rules.ts.

export type Variables = Readonly<Record<string, string | undefined>>;

/** One line for each mistake. */
export class UnusableConfiguration extends Error {
  override readonly name = 'UnusableConfiguration';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

const text = z.string().regex(/\S/, 'must not be blank');
/** 0 lets the system choose, which tests alone may do (configuration-rules.ts). */
const port = z
  .string()
  .regex(/^(?:0|[1-9]\d*)$/, 'must be a port number')
  .transform(Number)
  .pipe(z.number().max(65_535, 'must be from 1 to 65535'));
const flag = z.enum(['true', 'false'], 'must be true or false').transform((word) => word === 'true');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const secret = z.string().min(32, 'must have at least 32 characters');
const midtransKey = z.string().regex(/^\S+$/, 'must not contain white space');
const host = z
  .string()
  .refine(
    (name) => isIP(name) !== 0 || /^(?:[a-z0-9]|[a-z0-9][a-z0-9.-]*[a-z0-9])$/i.test(name),
    'must be an address or a host name',
  );
const connectionString = (mistakeIn: (url: string) => string | undefined) =>
  z.string().superRefine((url, context) => {
    const mistake = mistakeIn(url);
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
  });
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

/** Paths are put behind it, so it has no slash at its end, and nothing that would stand between. */
const baseUrl = httpUrl
  .refine((url) => !/[?#]/.test(url), 'must be a URL without query')
  .transform((url) => new URL(url).href.replace(/\/+$/, ''));

/** MongoDB refuses most other characters, and keeps the three names for itself. */
const databaseName = z
  .string()
  .regex(/^(?!(?:admin|config|local)$)[\w-]{1,63}$/, 'must be a name of letters, digits, - and _, 63 at most');

/** What begins with $ belongs to EventStoreDB. */
const streamPrefix = z
  .string()
  .regex(/^(?!\$)[!-~]{1,100}$/, 'must be 100 ASCII characters at most, without white space and not beginning with $');

const encryptionKeys = z.string().transform((list, context) => {
  const keys = list.split(',').map((key) => key.trim());
  if (!keys.every((key) => /^[A-Za-z0-9+/]{43}=?$/.test(key)))
    context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64, several separated by commas' });
  return keys.map((key) => Buffer.from(key, 'base64'));
});

const listed = (parts: string): readonly string[] => parts.split(',').map((part) => part.trim()).filter(Boolean); // prettier-ignore

const gateways = z.string().transform((ranges, context) => {
  const list = new BlockList();
  for (const range of listed(ranges)) addRange(list, range, context);
  return list;
});

const refundedDirectly = z.string().transform((names, context): ReadonlySet<Provider> => {
  const possible = providers.filter((provider) => rulesOf(provider).refund.direct);
  const asked = new Set(listed(names));
  const impossible = [...asked].filter((name) => possible.every((provider) => provider !== name));
  if (impossible.length > 0)
    context.addIssue({ code: 'custom', message: `${impossible.join(', ')} cannot be refunded directly; ${possible.join(', ')} can` }); // prettier-ignore
  return new Set(possible.filter((provider) => asked.has(provider)));
});

/** An address, or one with the number of its leading bits that count. */
const rangeShape = /^(?<address>[0-9a-f:.]+)(?:\/(?<bits>0|[1-9]\d{0,2}))?$/i;

const addRange = (list: BlockList, range: string, context: z.core.$RefinementCtx): void => {
  const { address = '', bits } = rangeShape.exec(range)?.groups ?? {};
  const version = isIP(address);
  const bitsMax = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? bitsMax : Number(bits);
  if (version !== 0 && prefix <= bitsMax) list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  else context.addIssue({ code: 'custom', message: `${range} is no address range such as 10.0.0.0/8` });
};

const someDurations = z.string().transform((json, context): Partial<Durations> => {
  const known = z.strictObject(
    Object.fromEntries(
      Object.entries(durations).map(([name, value]) => [
        name,
        Array.isArray(value) ? z.array(z.number()).optional() : z.number().positive().optional(),
      ]),
    ),
  );
  const read = z.string().transform(parseJson).pipe(known).safeParse(json);
  if (read.success) return read.data;
  context.addIssue({
    code: 'custom',
    message: 'must be a JSON object of durations in ms (src/domain/payments/durations.ts)',
  });
  return z.NEVER;
});

const parseJson = (json: string, context: z.core.$RefinementCtx): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
};

const schema = z.object({
  SERVICE_NAME: text.default('payment-service'),
  PORT: port.default(3002),
  ENVIRONMENT: oneOf(['development', 'test', 'staging', 'production']).default('development'),
  ROLE: oneOf(['all', 'api', 'worker']).default('all'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  DATA_DIR: text.default('./data'),
  MONGODB_URI: connectionString(mongoDbMistake).optional(),
  MONGODB_DB: databaseName.default('payment_service'),
  EVENTSTORE_URL: connectionString(eventStoreDbMistake).optional(),
  EVENTSTORE_STREAM_PREFIX: streamPrefix.default(''),
  MIDTRANS_SERVER_KEY: midtransKey.optional(),
  MIDTRANS_SERVER_KEY_PREVIOUS: midtransKey.optional(),
  MIDTRANS_CLIENT_KEY: midtransKey.optional(),
  MIDTRANS_ENVIRONMENT: oneOf(['mock', 'sandbox', 'production']).optional(),
  MIDTRANS_MOCK_URL: baseUrl.optional(),
  MIDTRANS_NOTIFICATION_URL: httpUrl.optional(),
  DIRECT_REFUNDS: refundedDirectly.default(() => new Set<Provider>()),
  SIMULATOR_PORT: port.default(3003),
  SIMULATOR_HOST: host.optional(),
  JWT_SECRET: secret.optional(),
  WEBHOOK_SECRET: secret.optional(),
  ENCRYPTION_KEY: encryptionKeys.optional(),
  AUTH_SERVICE_URL: httpUrl.default('http://auth-service:3001'),
  NOTIFICATION_SERVICE_URL: httpUrl.default('http://notification-service:3004'),
  TRUSTED_GATEWAYS: gateways.default(() => new BlockList()),
  ALLOW_CUSTOMER_PAYMENTS: flag.optional(),
  ALLOW_EMBEDDED_STORES: flag.default(false),
  WEBHOOKS_ALLOW_PRIVATE: flag.default(false),
  RATE_LIMITS: oneOf(['on', 'off']).default('on'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  DURATIONS_FOR_TESTS: someDurations.optional(),
});

export type Read = z.infer<typeof schema>;
export type VariableName = keyof Read;

export interface ReadVariables {
  /** What cannot be read stands here as if it were not set. */
  readonly read: Read;
  /** No rule can say anything about these. */
  readonly unreadable: ReadonlySet<string>;
  readonly mistakes: readonly string[];
}

export const readVariables = (variables: Variables): ReadVariables => {
  const given = withoutEmpty(variables);
  const parsed = schema.safeParse(given);
  if (parsed.success) return { read: parsed.data, unreadable: new Set(), mistakes: [] };
  const { issues } = parsed.error;
  const unreadable = new Set(issues.map(({ path }) => String(path[0])));
  const readable = Object.fromEntries(Object.entries(given).filter(([name]) => !unreadable.has(name)));
  const mistakes = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { read: schema.parse(readable), unreadable, mistakes };
};

/** An empty variable counts as not set: Compose files write them so. */
export const withoutEmpty = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
