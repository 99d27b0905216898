import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { connectionStringMistake as eventStoreDbMistake } from '../adapters/eventstoredb/connection-string.js';
import { connectionStringMistake as mongoDbMistake } from '../adapters/mongodb/connection-string.js';
import { providers, rulesOf, type Provider } from '../domain/methods/providers.js';
import { durations, type Durations } from '../domain/payments/durations.js';

/** Everything that the environment decides (R9), read once at start; the only reader of `process.env`. */
export interface Config {
  readonly serviceName: string;
  readonly environment: Environment;
  readonly port: number;
  readonly role: 'all' | 'api' | 'worker';
  readonly logLevel: string;
  /** Of the stores that are embedded. */
  readonly dataDir: string;
  /** The event log in EventStoreDB; null: embedded. */
  readonly eventStoreDb: { readonly connectionString: string; readonly streamPrefix: string } | null;
  /** Everything but the log in MongoDB; null: embedded. */
  readonly mongoDb: { readonly uri: string; readonly database: string } | null;
  readonly midtrans: {
    readonly environment: 'mock' | 'sandbox' | 'production';
    readonly serverKey: string;
    readonly previousServerKey: string | null;
    readonly clientKey: string;
    /** Where a simulator started beside this service listens. */
    readonly simulatorUrl: string;
    /** Where the simulator that is used listens. */
    readonly mockUrl: string;
    readonly notificationUrl: string | null;
    /** Methods that are refunded directly (midtrans-facts 5.6). */
    readonly directRefunds: ReadonlySet<Provider>;
  };
  readonly jwtSecret: string;
  readonly webhookSecret: string;
  /** 32 bytes each; the first seals. */
  readonly encryptionKeys: readonly Buffer[];
  readonly trustedGateways: BlockList;
  readonly allowCustomerPayments: boolean;
  readonly durations: Durations;
}

type Environment = 'development' | 'test' | 'staging' | 'production';
export type Variables = Readonly<Record<string, string | undefined>>;

/** One line for each mistake. */
export class UnusableConfiguration extends Error {
  override readonly name = 'UnusableConfiguration';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

const port = z.coerce.number('must be a port number').int('must be a port number').min(0, 'must be from 0 to 65535').max(65_535, 'must be from 0 to 65535'); // prettier-ignore
const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const secret = z.string().min(32, 'must have at least 32 characters');
const midtransKey = z.string().regex(/^\S+$/, 'must not contain white space');
const connectionString = (mistakeIn: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const mistake = mistakeIn(text);
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
  });
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

const encryptionKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (keys.some(({ length }) => length !== 32))
    context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64, several separated by commas' });
  return keys;
});

const gateways = z.string().transform((text, context) => {
  const list = new BlockList();
  for (const range of listed(text)) addRange(list, range, context);
  return list;
}); // prettier-ignore

const addRange = (list: BlockList, range: string, context: z.core.$RefinementCtx): void => {
  const [address = '', bits] = range.split('/');
  const version = isIP(address);
  const prefix = Number(bits ?? (version === 4 ? 32 : 128));
  const valid = version !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= (version === 4 ? 32 : 128);
  if (valid) list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  else context.addIssue({ code: 'custom', message: `${range} is no address range such as 10.0.0.0/8` });
};

const listed = (text: string): readonly string[] =>
  text.split(',').map((part) => part.trim()).filter(Boolean); // prettier-ignore

const refundedDirectly = z.string().transform((text, context): ReadonlySet<Provider> => {
  const possible = providers.filter((provider) => rulesOf(provider).refund.direct);
  const asked = new Set(listed(text));
  const impossible = [...asked].filter((name) => possible.every((provider) => provider !== name));
  if (impossible.length > 0)
    context.addIssue({ code: 'custom', message: `${impossible.join(', ')} cannot be refunded directly; ${possible.join(', ')} can` }); // prettier-ignore
  return new Set(possible.filter((provider) => asked.has(provider)));
});

const someDurations = z.string().transform((text, context): Partial<Durations> => {
  const schema = z.strictObject(
    Object.fromEntries(
      Object.entries(durations).map(([name, value]) => [
        name,
        Array.isArray(value) ? z.array(z.number()).optional() : z.number().positive().optional(),
      ]),
    ),
  );
  const read = z.string().transform(parseJson).pipe(schema).safeParse(text);
  if (read.success) return read.data;
  context.addIssue({
    code: 'custom',
    message: 'must be a JSON object of durations in ms (src/domain/payments/durations.ts)',
  });
  return z.NEVER;
});

const parseJson = (text: string, context: z.core.$RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
};

const schema = z.object({
  SERVICE_NAME: z.string().default('payment-service'),
  PORT: port.default(3002),
  ENVIRONMENT: oneOf(['development', 'test', 'staging', 'production']).default('development'),
  ROLE: oneOf(['all', 'api', 'worker']).default('all'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  DATA_DIR: z.string().default('./data'),
  MONGODB_URI: connectionString(mongoDbMistake).optional(),
  MONGODB_DB: z.string().default('payment_service'),
  EVENTSTORE_URL: connectionString(eventStoreDbMistake).optional(),
  EVENTSTORE_STREAM_PREFIX: z.string().default(''),
  MIDTRANS_SERVER_KEY: midtransKey.optional(),
  MIDTRANS_SERVER_KEY_PREVIOUS: midtransKey.optional(),
  MIDTRANS_CLIENT_KEY: midtransKey.optional(),
  MIDTRANS_ENVIRONMENT: oneOf(['mock', 'sandbox', 'production']).optional(),
  MIDTRANS_MOCK_URL: httpUrl.optional(),
  MIDTRANS_NOTIFICATION_URL: httpUrl.optional(),
  DIRECT_REFUNDS: refundedDirectly.default(() => new Set<Provider>()),
  SIMULATOR_PORT: port.default(3003),
  SIMULATOR_HOST: z.string().optional(),
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

type Read = z.infer<typeof schema>;

/** A rule over several variables: what is wrong, or nothing. */
type Rule = (read: Read, midtrans: Config['midtrans']['environment']) => string | false | undefined;

const looksDefault = (text: string | undefined): boolean =>
  text !== undefined && /change.?me|default|example|secret.?key|development/i.test(text);
const isGuarded = ({ ENVIRONMENT }: Read): boolean => ENVIRONMENT === 'staging' || ENVIRONMENT === 'production';
const isSharable = ({ EVENTSTORE_URL, MONGODB_URI }: Read): boolean =>
  EVENTSTORE_URL !== undefined && MONGODB_URI !== undefined;
const isProduction = ({ ENVIRONMENT }: Read): boolean => ENVIRONMENT === 'production';

const rules: readonly Rule[] = [
  (read) => isGuarded(read) && !read.JWT_SECRET && `JWT_SECRET: must be set under ENVIRONMENT=${read.ENVIRONMENT}`,
  (read) => isGuarded(read) && !read.WEBHOOK_SECRET && `WEBHOOK_SECRET: must be set under ENVIRONMENT=${read.ENVIRONMENT}`,
  (read) => isGuarded(read) && !read.ENCRYPTION_KEY && `ENCRYPTION_KEY: must be set under ENVIRONMENT=${read.ENVIRONMENT}; make one with: openssl rand -base64 32`,
  (read) => isProduction(read) && looksDefault(read.JWT_SECRET) && 'JWT_SECRET: is a well-known default; choose a secret of your own',
  (read) => isProduction(read) && looksDefault(read.WEBHOOK_SECRET) && 'WEBHOOK_SECRET: is a well-known default; choose a secret of your own',
  (read, midtrans) => isProduction(read) && midtrans === 'mock' && 'MIDTRANS_ENVIRONMENT: mock is not for production; use sandbox or production',
  (read) => isProduction(read) && !read.EVENTSTORE_URL && !read.ALLOW_EMBEDDED_STORES && 'EVENTSTORE_URL: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps the event log under DATA_DIR, for one process',
  (read) => isProduction(read) && !read.MONGODB_URI && !read.ALLOW_EMBEDDED_STORES && 'MONGODB_URI: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps read models and keys under DATA_DIR, for one process',
  (read) => isProduction(read) && read.DURATIONS_FOR_TESTS && 'DURATIONS_FOR_TESTS: is for tests only',
  (read, midtrans) => midtrans !== 'mock' && !read.MIDTRANS_SERVER_KEY && `MIDTRANS_SERVER_KEY: must be set for MIDTRANS_ENVIRONMENT=${midtrans}`,
  (read, midtrans) => midtrans !== 'mock' && !read.MIDTRANS_CLIENT_KEY && `MIDTRANS_CLIENT_KEY: must be set for MIDTRANS_ENVIRONMENT=${midtrans}`,
  (read) => read.MIDTRANS_SERVER_KEY !== undefined && read.MIDTRANS_SERVER_KEY === read.MIDTRANS_CLIENT_KEY && 'MIDTRANS_CLIENT_KEY: is the same as MIDTRANS_SERVER_KEY; take both from the Midtrans dashboard',
  (read) => read.MIDTRANS_SERVER_KEY?.includes('-client-') && 'MIDTRANS_SERVER_KEY: is a client key; take the server key from the Midtrans dashboard',
  (read) => read.ROLE !== 'all' && !isSharable(read) && read.ENVIRONMENT !== 'test' && `ROLE: ${read.ROLE} needs EVENTSTORE_URL and MONGODB_URI, since only one process may use the embedded stores and must do everything`,
  (read) => read.PORT !== 0 && read.PORT === read.SIMULATOR_PORT && 'SIMULATOR_PORT: is the same as PORT',
]; // prettier-ignore

/** Mock in development without a key, so that a fresh clone pays without an account (R9). */
const midtransEnvironmentOf = (read: Read): Config['midtrans']['environment'] => {
  if (read.MIDTRANS_ENVIRONMENT) return read.MIDTRANS_ENVIRONMENT;
  return !isGuarded(read) && !read.MIDTRANS_SERVER_KEY ? 'mock' : 'sandbox';
};

/** @throws UnusableConfiguration with one line for each mistake */
export const readConfig = (variables: Variables): Config => {
  const parsed = schema.safeParse(withoutEmpty(variables));
  if (!parsed.success)
    throw new UnusableConfiguration(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const read = parsed.data;
  const midtrans = midtransEnvironmentOf(read);
  const mistakes = rules.map((rule) => rule(read, midtrans)).filter((found) => typeof found === 'string');
  if (mistakes.length > 0) throw new UnusableConfiguration(mistakes);
  return configOf(read, midtrans);
};

/** An empty variable counts as not set: Compose files write them so. */
const withoutEmpty = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));

const configOf = (read: Read, midtrans: Config['midtrans']['environment']): Config => {
  const dataDir = read.DATA_DIR === inMemory ? inMemory : resolve(read.DATA_DIR);
  const secrets = isGuarded(read) ? {} : developmentSecrets(dataDir, read);
  return {
    serviceName: read.SERVICE_NAME,
    environment: read.ENVIRONMENT,
    port: read.PORT,
    role: read.ROLE,
    logLevel: read.LOG_LEVEL,
    dataDir,
    eventStoreDb: read.EVENTSTORE_URL
      ? { connectionString: read.EVENTSTORE_URL, streamPrefix: read.EVENTSTORE_STREAM_PREFIX }
      : null,
    mongoDb: read.MONGODB_URI ? { uri: read.MONGODB_URI, database: read.MONGODB_DB } : null,
    midtrans: {
      environment: midtrans,
      serverKey: read.MIDTRANS_SERVER_KEY ?? 'SB-Mid-server-simulator',
      previousServerKey: read.MIDTRANS_SERVER_KEY_PREVIOUS ?? null,
      clientKey: read.MIDTRANS_CLIENT_KEY ?? 'SB-Mid-client-simulator',
      simulatorUrl: simulatorUrl(read),
      mockUrl: read.MIDTRANS_MOCK_URL ?? simulatorUrl(read),
      notificationUrl: read.MIDTRANS_NOTIFICATION_URL ?? null,
      directRefunds: read.DIRECT_REFUNDS,
    },
    jwtSecret: given('JWT_SECRET', read.JWT_SECRET ?? secrets['JWT_SECRET']),
    webhookSecret: given('WEBHOOK_SECRET', read.WEBHOOK_SECRET ?? secrets['WEBHOOK_SECRET']),
    encryptionKeys: read.ENCRYPTION_KEY ?? [Buffer.from(given('ENCRYPTION_KEY', secrets['ENCRYPTION_KEY']), 'base64')],
    trustedGateways: read.TRUSTED_GATEWAYS,
    allowCustomerPayments: read.ALLOW_CUSTOMER_PAYMENTS ?? !isProduction(read),
    durations: { ...durations, ...read.DURATIONS_FOR_TESTS },
  };
};

const simulatorUrl = ({ SIMULATOR_PORT }: { readonly SIMULATOR_PORT: number }): string =>
  `http://127.0.0.1:${SIMULATOR_PORT}`;

const given = (name: string, value: string | undefined): string => {
  if (value === undefined) throw new UnusableConfiguration([`${name}: must be set`]);
  return value;
};

/**
 * JWT_SECRET alone, from the environment or from what was made for development (`npm run payments -- token` needs no more).
 * @throws UnusableConfiguration
 */
export const readJwtSecret = (variables: Variables): string => {
  const { JWT_SECRET, DATA_DIR = './data' } = withoutEmpty(variables);
  const file = join(resolve(DATA_DIR), developmentFile);
  const found = JWT_SECRET ?? (existsSync(file) ? linesOf(readFileSync(file, 'utf8'))['JWT_SECRET'] : undefined);
  if (found === undefined)
    throw new UnusableConfiguration([`JWT_SECRET: must be set; npm start makes one for development in ${file}`]);
  return found;
};

/** Nothing is kept: for tests. */
export const inMemory = ':memory:';

const developmentFile = 'development.env';
const madeSecrets = { JWT_SECRET: 'hex', WEBHOOK_SECRET: 'hex', ENCRYPTION_KEY: 'base64' } as const;

/** Made once and kept, so that tokens and sealed data survive a restart; the CLI finds them too (api.md 1). */
const developmentSecrets = (dataDir: string, read: Read): Variables => {
  const file = join(dataDir, developmentFile);
  const kept = existsSync(file) ? linesOf(readFileSync(file, 'utf8')) : {};
  const missing = Object.entries(madeSecrets).filter(
    ([name]) => !kept[name] && !read[name as keyof typeof madeSecrets],
  );
  if (missing.length === 0) return kept;
  const made = Object.fromEntries(missing.map(([name, encoding]) => [name, randomBytes(32).toString(encoding)]));
  const all = { ...kept, ...made };
  if (dataDir === inMemory) return all;
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
  keepSecrets(dataDir, file, `# Made for development; never use these in production.\n${lines.join('')}`);
  return all;
};

const keepSecrets = (dataDir: string, file: string, text: string): void => {
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnusableConfiguration([`DATA_DIR: ${dataDir} cannot be used as a folder: ${why}`]);
  }
};

const linesOf = (text: string): Record<string, string | undefined> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
