import { describe, expect, it } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { composeFile, startedUnder } from './compose-file.js';

const file = composeFile();
const service = (name: string) => {
  const found = file.services[name];
  if (!found) throw new Error(`There is no service ${name}`);
  return found;
};
const always = ['eventstoredb', 'mongodb', 'payment-service'];
const stores = Object.keys(file.services).filter((name) => /^(eventstoredb|mongodb)/.test(name));

describe('docker-compose.yml', () => {
  it('starts the service with one EventStoreDB and one MongoDB', () => {
    expect(startedUnder(file, null)).toEqual(always);
  });

  it('starts three of each store under the profile cluster', () => {
    const more = ['eventstoredb-2', 'eventstoredb-3', 'mongodb-2', 'mongodb-3'];
    expect(startedUnder(file, 'cluster')).toEqual([...always, ...more].toSorted());
  });

  it('starts the simulator under the profile mock, and the service knows where it is', () => {
    expect(startedUnder(file, 'mock')).toEqual([...always, 'simulator'].toSorted());
    expect(service('payment-service').environment?.['MIDTRANS_MOCK_URL']).toBe('http://simulator:3003');
    expect(service('simulator').environment?.['MIDTRANS_NOTIFICATION_URL']).toBe(
      'http://payment-service:3002/payments/webhooks/midtrans',
    );
  });

  it('has no name of its own, which version 1.29 of docker-compose would refuse', () => {
    expect(file.name).toBeUndefined();
  });

  it("puts everything on the family's network, which the gateway's own file may have made already", () => {
    expect(file.networks).toEqual({ 'instrlabs-network': { name: 'instrlabs-network' } });
    for (const { networks } of Object.values(file.services)) expect(networks).toEqual(['instrlabs-network']);
  });

  it('pins every image to one version', () => {
    expect(Object.fromEntries(Object.entries(file.services).map(([name, { image }]) => [name, image]))).toEqual({
      'payment-service': 'payment-service:${TAG:-dev}',
      simulator: 'payment-service-simulator:${TAG:-dev}',
      eventstoredb: 'eventstore/eventstore:24.6.0-jammy',
      'eventstoredb-2': 'eventstore/eventstore:24.6.0-jammy',
      'eventstoredb-3': 'eventstore/eventstore:24.6.0-jammy',
      mongodb: 'mongo:8.0.28',
      'mongodb-2': 'mongo:8.0.28',
      'mongodb-3': 'mongo:8.0.28',
    });
  });

  it('starts the service when both stores are healthy', () => {
    expect(service('payment-service').depends_on).toEqual({
      eventstoredb: { condition: 'service_healthy' },
      mongodb: { condition: 'service_healthy' },
    });
    for (const name of stores) expect(service(name).healthcheck?.test[0]).toMatch(/^CMD/);
  });

  it('gives each store volumes that are nobody else’s, and the service none', () => {
    const used = stores.flatMap((name) => service(name).volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(used).toHaveLength(2 * stores.length);
    expect(new Set([...used, 'simulator-data'])).toEqual(new Set(Object.keys(file.volumes)));
    expect(new Set(used).size).toBe(used.length);
    expect(service('payment-service').volumes).toBeUndefined();
    expect(service('payment-service').read_only).toBe(true);
  });

  it('keeps no secret, and says which ones are missing', () => {
    const environment = service('payment-service').environment ?? {};
    for (const name of ['JWT_SECRET', 'WEBHOOK_SECRET', 'ENCRYPTION_KEY'])
      expect(environment[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?must be set`));
    expect(environment['MIDTRANS_SERVER_KEY']).toBe('${MIDTRANS_SERVER_KEY:-}');
  });

  it('offers no store outside the network, and the rest on loopback only', () => {
    for (const name of stores) expect(service(name).ports).toBeUndefined();
    expect(service('payment-service').ports).toEqual(['127.0.0.1:${PUBLISHED_PORTS:-3002}:3002']);
    expect(service('simulator').ports).toEqual(['127.0.0.1:3003:3003']);
  });

  it('tells each EventStoreDB node where the two others are', () => {
    const nodes = stores.filter((name) => name.startsWith('eventstoredb'));
    for (const name of nodes) {
      const environment = service(name).environment ?? {};
      expect(environment['EVENTSTORE_NODE_HOST_ADVERTISE_AS']).toBe(name);
      expect(environment['EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS']).toBe(name);
      expect(environment['EVENTSTORE_CLUSTER_SIZE']).toBe('${EVENTSTORE_CLUSTER_SIZE:-1}');
      const others = nodes.filter((other) => other !== name).map((other) => `${other}:2113`);
      expect(environment['EVENTSTORE_GOSSIP_SEED']).toBe(others.join(','));
    }
  });
});

// Stand-ins for what the MongoDB shell offers; what a real one does with the commands is not tried here.
describe('the health check of MongoDB', () => {
  const script = service('mongodb').healthcheck?.test.at(-1) ?? '';
  const lookAt = (member: string, hello: Readonly<Record<string, unknown>>, members: readonly object[] = []) => {
    const commands: unknown[] = [];
    const exits: number[] = [];
    const config = { _id: 'payments', version: 4, members };
    const adminCommand = (command: object) => {
      commands.push(command);
      return 'replSetGetConfig' in command ? { ok: 1, config } : { ok: 1 };
    };
    runInNewContext(script, {
      process: { env: { REPLICA_SET_MEMBER: member } },
      db: { hello: () => hello, adminCommand },
      connect: () => ({ adminCommand }),
      quit: (code: number) => exits.push(code),
    });
    return { commands: JSON.parse(JSON.stringify(commands)) as unknown[], exits };
  };
  const founder = { _id: 0, host: 'mongodb:27017' };

  it('founds the replica set that the service is told to look for, once', () => {
    expect(service('mongodb').command).toContain('payments');
    expect(service('payment-service').environment?.['MONGODB_URI']).toContain('replicaSet=payments');
    expect(lookAt('mongodb:27017', {})).toEqual({
      commands: [{ replSetInitiate: { _id: 'payments', members: [founder] } }],
      exits: [1],
    });
    expect(lookAt('mongodb:27017', { setName: 'payments', isWritablePrimary: true })).toEqual({
      commands: [],
      exits: [0],
    });
  });

  it('has another member added, which is healthy once it follows', () => {
    const added = { _id: 'payments', version: 5, members: [founder, { _id: 1, host: 'mongodb-2:27017' }] };
    expect(lookAt('mongodb-2:27017', {}, [founder])).toEqual({
      commands: [{ replSetGetConfig: 1 }, { replSetReconfig: added }],
      exits: [1],
    });
    expect(lookAt('mongodb-2:27017', {}, added.members)).toEqual({ commands: [{ replSetGetConfig: 1 }], exits: [1] });
    expect(lookAt('mongodb-2:27017', { setName: 'payments', secondary: true })).toEqual({ commands: [], exits: [0] });
  });

  it('is the same for all members', () => {
    for (const name of stores.filter((store) => store.startsWith('mongodb'))) {
      expect(service(name).healthcheck?.test.at(-1)).toBe(script);
      expect(service(name).environment?.['REPLICA_SET_MEMBER']).toBe(`${name}:27017`);
    }
  });
});
