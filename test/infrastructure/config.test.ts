import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { durations } from '../../src/domain/payments/durations.js';
import { readConfig, readJwtSecret, readSettings, secretsIn } from '../../src/infrastructure/config.js';
import { UnusableConfiguration, type Variables } from '../../src/infrastructure/variables.js';

const key = Buffer.alloc(32, 7).toString('base64');
const production: Variables = {
  ENVIRONMENT: 'production',
  DATA_DIR: ':memory:',
  MIDTRANS_ENVIRONMENT: 'production',
  MIDTRANS_SERVER_KEY: 'Mid-server-Zk3tP0vQx8RrW5yLbN2sHd7c',
  MIDTRANS_CLIENT_KEY: 'Mid-client-u4Gm9TfKq1XwEo6j',
  JWT_SECRET: '9f1c5be07a24d38660e1b7c94f2a8d53',
  WEBHOOK_SECRET: 'c07d2e91b45f68a3f3d0917be82c6a45',
  ENCRYPTION_KEY: 'Vb1x0mQ4yT8kJ7nR2sWzE5cU9aLgPh3dFqOiYtXv6BM=',
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
    [{ RATE_LIMITS: 'off' }, 'RATE_LIMITS: off is for development and tests only'],
    [{ MIDTRANS_SERVER_KEY: 'SB-Mid-server-simulator' }, 'MIDTRANS_SERVER_KEY: is a well-known default; choose a secret of your own'],
    [{ MIDTRANS_SERVER_KEY_PREVIOUS: 'SB-Mid-server-simulator' }, 'MIDTRANS_SERVER_KEY_PREVIOUS: is a well-known default; choose a secret of your own'],
    [{ MIDTRANS_CLIENT_KEY: 'SB-Mid-client-simulator' }, "MIDTRANS_CLIENT_KEY: is the simulator's; take the client key from the Midtrans dashboard"],
  ])('is refused in production with %j', (extra, line) =>
    expect(mistakesIn({ ...production, ...extra })).toEqual([line]),
  ); // prettier-ignore

  const tooFew = 'has too few different characters to be a secret; choose a random one';

  it.each([
    ['JWT_SECRET', 'j'.repeat(64)],
    ['JWT_SECRET', ' '.repeat(32)],
    ['JWT_SECRET', 'aZ9~Za9~a~Z9Z~aa99~Z~9aZ9aZ~99aa'],
    ['JWT_SECRET', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['WEBHOOK_SECRET', 'letmein'.repeat(5)],
    ['ENCRYPTION_KEY', Buffer.alloc(32).toString('base64')],
    ['ENCRYPTION_KEY', Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')],
    ['ENCRYPTION_KEY', `${production['ENCRYPTION_KEY']},${key}`],
    ['MIDTRANS_SERVER_KEY', `Mid-server-${'a'.repeat(24)}`],
    ['MIDTRANS_SERVER_KEY_PREVIOUS', `Mid-server-${'a'.repeat(24)}`],
  ])('takes no pattern for a secret in production: %s %j', (name, value) => {
    expect(mistakesIn({ ...production, [name]: value })).toEqual([`${name}: ${tooFew}`]);
    expect(mistakesIn({ ...development, MIDTRANS_ENVIRONMENT: 'mock', [name]: value })).toEqual([]);
  });

  it.each([
    [{ WEBHOOK_SECRET: production['JWT_SECRET'] }, 'WEBHOOK_SECRET: is the same as JWT_SECRET; choose a secret of its own'],
    [{ JWT_SECRET: production['ENCRYPTION_KEY'] }, 'ENCRYPTION_KEY: is the same as JWT_SECRET; choose a secret of its own'],
    [{ WEBHOOK_SECRET: Buffer.from(String(production['ENCRYPTION_KEY']), 'base64').toString('hex') }, 'ENCRYPTION_KEY: is the same as WEBHOOK_SECRET; choose a secret of its own'],
    [{ ENCRYPTION_KEY: Buffer.from(String(production['JWT_SECRET'])).toString('base64') }, 'ENCRYPTION_KEY: is the same as JWT_SECRET; choose a secret of its own'],
    [{ JWT_SECRET: production['MIDTRANS_SERVER_KEY'] }, 'MIDTRANS_SERVER_KEY: is the same as JWT_SECRET; choose a secret of its own'],
  ])('has a secret for each purpose in production, and refuses %j', (extra, line) =>
    expect(mistakesIn({ ...production, ...extra })).toEqual([line]),
  ); // prettier-ignore

  it('takes the same key as the previous one: nothing was exchanged', () =>
    expect(mistakesIn({ ...production, MIDTRANS_SERVER_KEY_PREVIOUS: production['MIDTRANS_SERVER_KEY'] })).toEqual([]));

  it('has what development may have: limits off, and the published keys of the simulator', () =>
    expect(
      mistakesIn({ ...development, RATE_LIMITS: 'off', MIDTRANS_ENVIRONMENT: 'mock', MIDTRANS_SERVER_KEY: 'SB-Mid-server-simulator' }),
    ).toEqual([])); // prettier-ignore

  it.each([
    [{ PORT: 'http' }, 'PORT: must be a port number'],
    [{ PORT: '70000' }, 'PORT: must be from 1 to 65535'],
    [{ PORT: '0' }, 'PORT: must be from 1 to 65535'],
    [{ SIMULATOR_PORT: '0' }, 'SIMULATOR_PORT: must be from 1 to 65535'],
    [{ PORT: ' ' }, 'PORT: must be a port number'],
    [{ PORT: '0x1010' }, 'PORT: must be a port number'],
    [{ PORT: '4e3' }, 'PORT: must be a port number'],
    [{ PORT: '3002.0' }, 'PORT: must be a port number'],
    [{ DATA_DIR: ' ' }, 'DATA_DIR: must not be blank'],
    [{ SIMULATOR_HOST: 'two words' }, 'SIMULATOR_HOST: must be an address or a host name'],
    [{ MONGODB_DB: 'a/b c$' }, 'MONGODB_DB: must be a name of letters, digits, - and _, 63 at most'],
    [{ MONGODB_DB: 'admin' }, 'MONGODB_DB: must be a name of letters, digits, - and _, 63 at most'],
    [{ EVENTSTORE_STREAM_PREFIX: '$x y' }, 'EVENTSTORE_STREAM_PREFIX: must be 100 ASCII characters at most, without white space and not beginning with $'],
    [{ EVENTSTORE_STREAM_PREFIX: '$shop' }, 'EVENTSTORE_STREAM_PREFIX: must be 100 ASCII characters at most, without white space and not beginning with $'],
    [{ EVENTSTORE_STREAM_PREFIX: 'a shop' }, 'EVENTSTORE_STREAM_PREFIX: must be 100 ASCII characters at most, without white space and not beginning with $'],
    [{ MIDTRANS_MOCK_URL: 'http://127.0.0.1:3003/?x=1' }, 'MIDTRANS_MOCK_URL: must be a URL without query'],
    [{ ENVIRONMENT: 'prod' }, 'ENVIRONMENT: must be one of development, test, staging, production'],
    [{ ROLE: 'both' }, 'ROLE: must be one of all, api, worker'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET: must have at least 32 characters'],
    [{ ENCRYPTION_KEY: 'c2hvcnQ=' }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    [{ ENCRYPTION_KEY: `${key},c2hvcnQ=` }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    [{ ENCRYPTION_KEY: `!!!!${key}` }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    [{ ENCRYPTION_KEY: `${key},` }, 'ENCRYPTION_KEY: must be 32 bytes in base64, several separated by commas'],
    ...['gateway', '10.0.0.5/', '10.0.0.0/8/9', '10.0.0.0/0x8', '10.0.0.0/08', '10.0.0.0/ 8', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0/8', '/8', '::1/', '::1/129', 'fe80::1%eth0'].map(
      (range) => [{ TRUSTED_GATEWAYS: `10.0.0.0/8,${range}` }, `TRUSTED_GATEWAYS: ${range} is no address range such as 10.0.0.0/8`] as const,
    ),
    [{ ALLOW_CUSTOMER_PAYMENTS: 'yes' }, 'ALLOW_CUSTOMER_PAYMENTS: must be true or false'],
    [{ MIDTRANS_NOTIFICATION_URL: 'ftp://x' }, 'MIDTRANS_NOTIFICATION_URL: must be an http or https URL'],
    [{ DIRECT_REFUNDS: 'gopay,dana,bca' }, 'DIRECT_REFUNDS: dana, bca cannot be refunded directly; credit_card, google_pay, gopay, qris, shopeepay, akulaku, kredivo can'],
    [{ MIDTRANS_SERVER_KEY: 'with space' }, 'MIDTRANS_SERVER_KEY: must not contain white space'],
    [
      { MIDTRANS_SERVER_KEY: 'Mid-client-a', MIDTRANS_CLIENT_KEY: 'Mid-client-b' },
      'MIDTRANS_SERVER_KEY: is a client key; take the server key from the Midtrans dashboard',
    ],
    [{ MIDTRANS_SERVER_KEY_PREVIOUS: 'Mid-client-a' }, 'MIDTRANS_SERVER_KEY_PREVIOUS: is a client key; signatures are made with server keys'],
    [{ MIDTRANS_SERVER_KEY: 'Mid-server-a', MIDTRANS_CLIENT_KEY: 'Mid-server-b' }, 'MIDTRANS_CLIENT_KEY: is a server key, which is a secret; take the client key from the Midtrans dashboard'],
    [{ MIDTRANS_CLIENT_KEY: 'SB-Mid-server-b' }, 'MIDTRANS_CLIENT_KEY: is a server key, which is a secret; take the client key from the Midtrans dashboard'],
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

  it('names what is missing beside what is wrong, and says nothing of what it cannot know', () => {
    const secrets = ['JWT_SECRET', 'WEBHOOK_SECRET', 'ENCRYPTION_KEY'];
    const bare = { ENVIRONMENT: 'production', PORT: 'x', ALLOW_EMBEDDED_STORES: 'yes', MIDTRANS_ENVIRONMENT: 'live' };
    expect(mistakesIn({ ...development, ...bare }).map((line) => line.split(': ')[0])).toEqual([
      'PORT',
      'MIDTRANS_ENVIRONMENT',
      'ALLOW_EMBEDDED_STORES',
      ...secrets,
    ]);
    expect(mistakesIn({ ...development, ROLE: 'worker', EVENTSTORE_URL: 'http://x', MONGODB_URI: 'x' })).toEqual([
      expect.stringMatching(/^MONGODB_URI: /),
      expect.stringMatching(/^EVENTSTORE_URL: /),
    ]);
  });

  it('leaves the port of the simulator to the service where no simulator is started beside it', () => {
    expect(readConfig({ ...production, PORT: '3003' }).port).toBe(3003);
    expect(readConfig({ ...development, PORT: '3003', MIDTRANS_MOCK_URL: 'http://simulator:3003' }).port).toBe(3003);
  });

  it('lets tests alone have any free port', () =>
    expect(readConfig({ ...development, ENVIRONMENT: 'test', PORT: '0' }).port).toBe(0));

  it.each([
    ['http://127.0.0.1:4131/', 'http://127.0.0.1:4131', true],
    ['http://LOCALHOST:4131//', 'http://localhost:4131', true],
    ['http://simulator:4131/', 'http://simulator:4131', false],
    ['http://127.0.0.1:4132', 'http://127.0.0.1:4132', false],
  ])('knows whether %s is its own simulator', (MIDTRANS_MOCK_URL, mockUrl, ownSimulator) =>
    expect(readConfig({ ...development, SIMULATOR_PORT: '4131', MIDTRANS_MOCK_URL }).midtrans).toMatchObject({
      mockUrl,
      ownSimulator,
    }),
  );

  it('believes the gateways that it names, and nobody else', () => {
    const { trustedGateways } = readConfig({ ...development, TRUSTED_GATEWAYS: ' 10.0.0.5, 192.168.0.0/16,fd00::/8 ,, ::1' });
    const isTrusted = (address: string): boolean => trustedGateways.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
    expect(['10.0.0.5', '192.168.7.7', 'fd12::1', '::1'].filter(isTrusted)).toHaveLength(4);
    expect(['10.0.0.6', '8.8.8.8', 'fe80::1', '::2'].filter(isTrusted)).toEqual([]);
  }); // prettier-ignore

  it('takes several encryption keys, the first of which seals', () => {
    const second = Buffer.alloc(32, 9).toString('base64');
    const { encryptionKeys } = readConfig({ ...development, ENCRYPTION_KEY: `${key}, ${second}` });
    expect(encryptionKeys.map((bytes) => bytes.toString('base64'))).toEqual([key, second]);
  });

  it('takes an encryption key without the padding at its end', () => {
    const { encryptionKeys } = readConfig({ ...development, ENCRYPTION_KEY: key.slice(0, -1) });
    expect(encryptionKeys.map((bytes) => bytes.toString('base64'))).toEqual([key]);
  });

  it('shortens the waits of tests and leaves the others', () =>
    expect(readConfig({ ...development, DURATIONS_FOR_TESTS: '{"answerWithinMs":500}' }).durations).toEqual({
      ...durations,
      answerWithinMs: 500,
    }));
});

describe('the secrets that no log may show', () => {
  const keys = ['MIDTRANS_SERVER_KEY', 'JWT_SECRET', 'WEBHOOK_SECRET', 'ENCRYPTION_KEY'];

  it('are all that are in use, and the key that is exchanged', () => {
    const previous = { MIDTRANS_SERVER_KEY_PREVIOUS: 'Mid-server-pE2rV9iOuSk8yQ4mTbXw1n6D' };
    const shown = secretsIn(readConfig({ ...production, ...previous }));
    const expected = [...keys.map((name) => production[name]), ...Object.values(previous)];
    expect(new Set(shown)).toEqual(new Set(expected));
  });

  it('are not the published key of the simulator, which would make a hole in whatever begins like it', () =>
    expect(secretsIn(readConfig(development))).toHaveLength(3));
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

  it('are under the same rules where a person has written into the file', () => {
    writeFileSync(join(folder, 'development.env'), 'JWT_SECRET=short\n');
    const line = 'JWT_SECRET: must have at least 32 characters';
    expect(mistakesIn({ DATA_DIR: folder })).toEqual([`${line} (in ${join(folder, 'development.env')})`]);
    expect(() => readJwtSecret({ DATA_DIR: folder })).toThrow(line);
  });

  it('are not made for looking', () => {
    const elsewhere = join(folder, 'elsewhere');
    expect(readSettings({ DATA_DIR: elsewhere }).dataDir).toBe(elsewhere);
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('are made neither in staging nor in production', () => {
    expect(mistakesIn({ DATA_DIR: folder, ENVIRONMENT: 'staging' })).toContain(
      'JWT_SECRET: must be set under ENVIRONMENT=staging',
    );
  });
});

describe('the secret that tokens are signed with', () => {
  it.each([
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET: must have at least 32 characters'],
    [{ JWT_SECRET: 'j'.repeat(32), ENVIRONMENT: 'production' }, 'JWT_SECRET: has too few different characters to be a secret; choose a random one'],
    [{ ENVIRONMENT: 'production' }, 'JWT_SECRET: must be set under ENVIRONMENT=production'],
  ])('is one that the service would take: not of %j', (variables, line) =>
    expect(() => readJwtSecret({ ...development, ...variables })).toThrow(new UnusableConfiguration([line])),
  ); // prettier-ignore

  it('is all that has to be set', () => {
    const jwtSecret = String(production['JWT_SECRET']);
    expect(readJwtSecret({ JWT_SECRET: jwtSecret, ENVIRONMENT: 'production', PORT: 'x' })).toBe(jwtSecret);
  });
});
