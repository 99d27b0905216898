import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledService, freePort } from '../faults/service-process.js';
import type { SimulatorHand } from '../service/simulator-hand.js';
import { startServerProcess, type ServerProcess } from '../support/eventstoredb/server-process.js';
import { Line } from '../support/line.js';
import { startMongo, type TestMongo } from '../support/mongodb/start.mjs';
import { durations as usualDurations, type Durations } from '../../src/domain/payments/durations.js';
import { Ledger } from './ledger.js';
import { NotificationDoor } from './notification-door.js';
import { Replica } from './replica.js';
import { startSimulatorProcess } from './simulator-process.js';

/**
 * Doubts are settled in seconds. The order of the real ones is kept: an append that waits for its store (some 9 s) and the call
 * after it are over before Midtrans' "not found" counts.
 */
const shorter: Partial<Durations> = {
  answerWithinMs: 6_000,
  lookAfterMs: [0, 1_000, 2_000, 4_000],
  lookEveryMs: 4_000,
  absenceCountsAfterMs: 20_000,
  absenceRepeatedAfterMs: 1_000,
};

export const durations: Durations = { ...usualDurations, ...shorter };
export const encryptionKey = Buffer.alloc(32, 7);
const replicaNames = ['one', 'two', 'three'];

/** Three replicas, each store behind a line that can be cut, and Midtrans, which posts to whichever replica listens. */
export interface Fleet {
  readonly replicas: readonly Replica[];
  readonly ledger: Ledger;
  readonly door: NotificationDoor;
  readonly simulator: SimulatorHand;
  readonly eventStoreLine: Line;
  readonly mongoLine: Line;
  /** Where the stores are reached without the lines. */
  readonly stores: { readonly eventStoreUrl: string; readonly streamPrefix: string; readonly mongoUri: string; readonly database: string };
  /** undefined: EVENTSTORE_URL names one of somebody else. */
  readonly eventStore: ServerProcess | undefined;
  close(): Promise<void>;
} // prettier-ignore

const portOf = (url: string): number => {
  const { hostname, port } = new URL(url);
  if (hostname === '127.0.0.1' || hostname === 'localhost') return Number(port);
  throw new Error(`The stores of this test must be single servers on loopback, and ${hostname} is not`);
};

const through = (url: string, line: Line): string => url.replace(`:${portOf(url)}`, `:${line.port}`);

/** @param run names its streams and its database, so that servers of somebody else may be used again and again */
export const openFleet = async (run: string): Promise<Fleet> => {
  const service = compiledService();
  const eventStore = process.env['EVENTSTORE_URL'] ? undefined : await startServerProcess();
  const eventStoreUrl = process.env['EVENTSTORE_URL'] ?? eventStore?.connectionString ?? '';
  const mongo = await startMongo();
  const stores = { eventStoreUrl, streamPrefix: `${run}.`, mongoUri: mongo.uri, database: run.replaceAll('-', '_') };
  const [eventStoreLine, mongoLine] = await Promise.all([Line.to(portOf(eventStoreUrl)), Line.to(portOf(mongo.uri))]);
  const ports = await Promise.all(replicaNames.map(() => freePort()));
  const ledger = new Ledger();
  const places = replicaNames.map((name, n) => ({ name, url: `http://127.0.0.1:${ports[n]}` }));
  const door = await NotificationDoor.open(places, ledger);
  const simulator = await startSimulatorProcess(door.url);
  const variables = {
    DATA_DIR: ':memory:',
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
    ENCRYPTION_KEY: encryptionKey.toString('base64'),
    WEBHOOK_SECRET: 'a secret of the replicas with enough letters',
    MIDTRANS_MOCK_URL: simulator.url,
    EVENTSTORE_URL: through(eventStoreUrl, eventStoreLine),
    EVENTSTORE_STREAM_PREFIX: stores.streamPrefix,
    MONGODB_URI: directly(through(mongo.uri, mongoLine)),
    MONGODB_DB: stores.database,
    DURATIONS_FOR_TESTS: JSON.stringify(shorter),
  };
  const replicas = replicaNames.map((name, n) => new Replica(name, service.path, ports[n] ?? 0, variables));
  return {
    replicas,
    ledger,
    door,
    simulator,
    eventStoreLine,
    mongoLine,
    stores,
    eventStore,
    close: async () => {
      await Promise.all(replicas.map((replica) => replica.kill()));
      await simulator.close();
      await door.close();
      await Promise.all([eventStoreLine.end(), mongoLine.end()]);
      await putAway(eventStore, mongo);
      rmSync(service.folder, { recursive: true });
    },
  };
};

/** The driver must not go round the line by an address that the server tells. */
const directly = (uri: string): string => {
  const url = new URL(uri);
  url.searchParams.set('directConnection', 'true');
  return url.href;
};

const putAway = async (eventStore: ServerProcess | undefined, mongo: TestMongo): Promise<void> => {
  await eventStore?.kill();
  await mongo.stop();
};

const pollMs = 500;

/** Resolves when every replica says that it may have work. */
export const allReady = async ({ replicas }: Pick<Fleet, 'replicas'>, withinMs = 90_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (const replica of replicas) {
    for (;;) {
      const said = await replica.readiness();
      if (said === 'ready') break;
      if (performance.now() > deadline)
        throw new Error(`Replica ${replica.name} is not ready within ${withinMs} ms; it said ${said ?? 'nothing'}`);
      await sleep(pollMs);
    }
  }
};
