import type { BlockList } from 'node:net';
import { resolve } from 'node:path';
import type { Provider } from '../domain/methods/providers.js';
import { durations, type Durations } from '../domain/payments/durations.js';
import {
  isGuarded,
  isOwnSimulator,
  isProduction,
  midtransEnvironmentOf,
  mistakesTogether,
  simulatorKeys,
} from './configuration-rules.js';
import { developmentFile, developmentSecrets, keptSecrets } from './development-secrets.js';
import { readVariables, UnusableConfiguration, withoutEmpty, type Read, type Variables } from './variables.js';

/** Everything that the environment decides (R9), read once at start; the only reader of `process.env`. */
export type Config = Settings & Secrets;

export interface Settings {
  readonly serviceName: string;
  readonly environment: 'development' | 'test' | 'staging' | 'production';
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
    /** Where the simulator that is used listens; no slash at the end. */
    readonly mockUrl: string;
    /** It is the one that `npm start` brings. */
    readonly ownSimulator: boolean;
    readonly notificationUrl: string | null;
    /** Methods that are refunded directly (midtrans-facts 5.6). */
    readonly directRefunds: ReadonlySet<Provider>;
  };
  readonly trustedGateways: BlockList;
  readonly allowCustomerPayments: boolean;
  readonly durations: Durations;
}

export interface Secrets {
  readonly jwtSecret: string;
  readonly webhookSecret: string;
  /** 32 bytes each; the first seals. */
  readonly encryptionKeys: readonly Buffer[];
}

/** What is missing in development is made. @throws UnusableConfiguration with one line for each mistake */
export const readConfig = (variables: Variables): Config => {
  const settings = readSettings(variables);
  return { ...settings, ...secretsOf(withoutEmpty(variables), settings) };
};

/** All but the secrets; makes nothing, so that it is for looking too. @throws UnusableConfiguration with one line for each mistake */
export const readSettings = (variables: Variables): Settings => {
  const { read, unreadable, mistakes } = readVariables(variables);
  refuse([...mistakes, ...mistakesTogether({ read, unreadable })]);
  return settingsOf(read);
};

const refuse = (mistakes: readonly string[]): void => {
  if (mistakes.length > 0) throw new UnusableConfiguration(mistakes);
};

const settingsOf = (read: Read): Settings => ({
  serviceName: read.SERVICE_NAME,
  environment: read.ENVIRONMENT,
  port: read.PORT,
  role: read.ROLE,
  logLevel: read.LOG_LEVEL,
  dataDir: dataDirOf(read),
  eventStoreDb: read.EVENTSTORE_URL
    ? { connectionString: read.EVENTSTORE_URL, streamPrefix: read.EVENTSTORE_STREAM_PREFIX }
    : null,
  mongoDb: read.MONGODB_URI ? { uri: read.MONGODB_URI, database: read.MONGODB_DB } : null,
  midtrans: {
    environment: midtransEnvironmentOf(read),
    serverKey: read.MIDTRANS_SERVER_KEY ?? simulatorKeys.server,
    previousServerKey: read.MIDTRANS_SERVER_KEY_PREVIOUS ?? null,
    clientKey: read.MIDTRANS_CLIENT_KEY ?? simulatorKeys.client,
    mockUrl: read.MIDTRANS_MOCK_URL ?? `http://127.0.0.1:${read.SIMULATOR_PORT}`,
    ownSimulator: isOwnSimulator(read),
    notificationUrl: read.MIDTRANS_NOTIFICATION_URL ?? null,
    directRefunds: read.DIRECT_REFUNDS,
  },
  trustedGateways: read.TRUSTED_GATEWAYS,
  allowCustomerPayments: read.ALLOW_CUSTOMER_PAYMENTS ?? !isProduction(read),
  durations: { ...durations, ...read.DURATIONS_FOR_TESTS },
});

/** Nothing is kept: for tests. */
export const inMemory = ':memory:';

const dataDirOf = ({ DATA_DIR }: Pick<Read, 'DATA_DIR'>): string =>
  DATA_DIR === inMemory ? inMemory : resolve(DATA_DIR);

const secretsOf = (variables: Variables, { environment, dataDir }: Settings): Secrets => {
  const isMade = !isGuarded({ ENVIRONMENT: environment });
  const made = isMade ? developmentSecrets(variables, dataDir === inMemory ? null : dataDir) : {};
  const { JWT_SECRET, WEBHOOK_SECRET, ENCRYPTION_KEY } = { ...made, ...variables };
  const { read, mistakes } = readVariables({ JWT_SECRET, WEBHOOK_SECRET, ENCRYPTION_KEY });
  // By the rules of those that are given: a person may have written into the file.
  refuse(mistakes.map((line) => `${line} (in ${developmentFile(dataDir)})`));
  return {
    jwtSecret: given('JWT_SECRET', read.JWT_SECRET),
    webhookSecret: given('WEBHOOK_SECRET', read.WEBHOOK_SECRET),
    encryptionKeys: given('ENCRYPTION_KEY', read.ENCRYPTION_KEY),
  };
};

/** As they may turn up in a text; the simulator's key is published. */
export const secretsIn = ({ midtrans, jwtSecret, webhookSecret, encryptionKeys }: Config): readonly string[] => {
  const serverKeys = [midtrans.serverKey, midtrans.previousServerKey ?? ''];
  const ofMidtrans = serverKeys.filter((key) => key !== '' && key !== simulatorKeys.server);
  return [jwtSecret, webhookSecret, ...encryptionKeys.map((key) => key.toString('base64')), ...ofMidtrans];
};

const given = <T>(name: string, value: T | undefined): T => {
  if (value === undefined) throw new UnusableConfiguration([`${name}: must be set`]);
  return value;
};

/**
 * JWT_SECRET alone, from the environment or from what was made for development (`npm run payments -- token` needs no more), and
 * only where the service would take it.
 * @throws UnusableConfiguration
 */
export const readJwtSecret = (variables: Variables): string => {
  const { ENVIRONMENT, JWT_SECRET, DATA_DIR } = withoutEmpty(variables);
  const place = readVariables({ ENVIRONMENT, DATA_DIR });
  const folder = dataDirOf(place.read);
  const secret = JWT_SECRET ?? (isGuarded(place.read) ? undefined : keptSecrets(folder)['JWT_SECRET']);
  const { read, unreadable, mistakes } = readVariables({ ENVIRONMENT, DATA_DIR, JWT_SECRET: secret });
  const together = mistakesTogether({ read, unreadable }).filter((line) => line.startsWith('JWT_SECRET: '));
  refuse([...mistakes, ...together]);
  if (read.JWT_SECRET !== undefined) return read.JWT_SECRET;
  throw new UnusableConfiguration([
    `JWT_SECRET: must be set; npm start makes one for development in ${developmentFile(folder)}`,
  ]);
};
