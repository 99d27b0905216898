import { isSameSecret, whyNoSecret } from './secrets.js';
import type { Read, ReadVariables, VariableName } from './variables.js';

/** What is wrong, as a line that begins with the variable to change. */
type Mistake = string | false | undefined;

/** A rule over several variables. */
interface Rule {
  /** All that it looks at: where one of them cannot be read, nothing is known. */
  readonly over: readonly VariableName[];
  readonly mistakeIn: (read: Read) => Mistake;
}

const rule = <const Name extends VariableName>(
  over: readonly Name[],
  mistakeIn: (read: Pick<Read, Name>) => Mistake,
): Rule => ({ over, mistakeIn });

export const mistakesTogether = ({ read, unreadable }: Pick<ReadVariables, 'read' | 'unreadable'>): readonly string[] =>
  rules
    .filter(({ over }) => !over.some((name) => unreadable.has(name)))
    .map(({ mistakeIn }) => mistakeIn(read))
    .filter((mistake) => typeof mistake === 'string');

type In<Name extends VariableName> = Pick<Read, Name>;

/** Somebody else's money or data may be there. */
export const isGuarded = ({ ENVIRONMENT }: In<'ENVIRONMENT'>): boolean =>
  ENVIRONMENT === 'staging' || ENVIRONMENT === 'production';
export const isProduction = ({ ENVIRONMENT }: In<'ENVIRONMENT'>): boolean => ENVIRONMENT === 'production';
const isSharable = ({ EVENTSTORE_URL, MONGODB_URI }: In<'EVENTSTORE_URL' | 'MONGODB_URI'>): boolean =>
  EVENTSTORE_URL !== undefined && MONGODB_URI !== undefined;

const midtransNames = ['ENVIRONMENT', 'MIDTRANS_ENVIRONMENT', 'MIDTRANS_SERVER_KEY'] as const;

/** Mock in development without a key, so that a fresh clone pays without an account (R9). */
export const midtransEnvironmentOf = (read: In<(typeof midtransNames)[number]>): 'mock' | 'sandbox' | 'production' => {
  if (read.MIDTRANS_ENVIRONMENT) return read.MIDTRANS_ENVIRONMENT;
  return !isGuarded(read) && !read.MIDTRANS_SERVER_KEY ? 'mock' : 'sandbox';
};

/** Whether the simulator that is used is the one that `npm start` brings. */
export const isOwnSimulator = ({ MIDTRANS_MOCK_URL, SIMULATOR_PORT }: In<'MIDTRANS_MOCK_URL' | 'SIMULATOR_PORT'>): boolean =>
  MIDTRANS_MOCK_URL === undefined ||
  ['127.0.0.1', 'localhost'].some((name) => MIDTRANS_MOCK_URL === `http://${name}:${SIMULATOR_PORT}`); // prettier-ignore

/** Published, so that they open nothing but the simulator. */
export const simulatorKeys = { server: 'SB-Mid-server-simulator', client: 'SB-Mid-client-simulator' } as const;

const secretNames = ['JWT_SECRET', 'WEBHOOK_SECRET', 'ENCRYPTION_KEY', 'MIDTRANS_SERVER_KEY', 'MIDTRANS_SERVER_KEY_PREVIOUS'] as const; // prettier-ignore
type SecretName = (typeof secretNames)[number];

const bytesOf = (value: string | readonly Buffer[] | undefined): readonly Buffer[] => {
  if (value === undefined) return [];
  return typeof value === 'string' ? [Buffer.from(value)] : value;
};

/** In production a secret is one that nobody else knows, and opens one thing. */
const worthless = (name: SecretName): Rule =>
  rule(['ENVIRONMENT', name], (read) => {
    const [reason] = bytesOf(read[name]).map(whyNoSecret).filter((found) => found !== undefined);
    return isProduction(read) && reason && `${name}: ${reason}`;
  }); // prettier-ignore

const reused = (name: SecretName, earlier: SecretName): Rule =>
  rule(['ENVIRONMENT', name, earlier], (read) => {
    const isReused = bytesOf(read[name]).some((one) => bytesOf(read[earlier]).some((other) => isSameSecret(one, other)));
    return isProduction(read) && isReused && `${name}: is the same as ${earlier}; choose a secret of its own`;
  }); // prettier-ignore

const secretRules: readonly Rule[] = secretNames.flatMap((name, index) => [
  worthless(name),
  // While a key is exchanged, both are for the same.
  ...(name === 'MIDTRANS_SERVER_KEY_PREVIOUS' ? [] : secretNames.slice(0, index).map((earlier) => reused(name, earlier))),
]); // prettier-ignore

const rules: readonly Rule[] = [
  rule(['ENVIRONMENT', 'JWT_SECRET'], (read) => isGuarded(read) && !read.JWT_SECRET && `JWT_SECRET: must be set under ENVIRONMENT=${read.ENVIRONMENT}`),
  rule(['ENVIRONMENT', 'WEBHOOK_SECRET'], (read) => isGuarded(read) && !read.WEBHOOK_SECRET && `WEBHOOK_SECRET: must be set under ENVIRONMENT=${read.ENVIRONMENT}`),
  rule(['ENVIRONMENT', 'ENCRYPTION_KEY'], (read) => isGuarded(read) && !read.ENCRYPTION_KEY && `ENCRYPTION_KEY: must be set under ENVIRONMENT=${read.ENVIRONMENT}; make one with: openssl rand -base64 32`),
  ...secretRules,
  rule(midtransNames, (read) => isProduction(read) && midtransEnvironmentOf(read) === 'mock' && 'MIDTRANS_ENVIRONMENT: mock is not for production; use sandbox or production'),
  rule(['ENVIRONMENT', 'EVENTSTORE_URL', 'ALLOW_EMBEDDED_STORES'], (read) => isProduction(read) && !read.EVENTSTORE_URL && !read.ALLOW_EMBEDDED_STORES && 'EVENTSTORE_URL: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps the event log under DATA_DIR, for one process'),
  rule(['ENVIRONMENT', 'MONGODB_URI', 'ALLOW_EMBEDDED_STORES'], (read) => isProduction(read) && !read.MONGODB_URI && !read.ALLOW_EMBEDDED_STORES && 'MONGODB_URI: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps read models and keys under DATA_DIR, for one process'),
  rule(['ENVIRONMENT', 'DURATIONS_FOR_TESTS'], (read) => isProduction(read) && read.DURATIONS_FOR_TESTS && 'DURATIONS_FOR_TESTS: is for tests only'),
  rule(['ENVIRONMENT', 'RATE_LIMITS'], (read) => isGuarded(read) && read.RATE_LIMITS === 'off' && 'RATE_LIMITS: off is for development and tests only'),
  rule(midtransNames, (read) => midtransEnvironmentOf(read) !== 'mock' && !read.MIDTRANS_SERVER_KEY && `MIDTRANS_SERVER_KEY: must be set for MIDTRANS_ENVIRONMENT=${midtransEnvironmentOf(read)}`),
  rule([...midtransNames, 'MIDTRANS_CLIENT_KEY'], (read) => midtransEnvironmentOf(read) !== 'mock' && !read.MIDTRANS_CLIENT_KEY && `MIDTRANS_CLIENT_KEY: must be set for MIDTRANS_ENVIRONMENT=${midtransEnvironmentOf(read)}`),
  rule(['MIDTRANS_SERVER_KEY', 'MIDTRANS_CLIENT_KEY'], (read) => read.MIDTRANS_SERVER_KEY !== undefined && read.MIDTRANS_SERVER_KEY === read.MIDTRANS_CLIENT_KEY && 'MIDTRANS_CLIENT_KEY: is the same as MIDTRANS_SERVER_KEY; take both from the Midtrans dashboard'),
  rule(['MIDTRANS_SERVER_KEY'], (read) => isClientKey(read.MIDTRANS_SERVER_KEY) && 'MIDTRANS_SERVER_KEY: is a client key; take the server key from the Midtrans dashboard'),
  rule(['MIDTRANS_SERVER_KEY_PREVIOUS'], (read) => isClientKey(read.MIDTRANS_SERVER_KEY_PREVIOUS) && 'MIDTRANS_SERVER_KEY_PREVIOUS: is a client key; signatures are made with server keys'),
  // Every holder of a token is told it.
  rule(['MIDTRANS_CLIENT_KEY'], (read) => isServerKey(read.MIDTRANS_CLIENT_KEY) && 'MIDTRANS_CLIENT_KEY: is a server key, which is a secret; take the client key from the Midtrans dashboard'),
  rule(['ENVIRONMENT', 'MIDTRANS_CLIENT_KEY'], (read) => isProduction(read) && read.MIDTRANS_CLIENT_KEY === simulatorKeys.client && "MIDTRANS_CLIENT_KEY: is the simulator's; take the client key from the Midtrans dashboard"),
  rule(['ENVIRONMENT', 'ROLE', 'EVENTSTORE_URL', 'MONGODB_URI'], (read) => read.ROLE !== 'all' && !isSharable(read) && read.ENVIRONMENT !== 'test' && `ROLE: ${read.ROLE} needs EVENTSTORE_URL and MONGODB_URI, since only one process may use the embedded stores and must do everything`),
  rule(['ENVIRONMENT', 'PORT'], (read) => read.PORT === 0 && read.ENVIRONMENT !== 'test' && 'PORT: must be from 1 to 65535'),
  rule(['ENVIRONMENT', 'SIMULATOR_PORT'], (read) => read.SIMULATOR_PORT === 0 && read.ENVIRONMENT !== 'test' && 'SIMULATOR_PORT: must be from 1 to 65535'),
  rule([...midtransNames, 'MIDTRANS_MOCK_URL', 'PORT', 'SIMULATOR_PORT'], (read) => midtransEnvironmentOf(read) === 'mock' && isOwnSimulator(read) && read.PORT !== 0 && read.PORT === read.SIMULATOR_PORT && 'SIMULATOR_PORT: is the same as PORT'),
]; // prettier-ignore

const isClientKey = (key: string | undefined): boolean => key !== undefined && /-client-/i.test(key);
const isServerKey = (key: string | undefined): boolean => key !== undefined && /-server-/i.test(key);
