import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { durations } from '../../src/domain/payments/durations.js';
import { readConfig, readJwtSecret, UnusableConfiguration, type Variables } from '../../src/infrastructure/config.js';

const key = Buffer.alloc(32, 7).toString('base64');
const production: Variables = {
  ENVIRONMENT: 'production',
  DATA_DIR: ':memory:',
  MIDTRANS_ENVIRONMENT: 'production',
  MIDTRANS_SERVER_KEY: 'Mid-server-abc',
  MIDTRANS_CLIENT_KEY: 'Mid-client-abc',
  JWT_SECRET: 'j'.repeat(32),
  WEBHOOK_SECRET: 'w'.repeat(32),
  ENCRYPTION_KEY: key,
  ALLOW_EMBEDDED_STORES: 'true',
};
const development: Variables = { DATA_DIR: ':memory:' };

const mistakesIn = (variables: Variables): readonly string[] => {
  try {
    readConfig(variables);
    return [];
  } catch (error) {
    if (error instanceof UnusableConfiguration) return error.lines;
    throw error;
  }
};

describe('the configuration', () => {
  it('needs nothing in development: the simulator, its keys, and customers who may pay', () => {
    const config = readConfig(development);
    expect(config).toMatchObject({
      environment: 'development',
      port: 3002,
      role: 'all',
      allowCustomerPayments: true,
      durations,
      midtrans: {
        environment: 'mock',
        serverKey: 'SB-Mid-server-simulator',
        clientKey: 'SB-Mid-client-simulator',
        previousServerKey: null,
        mockUrl: 'http://127.0.0.1:3003',
        notificationUrl: null,
        directRefunds: new Set(),
      },
    });
    expect(config.encryptionKeys.map(({ length }) => length)).toEqual([32]);
  });

  it('looks for the simulator where it was told to listen', () =>
    expect(readConfig({ ...development, SIMULATOR_PORT: '4003' }).midtrans.mockUrl).toBe('http://127.0.0.1:4003'));

  it('talks to the sandbox once there is a server key', () =>
    expect(
      readConfig({ ...development, MIDTRANS_SERVER_KEY: 'SB-Mid-server-x', MIDTRANS_CLIENT_KEY: 'SB-Mid-client-x' })
        .midtrans.environment,
    ).toBe('sandbox'));

  it('refunds directly what it is told to, of what can be', () =>
    expect(readConfig({ ...development, DIRECT_REFUNDS: 'gopay, credit_card' }).midtrans.directRefunds).toEqual(
      new Set(['gopay', 'credit_card']),
    ));

  it('counts an empty variable as not set', () =>
    expect(mistakesIn({ ...development, PORT: '', JWT_SECRET: '', MIDTRANS_ENVIRONMENT: '' })).toEqual([]));

  it('is complete in production', () => {
    const config = readConfig(production);
    expect(config.allowCustomerPayments).toBe(false);
    expect(config.midtrans.environment).toBe('production');
  });

  it.each([
    ['JWT_SECRET', 'JWT_SECRET: must be set under ENVIRONMENT=production'],
    ['WEBHOOK_SECRET', 'WEBHOOK_SECRET: must be set under ENVIRONMENT=production'],
    ['ENCRYPTION_KEY', 'ENCRYPTION_KEY: must be set under ENVIRONMENT=production; make one with: openssl rand -base64 32'],
    ['MIDTRANS_SERVER_KEY', 'MIDTRANS_SERVER_KEY: must be set for MIDTRANS_ENVIRONMENT=production'],
    ['MIDTRANS_CLIENT_KEY', 'MIDTRANS_CLIENT_KEY: must be set for MIDTRANS_ENVIRONMENT=production'],
  ])('is refused in production without %s', (name, line) =>
    expect(mistakesIn({ ...production, [name]: undefined })).toEqual([line]),
  ); // prettier-ignore

  it.each([
    [{ MIDTRANS_ENVIRONMENT: 'mock' }, 'MIDTRANS_ENVIRONMENT: mock is not for production; use sandbox or production'],
    [{ JWT_SECRET: `changeme${'x'.repeat(40)}` }, 'JWT_SECRET: is a well-known default; choose a secret of your own'],
    [{ DURATIONS_FOR_TESTS: '{"answerWithinMs":100}' }, 'DURATIONS_FOR_TESTS: is for tests only'],
  ])('is refused in production with %j', (extra, line) =>
    expect(mistakesIn({ ...production, ...extra })).toEqual([line]),
  );

  it.each([
    [{ PORT: 'http' }, 'PORT: must be a port number'],
    [{ PORT: '70000' }, 'PORT: must be from 0 to 65535'],
    [{ ENVIRONMENT: 'prod' }, 'ENVIRONMENT: must be one of development, test, staging, production'],
    [{ ROLE: 'both' }, 'ROLE: must be one of all, api, worker'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET: must have at least 32 characters'],
    [{ ENCRYPTION_KEY: 'c2hvcnQ=' }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    [{ ENCRYPTION_KEY: `${key},c2hvcnQ=` }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    [{ TRUSTED_GATEWAYS: '10.0.0.0/8,gateway' }, 'TRUSTED_GATEWAYS: gateway is no address range such as 10.0.0.0/8'],
    [{ ALLOW_CUSTOMER_PAYMENTS: 'yes' }, 'ALLOW_CUSTOMER_PAYMENTS: must be true or false'],
    [{ MIDTRANS_NOTIFICATION_URL: 'ftp://x' }, 'MIDTRANS_NOTIFICATION_URL: must be an http or https URL'],
    [{ DIRECT_REFUNDS: 'gopay,dana,bca' }, 'DIRECT_REFUNDS: dana, bca cannot be refunded directly; credit_card, google_pay, gopay, qris, shopeepay, akulaku, kredivo can'],
    [{ MIDTRANS_SERVER_KEY: 'with space' }, 'MIDTRANS_SERVER_KEY: must not contain white space'],
    [
      { MIDTRANS_SERVER_KEY: 'Mid-client-a', MIDTRANS_CLIENT_KEY: 'Mid-client-b' },
      'MIDTRANS_SERVER_KEY: is a client key; take the server key from the Midtrans dashboard',
    ],
    [{ EVENTSTORE_URL: 'http://127.0.0.1:2113' }, 'EVENTSTORE_URL: must be a connection string such as esdb://localhost:2113?tls=false (something unexpected at position 0, expected esdb:// or esdb+discover://.)'],
    [{ EVENTSTORE_URL: 'esdb://admin:changeit@events:port' }, 'EVENTSTORE_URL: must be a connection string such as esdb://localhost:2113?tls=false (something unexpected at position 29, expected port number.)'],
    [{ EVENTSTORE_URL: 'esdb://events:2113?tls=maybe' }, 'EVENTSTORE_URL: must be a connection string such as esdb://localhost:2113?tls=false (something unexpected at position 23, expected true or false.)'],
    [{ MONGODB_URI: 'localhost:27017' }, 'MONGODB_URI: must be a connection string such as mongodb://localhost:27017 (Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://")'],
    [{ MONGODB_URI: 'mongodb://payments:letmein/@documents' }, 'MONGODB_URI: must be a connection string such as mongodb://localhost:27017 (Password contains unescaped characters)'],
    [{ MONGODB_URI: 'mongodb://documents/?retryWrites=maybe' }, 'MONGODB_URI: must be a connection string such as mongodb://localhost:27017 (retryWrites must be either "true" or "false")'],
    [{ MONGODB_URI: 'mongodb://payments:got@documents/?authMechanism=got' }, 'MONGODB_URI: must be a connection string such as mongodb://localhost:27017'],
    [{ ROLE: 'worker', EVENTSTORE_URL: 'esdb://events:2113' }, 'ROLE: worker needs EVENTSTORE_URL and MONGODB_URI, since only one process may use the embedded stores and must do everything'],
    [{ PORT: '3003' }, 'SIMULATOR_PORT: is the same as PORT'],
    [{ DURATIONS_FOR_TESTS: '{"answerWithin":1}' }, 'DURATIONS_FOR_TESTS: must be a JSON object of durations in ms (src/domain/payments/durations.ts)'],
  ])('refuses %j with one line', (extra, line) => expect(mistakesIn({ ...development, ...extra })).toEqual([line])); // prettier-ignore

  const servers = { EVENTSTORE_URL: 'esdb://events:2113', MONGODB_URI: 'mongodb://documents' };
  const eventStoreDb = { connectionString: 'esdb://events:2113', streamPrefix: '' };
  const mongoDb = { uri: 'mongodb://documents', database: 'payment_service' };

  it.each([
    ['neither', {}, null, null],
    ['the log', { EVENTSTORE_URL: servers.EVENTSTORE_URL }, eventStoreDb, null],
    ['its records', { MONGODB_URI: servers.MONGODB_URI }, null, mongoDb],
    ['both', servers, eventStoreDb, mongoDb],
  ])('keeps on servers what one is named for: %s', (_, variables, log, records) => {
    const config = readConfig({ ...development, ...variables });
    expect([config.eventStoreDb, config.mongoDb]).toEqual([log, records]);
  });

  it('may share its servers with other installations', () => {
    const config = readConfig({
      ...development,
      ...servers,
      EVENTSTORE_STREAM_PREFIX: 'shop-',
      MONGODB_DB: 'shop_payments',
    });
    expect([config.eventStoreDb?.streamPrefix, config.mongoDb?.database]).toEqual(['shop-', 'shop_payments']);
  });

  const needsLog =
    'EVENTSTORE_URL: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps the event log under DATA_DIR, for one process';
  const needsRecords =
    'MONGODB_URI: must be set in production; or ALLOW_EMBEDDED_STORES=true keeps read models and keys under DATA_DIR, for one process';

  it.each([
    ['nothing', {}, [needsLog, needsRecords]],
    ['the log', { EVENTSTORE_URL: servers.EVENTSTORE_URL }, [needsRecords]],
    ['its records', { MONGODB_URI: servers.MONGODB_URI }, [needsLog]],
    ['both', servers, []],
  ])('needs leave in production for what is embedded, with %s on a server', (_, variables, lines) => {
    const given = { ...production, ...variables };
    expect(mistakesIn({ ...given, ALLOW_EMBEDDED_STORES: undefined })).toEqual(lines);
    expect(mistakesIn(given)).toEqual([]);
  });

  it('names every mistake at once', () =>
    expect(mistakesIn({ ...development, PORT: 'x', ROLE: 'y', LOG_LEVEL: 'loud' })).toEqual([
      'PORT: must be a port number',
      'ROLE: must be one of all, api, worker',
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
    ]));

  it('takes several encryption keys, the first of which seals', () => {
    const second = Buffer.alloc(32, 9).toString('base64');
    const { encryptionKeys } = readConfig({ ...development, ENCRYPTION_KEY: `${key}, ${second}` });
    expect(encryptionKeys.map((bytes) => bytes.toString('base64'))).toEqual([key, second]);
  });

  it('shortens the waits of tests and leaves the others', () =>
    expect(readConfig({ ...development, DURATIONS_FOR_TESTS: '{"answerWithinMs":500}' }).durations).toEqual({
      ...durations,
      answerWithinMs: 500,
    }));
});

describe('secrets made for development', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are the same after a restart, and readable by nobody else', () => {
    const first = readConfig({ DATA_DIR: folder });
    expect(readConfig({ DATA_DIR: folder }).jwtSecret).toBe(first.jwtSecret);
    expect(statSync(join(folder, 'development.env')).mode & 0o077).toBe(0);
  });

  it('cannot be kept where a file stands in the way, and it says so', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(mistakesIn({ DATA_DIR: file }).join()).toMatch(/^DATA_DIR: .* cannot be used as a folder: /);
  });

  it('give way to those that are set', () => {
    const jwtSecret = 'mine'.repeat(8);
    expect(readConfig({ DATA_DIR: folder, JWT_SECRET: jwtSecret }).jwtSecret).toBe(jwtSecret);
    expect(readFileSync(join(folder, 'development.env'), 'utf8')).not.toContain('JWT_SECRET');
  });

  it('are found by the command line', () => {
    const { jwtSecret } = readConfig({ DATA_DIR: folder });
    expect(readJwtSecret({ DATA_DIR: folder })).toBe(jwtSecret);
    expect(() => readJwtSecret({ DATA_DIR: join(folder, 'elsewhere') })).toThrow(UnusableConfiguration);
  });

  it('are made neither in staging nor in production', () => {
    expect(mistakesIn({ DATA_DIR: folder, ENVIRONMENT: 'staging' })).toContain(
      'JWT_SECRET: must be set under ENVIRONMENT=staging',
    );
  });
});
