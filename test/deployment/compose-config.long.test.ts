import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
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

  it('hands the three variables of a cluster to those whom they concern', () => {
    const { services } = accepted(['cluster'], {
      ...secrets,
      EVENTSTORE_CLUSTER_SIZE: '3',
      EVENTSTORE_URL: 'esdb://eventstoredb:2113,eventstoredb-2:2113,eventstoredb-3:2113?tls=false',
      MONGODB_URI: 'mongodb://mongodb:27017,mongodb-2:27017,mongodb-3:27017/?replicaSet=payments',
    });
    for (const name of ['eventstoredb', 'eventstoredb-2', 'eventstoredb-3'])
      expect(String(services[name]?.environment?.['EVENTSTORE_CLUSTER_SIZE'])).toBe('3');
    expect(services['payment-service']?.environment).toMatchObject({
      EVENTSTORE_URL: 'esdb://eventstoredb:2113,eventstoredb-2:2113,eventstoredb-3:2113?tls=false',
      MONGODB_URI: 'mongodb://mongodb:27017,mongodb-2:27017,mongodb-3:27017/?replicaSet=payments',
    });
  });
});
