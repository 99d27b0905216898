import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readConfig } from '../../src/infrastructure/config.js';
import { composeIn, secrets, startedUnder, type ComposeFile } from './compose-file.js';

// What Compose itself makes of the file: docker-compose 1.29, the oldest that has to accept it, or the plug-in of Docker. Without
// either these tests fail.

const [program, ...first] =
  spawnSync('docker-compose', ['version']).status === 0 ? ['docker-compose'] : ['docker', 'compose'];

const config = (profiles: readonly string[], variables: Readonly<Record<string, string>>) =>
  spawnSync(program ?? '', [...first, ...profiles.flatMap((profile) => ['--profile', profile]), 'config'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables },
    encoding: 'utf8',
  });

const accepted = (profiles: readonly string[], variables: Readonly<Record<string, string>> = secrets): ComposeFile => {
  const { status, stdout, stderr, error } = config(profiles, variables);
  if (error)
    throw new Error('docker-compose is not installed (Debian: apt-get install docker-compose)', { cause: error });
  expect({ status, errors: status === 0 ? '' : stderr }).toEqual({ status: 0, errors: '' });
  return composeIn(stdout);
};

const environmentOf = ({ services }: ComposeFile): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(services['payment-service']?.environment ?? {}).map(([name, value]) => [name, String(value)]),
  );

describe('docker-compose config', () => {
  it.each([[], ['mock'], ['cluster'], ['cluster', 'mock']].map((profiles) => ({ profiles })))(
    'accepts the file under the profiles $profiles',
    ({ profiles }) => {
      const file = accepted(profiles);
      expect(startedUnder(file, profiles[0] ?? null)).toContain('payment-service');
    },
  );

  it.each(Object.keys(secrets))('refuses to go on without %s', (name) => {
    const { status, stderr } = config([], { ...secrets, [name]: '' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('must be set');
  });

  it('takes a port for each of several replicas', () => {
    const { services } = accepted([], { ...secrets, PUBLISHED_PORTS: '3010-3019' });
    expect(JSON.stringify(services['payment-service']?.ports)).toContain('3010-3019');
  });

  it('gives the service a configuration that it starts with, on the stores beside it', () => {
    const { environment, midtrans, eventStoreDb, mongoDb } = readConfig(environmentOf(accepted([])));
    expect(environment).toBe('development');
    expect(midtrans).toMatchObject({ environment: 'mock', mockUrl: 'http://simulator:3003' });
    expect(eventStoreDb).toEqual({ connectionString: 'esdb://eventstoredb:2113?tls=false', streamPrefix: '' });
    expect(mongoDb).toEqual({ uri: 'mongodb://mongodb:27017/?replicaSet=payments', database: 'payment_service' });
  });

  it('makes a cluster of the lines that docs/operations.md names', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const { COMPOSE_PROFILES, ...lines } = Object.fromEntries(
      [...page.matchAll(/^(COMPOSE_PROFILES|EVENTSTORE_\w+|MONGODB_\w+)=(\S+)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;
    expect(COMPOSE_PROFILES).toBe('cluster');

    const file = accepted(['cluster'], { ...secrets, ...lines });
    const stores = startedUnder(file, 'cluster').filter((name) => name !== 'payment-service');
    const nodes = stores.filter((name) => name.startsWith('eventstoredb'));
    const members = stores.filter((name) => name.startsWith('mongodb'));
    for (const name of nodes)
      expect(String(file.services[name]?.environment?.['EVENTSTORE_CLUSTER_SIZE'])).toBe(String(nodes.length));
    expect(readConfig(environmentOf(file))).toMatchObject({
      eventStoreDb: { connectionString: `esdb://${nodes.map((name) => `${name}:2113`).join(',')}?tls=false` },
      mongoDb: { uri: `mongodb://${members.map((name) => `${name}:27017`).join(',')}/?replicaSet=payments` },
    });
  });
});
