import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { dataOf, someEvent } from '../../contracts/some-events.js';
import type { TestEventStoreDb } from '../../support/eventstoredb/test-event-store-db.js';
import { impatience, open, startServer } from './open-event-store-db.js';

/** Escaped in a connection string, as many a generated password has to be. */
const [user, password] = ['payments', 'p@ss/w:rd'];

let folder: string;
let server: TestEventStoreDb;
const certificateFile = () => join(folder, 'server.crt');

/** Signed by itself, good for the loopback. */
const makeCertificate = (name: string): void => {
  const made = ['-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...key, ...made, ...files], { stdio: 'pipe' });
  } catch (error) {
    throw new Error('This test needs openssl, which makes the certificate of its server (Debian: apt-get install openssl)', { cause: error }); // prettier-ignore
  }
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'payments-tls-'));
  for (const name of ['server', 'other']) makeCertificate(name);
  const [privateKey, certificate] = [readFileSync(join(folder, 'server.key')), readFileSync(certificateFile())];
  server = await startServer({ secured: { privateKey, certificate, user, password } });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uriWith = (credentials: string, caFile = certificateFile()): string =>
  `${server.connectionString.replace('esdb://', `esdb://${credentials}`)}&tlsCAFile=${caFile}`;

const asUser = `${user}:${encodeURIComponent(password)}@`;

/** What the operator reads when it cannot be opened. */
const refusalOf = async (uri: string): Promise<Error> => {
  const error: unknown = await open(uri, '', impatience).catch((reason: unknown) => reason);
  if (error instanceof Error) return error;
  throw new Error('It was opened');
};

describe('an EventStoreDB with TLS and users', () => {
  it('is written, read and followed under the name and by the certificate in EVENTSTORE_URL', async () => {
    const { eventLog, eventFeed } = await open(uriWith(asUser));
    for (const n of [0, 1]) await eventLog.append('work-1', [someEvent({ n })], n === 0 ? 'none' : 'any');
    expect(await dataOf(eventLog, 'work-1')).toEqual([{ n: 0 }, { n: 1 }]);

    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const { events } of eventFeed.follow('start', { streamPrefixes: ['work-'] }, stop.signal)) {
      seen.push(...events.map(({ data }) => data['n']));
      if (seen.length === 2) stop.abort();
    }
    expect(seen).toEqual([0, 1]);
  });

  it.each([
    ['without a name', () => uriWith('')],
    ['with a wrong password', () => uriWith(`${user}:another-secret@`)],
    ['with the certificate of another', () => uriWith(asUser, join(folder, 'other.crt'))],
    ['without TLS', () => uriWith(asUser).replace('tls=true', 'tls=false')],
  ])('is not opened %s, and no password is told', async (_, uri) => {
    const refusal = await refusalOf(uri());
    expect(refusal).toBeInstanceOf(StoreUnavailable);
    for (const secret of [password, encodeURIComponent(password), 'another-secret'])
      expect(`${refusal.message} ${String(refusal.cause)}`).not.toContain(secret);
  });
});
